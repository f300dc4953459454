/*
 * Copyright 2026 the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.namedpipe.transport.smb;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

import com.hierynomus.mssmb2.SMB2Packet;
import com.hierynomus.mssmb2.messages.SMB2ReadResponse;
import com.hierynomus.mssmb2.messages.SMB2WriteResponse;
import com.hierynomus.protocol.transport.TransportException;
import com.hierynomus.smbj.common.SMBRuntimeException;
import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeResetException;
import io.namedpipe.transport.PipeTimeoutException;
import io.namedpipe.transport.PipeUnsupportedException;

/**
 * A pipe over SMB. A request that has been sent cannot be taken back, since Samba does
 * not cancel: one that times out stays pending, and the next read or write waits for it
 * first.
 */
final class SmbPipeChannel implements PipeChannel {

	/** The SID of no user: the user that serves the pipe is not known. */
	private static final String NOBODY = "S-1-0-0";

	private final PipeAddress address;

	private final SmbPipe pipe;

	private final AtomicBoolean closed = new AtomicBoolean();

	private final ReentrantLock readLock = new ReentrantLock();

	private final ReentrantLock writeLock = new ReentrantLock();

	private @Nullable Future<SMB2ReadResponse> pendingRead;

	private @Nullable Future<SMB2WriteResponse> pendingWrite;

	private int pendingLength;

	/** What has arrived and was not read yet. */
	private ByteBuffer arrived = ByteBuffer.allocate(0);

	private boolean ended;

	private volatile Duration readTimeout = Duration.ZERO;

	private volatile Duration writeTimeout = Duration.ZERO;

	SmbPipeChannel(PipeAddress address, SmbPipe pipe) {
		this.address = address;
		this.pipe = pipe;
	}

	@Override
	public int read(ByteBuffer destination) {
		this.readLock.lock();
		try {
			requireOpen();
			if (!destination.hasRemaining()) {
				return 0;
			}
			while (!this.arrived.hasRemaining()) {
				if (this.ended) {
					return -1;
				}
				receive();
			}
			int count = Math.min(destination.remaining(), this.arrived.remaining());
			destination.put(this.arrived.slice(this.arrived.position(), count));
			this.arrived.position(this.arrived.position() + count);
			return count;
		}
		finally {
			this.readLock.unlock();
		}
	}

	private void receive() {
		SMB2ReadResponse response;
		try {
			Future<SMB2ReadResponse> read = (this.pendingRead != null) ? this.pendingRead : this.pipe.read();
			this.pendingRead = read;
			response = await(read, this.readTimeout, "read");
			this.pendingRead = null;
		}
		catch (TransportException | SMBRuntimeException ex) {
			throw lost(ex);
		}
		long status = response.getHeader().getStatusCode();
		if (status == 0) {
			this.arrived = ByteBuffer.wrap(response.getData());
		}
		else if (SmbFailures.isEndOfStream(status)) {
			this.ended = true;
		}
		else {
			close();
			throw new PipeException("Reading from the pipe '%s' failed: %s".formatted(this.address,
					SmbFailures.describe(status & 0xFFFF_FFFFL)));
		}
	}

	@Override
	public void write(ByteBuffer source) {
		this.writeLock.lock();
		try {
			requireOpen();
			if (this.pendingWrite != null) {
				finishWrite();
			}
			while (source.hasRemaining()) {
				byte[] piece = new byte[Math.min(source.remaining(), SmbPipe.MAX_PIECE)];
				source.get(piece);
				this.pendingWrite = this.pipe.write(piece);
				this.pendingLength = piece.length;
				finishWrite();
			}
		}
		catch (TransportException | SMBRuntimeException ex) {
			throw lost(ex);
		}
		finally {
			this.writeLock.unlock();
		}
	}

	private void finishWrite() {
		Future<SMB2WriteResponse> write = this.pendingWrite;
		if (write == null) {
			return;
		}
		SMB2WriteResponse response = await(write, this.writeTimeout, "write");
		this.pendingWrite = null;
		long status = response.getHeader().getStatusCode();
		if (SmbFailures.isEndOfStream(status)) {
			throw PipeResetException.ofWrite(null);
		}
		if (status != 0 || response.getBytesWritten() != this.pendingLength) {
			close();
			throw new PipeException("Writing to the pipe '%s' failed: %s".formatted(this.address,
					SmbFailures.describe(status & 0xFFFF_FFFFL)));
		}
	}

	private <T extends SMB2Packet> T await(Future<T> response, Duration timeout, String operation) {
		try {
			return (timeout.isZero()) ? response.get()
					: response.get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException | ExecutionException | TimeoutException | RuntimeException ex) {
			if (SmbFailures.find(ex, InterruptedException.class) != null) {
				Thread.currentThread().interrupt();
				// As with the other transports, an interrupt ends the connection.
				close();
				throw new PipeClosedException("The thread was interrupted, which closes the pipe channel", ex);
			}
			if (SmbFailures.find(ex, TimeoutException.class) != null) {
				throw PipeTimeoutException.of(operation, timeout, ex);
			}
			throw lost(ex);
		}
	}

	private PipeException lost(Throwable cause) {
		if (this.closed.get()) {
			return PipeClosedException.ofChannel(cause);
		}
		return new PipeResetException("The connection to '%s' is lost; the pipe '%s' cannot be used any more"
			.formatted(this.address.server(), this.address), cause);
	}

	private void requireOpen() {
		if (this.closed.get()) {
			throw PipeClosedException.ofChannel(null);
		}
	}

	@Override
	public void setReadTimeout(Duration timeout) {
		this.readTimeout = timeout;
	}

	@Override
	public void setWriteTimeout(Duration timeout) {
		this.writeTimeout = timeout;
	}

	@Override
	public void shutdownOutput() {
		requireOpen();
		throw new PipeUnsupportedException(
				"A pipe over SMB has no half close; say in the protocol where a request ends");
	}

	@Override
	public boolean isOpen() {
		return !this.closed.get();
	}

	@Override
	public boolean isPeerGone() {
		return !this.pipe.isConnected();
	}

	@Override
	public PeerIdentity peer() {
		return PeerIdentity.of(PeerIdentity.Kind.WINDOWS, NOBODY).computer(this.address.server(), true).build();
	}

	@Override
	public Impersonation impersonation() {
		throw new PipeUnsupportedException("A client cannot act as the server of its pipe");
	}

	@Override
	public void close() {
		if (this.closed.compareAndSet(false, true)) {
			this.pipe.close();
		}
	}

}
