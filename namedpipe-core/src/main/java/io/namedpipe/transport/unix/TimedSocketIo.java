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
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeTimeoutException;

/**
 * Reads and writes of a socket channel with a time limit. The JDK has time-outs for
 * Unix-domain sockets only through selectors; a selector costs two more system calls for
 * a read that waits, so only a channel that asked for a time-out pays them.
 */
final class TimedSocketIo implements AutoCloseable {

	private final SocketChannel channel;

	private final Selector readSelector;

	private final Selector writeSelector;

	TimedSocketIo(SocketChannel channel) throws IOException {
		this.channel = channel;
		this.readSelector = Selector.open();
		try {
			this.writeSelector = Selector.open();
		}
		catch (IOException ex) {
			this.readSelector.close();
			throw ex;
		}
		channel.configureBlocking(false);
		channel.register(this.readSelector, SelectionKey.OP_READ);
		channel.register(this.writeSelector, SelectionKey.OP_WRITE);
	}

	int read(ByteBuffer destination, Duration timeout) throws IOException {
		long deadline = System.nanoTime() + timeout.toNanos();
		int count;
		while ((count = this.channel.read(destination)) == 0 && destination.hasRemaining()) {
			await(this.readSelector, timeout, deadline, "read");
		}
		return count;
	}

	void write(ByteBuffer source, Duration timeout) throws IOException {
		long deadline = System.nanoTime() + timeout.toNanos();
		while (source.hasRemaining()) {
			if (this.channel.write(source) == 0) {
				await(this.writeSelector, timeout, deadline, "write");
			}
		}
	}

	private void await(Selector selector, Duration timeout, long deadline, String operation) throws IOException {
		long millis = 0;
		if (!timeout.isZero()) {
			long left = deadline - System.nanoTime();
			if (left <= 0) {
				throw new PipeTimeoutException(
						"The %s did not finish within %d ms".formatted(operation, timeout.toMillis()));
			}
			millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(left));
		}
		try {
			selector.select(millis);
			selector.selectedKeys().clear();
		}
		catch (ClosedSelectorException ex) {
			throw new PipeClosedException("The pipe channel is closed", ex);
		}
		if (Thread.currentThread().isInterrupted()) {
			throw new PipeClosedException("The %s was interrupted".formatted(operation));
		}
	}

	@Override
	public void close() throws IOException {
		// The socket itself is released only when no selector knows it any more.
		this.readSelector.close();
		this.writeSelector.close();
	}

}
