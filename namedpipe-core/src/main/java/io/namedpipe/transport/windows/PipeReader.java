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
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

import com.sun.jna.Memory;
import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeMessageTooLargeException;

/**
 * The reading half of a connection ({@code ReadFile}).
 */
final class PipeReader {

	private static final int MAX_CHUNK = 64 * 1024;

	private final PipeHandle handle;

	private final Operation operation;

	private final boolean messageType;

	private final int maxMessageSize;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile Duration timeout = Duration.ZERO;

	private volatile boolean received;

	private boolean ended;

	/**
	 * Create the reader.
	 * @param handle the pipe
	 * @param port where its completions arrive
	 * @param messageType whether the pipe's type is message, where a message without
	 * bytes is the end of the stream
	 * @param maxMessageSize the largest message
	 */
	PipeReader(PipeHandle handle, CompletionPort port, boolean messageType, int maxMessageSize) {
		this.handle = handle;
		this.operation = new Operation(port, null);
		this.messageType = messageType;
		this.maxMessageSize = maxMessageSize;
	}

	void timeout(Duration timeout) {
		this.timeout = timeout;
	}

	/**
	 * Whether anything was read so far, so that Windows knows the client.
	 * @return {@code true} after the first read
	 */
	boolean hasReceived() {
		return this.received;
	}

	int read(ByteBuffer destination) {
		this.lock.lock();
		try {
			this.handle.enter();
			try {
				if (!destination.hasRemaining()) {
					return 0;
				}
				int length = Math.min(destination.remaining(), MAX_CHUNK);
				Memory buffer = this.operation.buffer(length);
				do {
					int error = next(buffer, length);
					if (error != Win32Errors.SUCCESS && error != Win32Errors.MORE_DATA) {
						return -1;
					}
				}
				while (this.operation.count() == 0 && !this.ended);
				if (this.ended) {
					return -1;
				}
				int count = this.operation.count();
				destination.put(buffer.getByteBuffer(0, count));
				return count;
			}
			finally {
				this.handle.exit();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	@Nullable ByteBuffer readMessage() {
		this.lock.lock();
		try {
			this.handle.enter();
			try {
				return message();
			}
			finally {
				this.handle.exit();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private @Nullable ByteBuffer message() {
		Memory buffer = this.operation.buffer(MAX_CHUNK);
		byte[] message = new byte[0];
		int error;
		do {
			error = next(buffer, MAX_CHUNK);
			if (this.ended || (error != Win32Errors.SUCCESS && error != Win32Errors.MORE_DATA)) {
				return null;
			}
			int count = this.operation.count();
			if (count > this.maxMessageSize - message.length) {
				throw new PipeMessageTooLargeException(
						"A message is larger than the limit of %d bytes; the connection is closed"
							.formatted(this.maxMessageSize));
			}
			int start = message.length;
			message = Arrays.copyOf(message, start + count);
			buffer.read(0, message, start, count);
		}
		while (error == Win32Errors.MORE_DATA);
		return ByteBuffer.wrap(message);
	}

	/**
	 * One read.
	 * @param buffer takes the bytes
	 * @param length how many it may take
	 * @return success, more data, or the error that says that the peer is gone
	 */
	private int next(Memory buffer, int length) {
		if (this.ended) {
			return Win32Errors.BROKEN_PIPE;
		}
		Duration limit = this.timeout;
		int error = this.operation.run(this.handle, limit,
				(pipe, overlapped) -> Kernel32Calls.ReadFile(pipe, buffer, length, null, overlapped));
		if (error == Win32Errors.SUCCESS || error == Win32Errors.MORE_DATA) {
			this.received = true;
			this.ended = this.messageType && error == Win32Errors.SUCCESS && this.operation.count() == 0;
			return error;
		}
		if (this.handle.isClosing()) {
			throw PipeHandle.closed();
		}
		if (Win32Errors.isGone(error)) {
			return error;
		}
		if (error == Win32Errors.OPERATION_ABORTED) {
			throw this.operation.cancelled("read", limit);
		}
		throw new PipeException("The pipe could not be read: " + Win32Errors.describe(error));
	}

	void close() {
		// A reader that was told that the pipe is closed may still hold the lock.
		this.lock.lock();
		try {
			this.operation.close();
		}
		finally {
			this.lock.unlock();
		}
	}

}
