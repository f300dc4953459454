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
import java.util.Arrays;

import com.sun.jna.Memory;
import com.sun.jna.platform.win32.WinError;
import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeMessageTooLargeException;

/**
 * The reading half of a connection ({@code ReadFile}).
 */
final class PipeReader {

	private static final int MAX_CHUNK = 64 * 1024;

	private static final int END = -1;

	private final PipeHandle handle;

	private final Operation operation;

	private final WindowsPipeChannel.Shape shape;

	private volatile boolean received;

	private boolean ended;

	PipeReader(PipeHandle handle, CompletionPort port, WindowsPipeChannel.Shape shape) {
		this.handle = handle;
		this.operation = new Operation(port, null);
		this.shape = shape;
	}

	Operation operation() {
		return this.operation;
	}

	// Whether a read has succeeded, after which Windows can identify the client.
	boolean hasReceived() {
		return this.received;
	}

	int read(ByteBuffer destination) {
		return this.operation.inTurn(this.handle, () -> {
			if (!destination.hasRemaining()) {
				return 0;
			}
			int length = Math.min(destination.remaining(), MAX_CHUNK);
			Memory buffer = this.operation.buffer(length);
			do {
				if (next(buffer, length) == END) {
					return -1;
				}
			}
			while (this.operation.count() == 0);
			int count = this.operation.count();
			destination.put(buffer.getByteBuffer(0, count));
			return count;
		});
	}

	@Nullable ByteBuffer readMessage() {
		return this.operation.inTurn(this.handle, this::message);
	}

	private @Nullable ByteBuffer message() {
		Memory buffer = this.operation.buffer(MAX_CHUNK);
		byte[] message = new byte[0];
		int outcome;
		do {
			outcome = next(buffer, MAX_CHUNK);
			if (outcome == END) {
				return null;
			}
			int count = this.operation.count();
			if (count > this.shape.maxMessageSize() - message.length) {
				throw new PipeMessageTooLargeException(
						"A message is larger than the limit of %d bytes; the connection is closed"
							.formatted(this.shape.maxMessageSize()));
			}
			int start = message.length;
			message = Arrays.copyOf(message, start + count);
			buffer.read(0, message, start, count);
		}
		while (outcome == WinError.ERROR_MORE_DATA);
		return ByteBuffer.wrap(message);
	}

	// Returns SUCCESS, MORE_DATA or END.
	private int next(Memory buffer, int length) {
		if (this.ended) {
			return END;
		}
		int error = this.operation.run(this.handle, "read", System.nanoTime(), this.operation.timeout(),
				(pipe, overlapped) -> Kernel32Calls.ReadFile(pipe, buffer, length, null, overlapped));
		if (Win32.isGone(error)) {
			return END;
		}
		this.received = true;
		// On a pipe of type message, an empty message is the end of the stream.
		this.ended = this.shape.messageType() && error == WinError.ERROR_SUCCESS && this.operation.count() == 0;
		return this.ended ? END : error;
	}

}
