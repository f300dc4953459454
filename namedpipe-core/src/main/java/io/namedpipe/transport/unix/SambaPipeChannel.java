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

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeTimeoutException;

/**
 * A pipe of a client behind smbd. In both directions the socket carries frames of a
 * little-endian length of two bytes and as many bytes: the messages of SMB. Here they are
 * a stream of bytes, cut and joined.
 */
final class SambaPipeChannel implements PipeChannel {

	/** The most that fits into a frame. */
	static final int MAX_FRAME = 0xFFFF;

	private final PipeChannel socket;

	private final UnixPeers peers;

	private final UnixUser user;

	private final PeerIdentity peer;

	private final ReentrantLock readLock = new ReentrantLock();

	private final ReentrantLock writeLock = new ReentrantLock();

	private final ByteBuffer header = frame(Short.BYTES);

	/** How much of the current frame is still to be read. */
	private int unread;

	/** The frame that is being written, empty if there is none. */
	private ByteBuffer frame = frame(0);

	SambaPipeChannel(PipeChannel socket, UnixPeers peers, UnixUser user, PeerIdentity peer) {
		this.socket = socket;
		this.peers = peers;
		this.user = user;
		this.peer = peer;
	}

	private static ByteBuffer frame(int capacity) {
		return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
	}

	@Override
	public int read(ByteBuffer destination) {
		this.readLock.lock();
		try {
			if (!destination.hasRemaining()) {
				return this.socket.read(destination);
			}
			while (this.unread == 0) {
				// A time-out leaves a part of the length for the next read.
				if (this.socket.read(this.header) < 0) {
					return -1;
				}
				if (!this.header.hasRemaining()) {
					this.unread = Short.toUnsignedInt(this.header.flip().getShort());
					this.header.clear();
				}
			}
			return readFrame(destination);
		}
		finally {
			this.readLock.unlock();
		}
	}

	private int readFrame(ByteBuffer destination) {
		int limit = destination.limit();
		destination.limit(destination.position() + Math.min(destination.remaining(), this.unread));
		try {
			int count = this.socket.read(destination);
			this.unread -= Math.max(0, count);
			return count;
		}
		finally {
			destination.limit(limit);
		}
	}

	// What a time-out leaves of a frame goes before the next one.
	@Override
	public void write(ByteBuffer source) {
		this.writeLock.lock();
		try {
			this.socket.write(this.frame);
			while (source.hasRemaining()) {
				int length = Math.min(source.remaining(), MAX_FRAME);
				if (this.frame.capacity() < Short.BYTES + length) {
					this.frame = frame(Short.BYTES + length);
				}
				this.frame.clear();
				this.frame.putShort((short) length);
				this.frame.put(source.slice(source.position(), length)).flip();
				source.position(source.position() + length);
				this.socket.write(this.frame);
			}
		}
		catch (PipeTimeoutException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			this.frame.position(this.frame.limit());
			throw ex;
		}
		finally {
			this.writeLock.unlock();
		}
	}

	@Override
	public void setReadTimeout(Duration timeout) {
		this.socket.setReadTimeout(timeout);
	}

	@Override
	public void setWriteTimeout(Duration timeout) {
		this.socket.setWriteTimeout(timeout);
	}

	// The client's next read then ends with STATUS_PIPE_DISCONNECTED, which is the end of
	// the stream of a pipe.
	@Override
	public void shutdownOutput() {
		this.socket.shutdownOutput();
	}

	@Override
	public boolean isOpen() {
		return this.socket.isOpen();
	}

	@Override
	public boolean isPeerGone() {
		return this.socket.isPeerGone();
	}

	@Override
	public PeerIdentity peer() {
		return this.peer;
	}

	@Override
	public void recheckPeer(Duration maxAge) {
		this.user.recheck(maxAge);
	}

	@Override
	public Impersonation impersonation() {
		return this.peers.impersonation(this.user);
	}

	@Override
	public void requireOwnIdentity() {
		ImpersonationSupport.requireOwnIdentity();
	}

	@Override
	public void close() {
		this.socket.close();
	}

}
