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

package io.namedpipe.transport.windows;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

import com.sun.jna.Memory;

import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeResetException;

/**
 * The writing half of a connection ({@code WriteFile}).
 */
final class PipeWriter {

	private static final int MAX_CHUNK = 64 * 1024;

	private static final int KEPT_BUFFER = 256 * 1024;

	private final PipeHandle handle;

	private final CompletionPort port;

	private final boolean wholeMessages;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile Duration timeout = Duration.ZERO;

	private Operation operation;

	private boolean shutDown;

	private boolean inDoubt;

	private volatile boolean written;

	/**
	 * Create the writer.
	 * @param handle the pipe
	 * @param port where its completions arrive
	 * @param wholeMessages whether what is written at once is one message
	 */
	PipeWriter(PipeHandle handle, CompletionPort port, boolean wholeMessages) {
		this.handle = handle;
		this.port = port;
		this.wholeMessages = wholeMessages;
		this.operation = new Operation(port, null);
	}

	void timeout(Duration timeout) {
		this.timeout = timeout;
	}

	/**
	 * Whether there may be something that the peer has not read.
	 * @return {@code true} after the first write
	 */
	boolean hasWritten() {
		return this.written;
	}

	void write(ByteBuffer source) {
		this.lock.lock();
		try {
			this.handle.enter();
			try {
				checkUsable();
				Duration limit = this.timeout;
				long deadline = System.nanoTime() + limit.toNanos();
				while (source.hasRemaining()) {
					int length = this.wholeMessages ? source.remaining() : Math.min(source.remaining(), MAX_CHUNK);
					Memory buffer = this.operation.buffer(length);
					buffer.getByteBuffer(0, length).put(source.slice(source.position(), length));
					int count = write(buffer, length, limit, left(limit, deadline));
					source.position(source.position() + count);
				}
			}
			finally {
				this.handle.exit();
			}
			dropHugeBuffer();
		}
		finally {
			this.lock.unlock();
		}
	}

	private static Duration left(Duration limit, long deadline) {
		// One time-out for all chunks; zero would mean none.
		return limit.isZero() ? limit : Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
	}

	private void checkUsable() {
		if (this.shutDown) {
			throw new PipeClosedException("The output of the pipe channel is shut down");
		}
		if (this.inDoubt) {
			throw new PipeResetException(
					"An earlier write was cut off, and Windows does not say where: nothing can be written after it");
		}
	}

	private int write(Memory buffer, int length, Duration limit, Duration left) {
		this.written = true;
		int error = this.operation.run(this.handle, left,
				(pipe, overlapped) -> Kernel32Calls.WriteFile(pipe, buffer, length, null, overlapped));
		if (error == Win32Errors.SUCCESS) {
			return this.operation.count();
		}
		if (this.handle.isClosing()) {
			throw PipeHandle.closed();
		}
		if (Win32Errors.isGone(error)) {
			throw new PipeResetException("The peer has closed the pipe: what was written cannot arrive");
		}
		if (error == Win32Errors.OPERATION_ABORTED) {
			this.inDoubt = true;
			throw this.operation.cancelled("write", limit);
		}
		throw new PipeException("The pipe could not be written to: " + Win32Errors.describe(error));
	}

	/**
	 * Write a message without bytes, which is the end of the stream on a pipe whose type
	 * is message.
	 */
	void shutdown() {
		this.lock.lock();
		try {
			this.handle.enter();
			try {
				if (!this.shutDown) {
					checkUsable();
					write(this.operation.buffer(1), 0, this.timeout, this.timeout);
					this.shutDown = true;
				}
			}
			finally {
				this.handle.exit();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void dropHugeBuffer() {
		if (this.wholeMessages && !this.handle.isClosing() && this.operation.bufferSize() > KEPT_BUFFER) {
			this.operation.close();
			this.operation = new Operation(this.port, null);
		}
	}

	void close() {
		this.lock.lock();
		try {
			this.operation.close();
		}
		finally {
			this.lock.unlock();
		}
	}

}
