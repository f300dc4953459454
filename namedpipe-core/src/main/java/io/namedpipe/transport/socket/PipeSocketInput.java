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

package io.namedpipe.transport.socket;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeTimeoutException;

/**
 * The stream that reads from a socket. Only {@link #available()} reads ahead.
 */
final class PipeSocketInput extends InputStream {

	// The JDK copies what is read through a native buffer of this size, and keeps it for
	// the thread.
	private static final int MAX_READ = 64 * 1024;

	private static final int AHEAD = 8 * 1024;

	private static final Duration NO_WAIT = Duration.ofNanos(1);

	private final PipeSocket socket;

	private final PipeChannel channel;

	private final ReentrantLock lock = new ReentrantLock();

	private ByteBuffer ahead = ByteBuffer.allocate(0);

	/** The time-out that the channel has, in milliseconds. */
	private int timeout;

	private boolean ended;

	private volatile boolean shutdown;

	PipeSocketInput(PipeSocket socket, PipeChannel channel) {
		this.socket = socket;
		this.channel = channel;
	}

	PipeChannel channel() {
		return this.channel;
	}

	@Override
	public int read() throws IOException {
		byte[] single = new byte[1];
		return (read(single, 0, 1) < 0) ? -1 : single[0] & 0xff;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(offset, length, bytes.length);
		if (this.socket.isClosed()) {
			throw new SocketException("Socket closed");
		}
		if (length == 0) {
			return 0;
		}
		this.lock.lock();
		try {
			if (this.ahead.hasRemaining()) {
				int count = Math.min(length, this.ahead.remaining());
				this.ahead.get(bytes, offset, count);
				return count;
			}
			if (this.shutdown || this.ended) {
				return -1;
			}
			awaitTimeout();
			int count = this.channel.read(ByteBuffer.wrap(bytes, offset, Math.min(length, MAX_READ)));
			this.ended = count < 0;
			return count;
		}
		catch (PipeException ex) {
			throw failed(ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	private IOException failed(PipeException ex) throws IOException {
		if (ex instanceof PipeTimeoutException) {
			return (IOException) new SocketTimeoutException("Read timed out").initCause(ex);
		}
		return closing(this.socket, ex);
	}

	// As with java.net's sockets on virtual threads, an interrupt closes the socket.
	static IOException closing(PipeSocket socket, PipeException ex) throws IOException {
		if (Thread.currentThread().isInterrupted()) {
			socket.close();
			return (IOException) new SocketException("Closed by interrupt").initCause(ex);
		}
		return (ex instanceof PipeClosedException) ? (IOException) new SocketException("Socket closed").initCause(ex)
				: PipeSocket.failed(ex);
	}

	/**
	 * Give the channel its time-out, unless a thread reads. The first one of a channel is
	 * best set while nobody writes.
	 */
	void prepareTimeout() {
		if (this.lock.tryLock()) {
			try {
				setTimeout(this.socket.timeoutMillis());
			}
			catch (PipeException ex) {
				// The next read reports the failure.
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	private boolean setTimeout(int millis) {
		if (this.timeout == millis) {
			return true;
		}
		try {
			this.channel.setReadTimeout(Duration.ofMillis(millis));
			this.timeout = millis;
			return true;
		}
		catch (IllegalStateException ex) {
			// Some transports cannot while a thread writes.
			return false;
		}
	}

	private void awaitTimeout() throws IOException {
		int millis = this.socket.timeoutMillis();
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
		while (!setTimeout(millis)) {
			if (millis > 0 && System.nanoTime() - end > 0) {
				throw new SocketTimeoutException("Read timed out");
			}
			try {
				Thread.sleep(1);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw closing(this.socket, new PipeException("The read was interrupted", ex));
			}
		}
	}

	/**
	 * What can be read without waiting. Reads that much into a buffer.
	 * @return the number of bytes, 0 if there are none or another thread reads
	 */
	@Override
	public int available() throws IOException {
		if (this.socket.isClosed()) {
			throw new SocketException("Socket closed");
		}
		if (!this.lock.tryLock()) {
			return 0;
		}
		try {
			if (!this.ahead.hasRemaining() && !this.shutdown && !this.ended) {
				readAhead();
			}
			return this.ahead.remaining();
		}
		catch (PipeTimeoutException ex) {
			return 0;
		}
		catch (PipeException ex) {
			throw failed(ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void readAhead() {
		try {
			this.channel.setReadTimeout(NO_WAIT);
		}
		catch (IllegalStateException ex) {
			return;
		}
		// The next read sets its own again.
		this.timeout = -1;
		ByteBuffer buffer = ByteBuffer.allocate(AHEAD);
		this.ended = this.channel.read(buffer) < 0;
		this.ahead = buffer.flip();
	}

	boolean isShutdown() {
		return this.shutdown;
	}

	void shutdown() {
		this.shutdown = true;
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
