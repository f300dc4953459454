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

import com.sun.jna.Memory;

import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeResetException;

/**
 * The writing half of a connection ({@code WriteFile}).
 */
final class PipeWriter {

	private static final int MAX_CHUNK = 64 * 1024;

	/** A write is done when the peer has taken all of it, so small ones show progress. */
	private static final int TIMED_CHUNK = 4 * 1024;

	private static final int KEPT_BUFFER = 256 * 1024;

	private final PipeHandle handle;

	private final Operation operation;

	private final boolean wholeMessages;

	private boolean shutDown;

	private boolean inDoubt;

	private volatile boolean written;

	PipeWriter(PipeHandle handle, CompletionPort port, WindowsPipeChannel.Shape shape) {
		this.handle = handle;
		this.operation = new Operation(port, null);
		this.wholeMessages = shape.readsMessages();
	}

	Operation operation() {
		return this.operation;
	}

	// Whether there may be bytes that the peer has not read.
	boolean hasWritten() {
		return this.written;
	}

	void write(ByteBuffer source) {
		this.operation.inTurn(this.handle, () -> {
			checkUsable();
			int chunk = this.operation.timeout().isZero() ? MAX_CHUNK : TIMED_CHUNK;
			while (source.hasRemaining()) {
				int length = this.wholeMessages ? source.remaining() : Math.min(source.remaining(), chunk);
				Memory buffer = this.operation.buffer(length);
				buffer.getByteBuffer(0, length).put(source.slice(source.position(), length));
				write(buffer, length);
				source.position(source.position() + this.operation.count());
			}
			this.operation.freeBuffer(KEPT_BUFFER);
			return null;
		});
	}

	/**
	 * Write an empty message, which is the end of the stream on a pipe of type message.
	 */
	void shutdown() {
		this.operation.inTurn(this.handle, () -> {
			if (!this.shutDown) {
				checkUsable();
				write(this.operation.buffer(1), 0);
				this.shutDown = true;
			}
			return null;
		});
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

	private void write(Memory buffer, int length) {
		this.written = true;
		this.inDoubt = true;
		int error = this.operation.run(this.handle, "write", System.nanoTime(), this.operation.timeout(),
				(pipe, overlapped) -> Kernel32Calls.WriteFile(pipe, buffer, length, null, overlapped));
		this.inDoubt = false;
		if (Win32.isGone(error)) {
			throw PipeResetException.ofWrite(null);
		}
	}

}
