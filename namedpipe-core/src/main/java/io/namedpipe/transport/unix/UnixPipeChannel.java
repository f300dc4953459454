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

package io.namedpipe.transport.unix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.namedpipe.platform.OperatingSystem;
import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.OpenedFile;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeResetException;
import io.namedpipe.transport.TransportCapabilities.Feature;

/**
 * A connection over a Unix-domain socket. Blocking reads and writes go straight to the
 * JDK's channel; time-outs are {@link TimedSocketIo}'s, from the first one on.
 */
final class UnixPipeChannel implements PipeChannel {

	private static final int SLICE_BYTES = 64 * 1024;

	private final SocketChannel channel;

	private final UnixPeers peers;

	private volatile @Nullable UnixPeer peer;

	/** A byte that was read to see whether the peer is still there, or none. */
	private final ByteBuffer lookahead = ByteBuffer.allocate(1).limit(0);

	private final ReentrantLock readLock = new ReentrantLock();

	private final ReentrantLock writeLock = new ReentrantLock();

	/** Taken before the locks of both directions. */
	private final ReentrantLock bothLock = new ReentrantLock();

	private volatile @Nullable TimedSocketIo timed;

	private volatile Duration readTimeout = Duration.ZERO;

	private volatile Duration writeTimeout = Duration.ZERO;

	// Without a peer, it is identified when it is first asked for: that costs as much as
	// a small exchange, and not every server needs it.
	UnixPipeChannel(SocketChannel channel, UnixPeers peers, @Nullable UnixPeer peer) {
		this.channel = channel;
		this.peers = peers;
		this.peer = peer;
	}

	/**
	 * Shut the half of a connection that a one-way pipe does not use, as .NET does: a
	 * peer that uses it meets the end of the stream, or cannot write.
	 * @param channel the connection
	 * @param direction the direction of the pipe
	 * @param server whether this is the server's end
	 */
	static void shutUnused(SocketChannel channel, PipeDirection direction, boolean server) {
		try {
			if (!direction.isReadable(server)) {
				channel.shutdownInput();
			}
			if (!direction.isWritable(server)) {
				channel.shutdownOutput();
			}
		}
		catch (IOException ex) {
			// The peer has left, which the first read or write reports.
		}
	}

	@Override
	public int read(ByteBuffer destination) {
		this.readLock.lock();
		try {
			if (this.lookahead.hasRemaining() && destination.hasRemaining()) {
				destination.put(this.lookahead.get());
				return 1;
			}
			TimedSocketIo io = this.timed;
			if (io != null) {
				return io.read(destination, this.readTimeout);
			}
			return this.channel.read(destination);
		}
		catch (ClosedChannelException ex) {
			throw PipeClosedException.ofChannel(ex);
		}
		catch (IOException ex) {
			// A peer that leaves without having read everything resets the connection.
			// As on Windows, that is the end of what it sent.
			return -1;
		}
		finally {
			this.readLock.unlock();
		}
	}

	@Override
	public void write(ByteBuffer source) {
		this.writeLock.lock();
		try {
			TimedSocketIo io = this.timed;
			if (io != null) {
				io.write(source, this.writeTimeout);
				return;
			}
			while (source.hasRemaining()) {
				writeSlice(source);
			}
		}
		catch (ClosedChannelException ex) {
			throw PipeClosedException.ofChannel(ex);
		}
		catch (IOException ex) {
			throw PipeResetException.ofWrite(ex);
		}
		finally {
			this.writeLock.unlock();
		}
	}

	@Override
	public long write(OpenedFile file, long count) throws IOException {
		this.writeLock.lock();
		try {
			return (this.timed != null) ? -1 : file.sendTo(this.channel, count);
		}
		catch (ClosedChannelException ex) {
			throw PipeClosedException.ofChannel(ex);
		}
		catch (IOException ex) {
			if (!this.channel.isOpen() || isPeerGone()) {
				throw PipeResetException.ofWrite(ex);
			}
			throw ex;
		}
		finally {
			this.writeLock.unlock();
		}
	}

	// The JDK copies a slice into memory of its own, and says only after the slice how
	// far it is.
	private void writeSlice(ByteBuffer source) throws IOException {
		int end = source.limit();
		source.limit(source.position() + Math.min(SLICE_BYTES, source.remaining()));
		try {
			this.channel.write(source);
		}
		finally {
			source.limit(end);
		}
	}

	@Override
	public void setReadTimeout(Duration timeout) {
		prepareTimeouts(timeout);
		this.readTimeout = timeout;
	}

