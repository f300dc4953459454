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

	private static final int SLICE_BYTES = 16 * 1024;

	private static final long WRITE_MILLIS = 20;

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
		long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
		int count;
		while ((count = this.channel.read(destination)) == 0 && destination.hasRemaining()) {
			await(this.readSelector, timeout, deadline, Long.MAX_VALUE, "read");
		}
		return count;
	}

	// The time begins again when the peer has taken something. Linux says that a socket
	// can be written to when a quarter of its buffer is left to read; a write succeeds
	// when it has room for a slice, so it is tried now and then.
	void write(ByteBuffer source, Duration timeout) throws IOException {
		long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
		int end = source.limit();
		while (source.position() < end) {
			source.limit(Math.min(end, source.position() + SLICE_BYTES));
			int count;
			try {
				count = this.channel.write(source);
			}
			finally {
				source.limit(end);
			}
			if (count > 0) {
				deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
			}
			else {
				await(this.writeSelector, timeout, deadline, WRITE_MILLIS, "write");
			}
		}
	}

	private void await(Selector selector, Duration timeout, long deadline, long maximum, String operation)
			throws IOException {
		long millis = (maximum < Long.MAX_VALUE) ? maximum : 0;
		if (!timeout.isZero()) {
			long left = deadline - System.nanoTime();
			if (left <= 0) {
				throw PipeTimeoutException.of(operation, timeout, null);
			}
			millis = Math.max(1, Math.min(maximum, TimeUnit.NANOSECONDS.toMillis(left)));
		}
		try {
			selector.select(millis);
			selector.selectedKeys().clear();
		}
		catch (ClosedSelectorException ex) {
			throw PipeClosedException.ofChannel(ex);
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
