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

package io.namedpipe.protocol.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeException;

/**
 * A body that is read while it arrives. It ends when the body is complete, and in no
 * other way: an {@code IOException} with the {@link PipeException} as its cause says that
 * it is not. May be used by any thread, one at a time.
 */
final class HttpBodyStream extends InputStream {

	private static final int LARGE_BYTES = 16 * 1024;

	private final ReentrantLock lock = new ReentrantLock();

	private final HttpInput input;

	private final HttpBodyDecoder decoder;

	private final HttpInput.Source source;

	private final Runnable onClose;

	private @Nullable ByteBuffer data;

	private volatile boolean closed;

	private volatile @Nullable PipeException failure;

	/**
	 * Create the stream.
	 * @param input what has arrived
	 * @param decoder takes the body out of it
	 * @param source gives more
	 * @param onClose runs when the stream is closed by its reader
	 */
	HttpBodyStream(HttpInput input, HttpBodyDecoder decoder, HttpInput.Source source, Runnable onClose) {
		this.input = input;
		this.decoder = decoder;
		this.source = source;
		this.onClose = onClose;
	}

	@Override
	public int read() throws IOException {
		byte[] single = new byte[1];
		return (read(single, 0, 1) < 0) ? -1 : single[0] & 0xff;
	}

	@Override
	public int read(byte[] target, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(offset, length, target.length);
		if (length == 0) {
			return 0;
		}
		this.lock.lock();
		try {
			requireOpen();
			int count = readPast(target, offset, length);
			if (count > 0) {
				return count;
			}
			ByteBuffer part = next();
			if (part == null) {
				return -1;
			}
			count = Math.min(part.remaining(), length);
			part.get(target, offset, count);
			return count;
		}
		catch (PipeException ex) {
			throw failed(ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void requireOpen() throws IOException {
		if (this.closed) {
			throw new IOException("The body is closed, or its request was answered");
		}
	}

	private IOException failed(PipeException cause) {
		this.failure = cause;
		return new IOException(cause.getMessage(), cause);
	}

	// The rest of a long body goes to the reader without a copy in the buffer.
	private int readPast(byte[] target, int offset, int length) {
		ByteBuffer part = this.data;
		int most = (int) Math.min(length, this.decoder.ahead());
		if (most < LARGE_BYTES || (part != null && part.hasRemaining()) || this.input.available().hasRemaining()) {
			return 0;
		}
		int count = this.source.read(ByteBuffer.wrap(target, offset, most));
		if (count < 0) {
			this.decoder.end();
		}
		this.decoder.taken(Math.max(0, count));
		return count;
	}

	// Most bodies have arrived completely before they are read, and need no other buffer.
	@Override
	public byte[] readNBytes(int length) throws IOException {
		ByteBuffer part = this.data;
		int present = (part != null) ? 0 : this.decoder.present(this.input.available());
		if (present == 0 || present > length) {
			return super.readNBytes(length);
		}
		byte[] bytes = new byte[present];
		int count = readNBytes(bytes, 0, present);
		return (count == present) ? bytes : Arrays.copyOf(bytes, count);
	}

	/**
	 * Write the whole body, from the buffer that it has arrived in. The lock is kept
	 * meanwhile, so that nothing is received into this buffer.
	 * @param target where it goes
	 * @return the number of bytes
	 */
	@Override
	public long transferTo(OutputStream target) throws IOException {
		this.lock.lock();
		try {
			long count = 0;
			for (ByteBuffer part = part(); part != null; part = part()) {
				count += part.remaining();
				target.write(part.array(), part.arrayOffset() + part.position(), part.remaining());
				part.position(part.limit());
			}
			return count;
		}
		finally {
			this.lock.unlock();
		}
	}

	private @Nullable ByteBuffer part() throws IOException {
		requireOpen();
		try {
			return next();
		}
		catch (PipeException ex) {
			throw failed(ex);
		}
	}

	private @Nullable ByteBuffer next() {
		ByteBuffer part = this.data;
		while (part == null || !part.hasRemaining()) {
			part = this.decoder.decode(this.input.available());
			this.data = part;
			if (part == null && this.decoder.isEnded()) {
				return null;
			}
			if (part == null && !this.input.receive(this.source)) {
				this.decoder.end();
			}
		}
		return part;
	}

	/**
	 * Whether everything was read.
	 * @return {@code true} if the connection is at the end of the body
	 */
	boolean isComplete() {
		ByteBuffer part = this.data;
		return this.decoder.isEnded() && (part == null || !part.hasRemaining());
	}

	/**
	 * Why the body could not be read.
	 * @return the failure, {@code null} if there was none
	 */
	@Nullable PipeException failure() {
		return this.failure;
	}

	/**
	 * Take the stream away from its readers, and read what they have left.
	 * @param limit the largest number of bytes to read
	 * @return whether the connection is at the end of the body
	 */
	boolean finish(int limit) {
		this.closed = true;
		// Another thread may still read: then the position in the stream is unknown.
		if (!this.lock.tryLock()) {
			return false;
		}
		try {
			ByteBuffer part = null;
			for (long count = 0; this.failure == null && count <= limit; count += part.remaining()) {
				if (part != null) {
					part.position(part.limit());
				}
				part = next();
				if (part == null) {
					return true;
				}
			}
			return false;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void close() {
		this.closed = true;
		this.onClose.run();
	}

}