	@Override
	public void setWriteTimeout(Duration timeout) {
		prepareTimeouts(timeout);
		this.writeTimeout = timeout;
	}

	private void prepareTimeouts(Duration timeout) {
		if (timeout.isZero() || this.timed != null) {
			return;
		}
		this.bothLock.lock();
		try {
			prepareTimeouts();
		}
		finally {
			this.bothLock.unlock();
		}
	}

	// Changing the mode of a channel waits for the reads and writes that are under way,
	// which may take forever.
	private void prepareTimeouts() {
		if (!this.readLock.tryLock()) {
			throw inUse();
		}
		try {
			if (!this.writeLock.tryLock()) {
				throw inUse();
			}
			try {
				if (this.timed == null) {
					this.timed = new TimedSocketIo(this.channel);
					if (!this.channel.isOpen()) {
						closeTimed();
					}
				}
			}
			catch (ClosedChannelException ex) {
				throw PipeClosedException.ofChannel(ex);
			}
			catch (IOException ex) {
				throw SocketFailures.failed("A time-out cannot be set on the pipe channel", ex);
			}
			finally {
				this.writeLock.unlock();
			}
		}
		finally {
			this.readLock.unlock();
		}
	}

	private static IllegalStateException inUse() {
		return new IllegalStateException("The first time-out of a channel must be set while no thread reads or writes");
	}

	@Override
	public void shutdownOutput() {
		try {
			this.channel.shutdownOutput();
		}
		catch (ClosedChannelException ex) {
			throw PipeClosedException.ofChannel(ex);
		}
		catch (IOException ex) {
			throw new PipeResetException("The peer has closed the pipe", ex);
		}
	}

	@Override
	public boolean isOpen() {
		return this.channel.isOpen();
	}

	@Override
	public boolean isPeerGone() {
		this.bothLock.lock();
		try {
			return look();
		}
		finally {
			this.bothLock.unlock();
		}
	}

	private boolean look() {
		// A thread that holds a lock reads or writes, and learns it by itself.
		if (!this.readLock.tryLock()) {
			return false;
		}
		try {
			if (!this.writeLock.tryLock()) {
				return false;
			}
			try {
				return isHungUp();
			}
			finally {
				this.writeLock.unlock();
			}
		}
		catch (ClosedChannelException ex) {
			return false;
		}
		catch (IOException ex) {
			return !OperatingSystem.isLinux();
		}
		finally {
			this.readLock.unlock();
		}
	}

	private boolean isHungUp() throws IOException {
		boolean blocking = this.channel.isBlocking();
		if (blocking) {
			this.channel.configureBlocking(false);
		}
		try {
			return OperatingSystem.isLinux() ? HangUp.isSeen(this.channel)
					: !this.lookahead.hasRemaining() && lookAhead() < 0;
		}
		finally {
			if (blocking) {
				this.channel.configureBlocking(true);
			}
		}
	}

	// The JDK cannot look at a socket without reading: one byte is kept for the next
	// read.
	private int lookAhead() throws IOException {
		try {
			return this.channel.read(this.lookahead.clear());
		}
		finally {
			this.lookahead.flip();
		}
	}

	@Override
	public PeerIdentity peer() {
		return unixPeer().identity();
	}

	@Override
	public String peerId() {
		return UnixIds.format(unixPeer().user().uid());
	}

	@Override
	public void recheckPeer(Duration maxAge) {
		unixPeer().user().recheck(maxAge);
	}

	// Once identified while the channel was open, the peer stays known after the close.
	private UnixPeer unixPeer() {
		UnixPeer peer = this.peer;
		if (peer == null) {
			peer = this.peers.identify(this.channel);
			this.peer = peer;
		}
		return peer;
	}

	@Override
	public Impersonation impersonation() {
		UnixPipeTransport.CAPABILITIES.require(Feature.IMPERSONATION, UnixPipeTransport.NAME);
		return this.peers.impersonation(unixPeer().user());
	}

	@Override
	public void requireOwnIdentity() {
		ImpersonationSupport.requireOwnIdentity();
	}

	@Override
	public void close() {
		try {
			this.channel.close();
			closeTimed();
		}
		catch (IOException ex) {
			throw new PipeException("The pipe channel could not be closed", ex);
		}
	}

	private void closeTimed() throws IOException {
		TimedSocketIo io = this.timed;
		if (io != null) {
			io.close();
		}
	}

}
