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

package io.namedpipe.transport.memory;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeResetException;
import io.namedpipe.transport.PipeTimeoutException;

/**
 * One direction of a connection in memory: a ring buffer of bytes.
 */
final class MemoryStream {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition readable = this.lock.newCondition();

	private final Condition writable = this.lock.newCondition();

	private final byte[] ring;

	private int start;

	private int count;

	private boolean writerShut;

	private boolean writerClosed;

	private boolean readerShut;

	private volatile boolean readerClosed;

	MemoryStream(int capacity) {
		this.ring = new byte[capacity];
	}

	int read(ByteBuffer destination, Duration timeout) {
		this.lock.lock();
		try {
			if (this.readerClosed) {
				throw PipeClosedException.ofChannel(null);
			}
			if (!destination.hasRemaining()) {
				return 0;
			}
			long nanos = TimeUnit.NANOSECONDS.convert(timeout);
			while (this.count == 0) {
				if (this.readerClosed) {
					throw PipeClosedException.ofChannel(null);
				}
				if (this.writerShut || this.writerClosed) {
					return -1;
				}
				nanos = await(this.readable, timeout, nanos, "read");
			}
			int length = Math.min(destination.remaining(), this.count);
			int first = Math.min(length, this.ring.length - this.start);
			destination.put(this.ring, this.start, first);
			destination.put(this.ring, 0, length - first);
			this.start = (this.start + length) % this.ring.length;
			this.count -= length;
			this.writable.signalAll();
			return length;
		}
		finally {
			this.lock.unlock();
		}
	}

	void write(ByteBuffer source, Duration timeout) {
		this.lock.lock();
		try {
			long nanos = TimeUnit.NANOSECONDS.convert(timeout);
			do {
				if (this.writerShut || this.writerClosed) {
					throw PipeClosedException.ofChannel(null);
				}
				if (this.readerClosed || this.readerShut) {
					throw PipeResetException.ofWrite(null);
				}
				if (!source.hasRemaining()) {
					return;
				}
				int room = this.ring.length - this.count;
				if (room == 0) {
					nanos = await(this.writable, timeout, nanos, "write");
					continue;
				}
				int length = Math.min(room, source.remaining());
				int end = (this.start + this.count) % this.ring.length;
				int first = Math.min(length, this.ring.length - end);
				source.get(this.ring, end, first);
				source.get(this.ring, 0, length - first);
				this.count += length;
				nanos = TimeUnit.NANOSECONDS.convert(timeout);
				this.readable.signalAll();
			}
			while (source.hasRemaining());
		}
		finally {
			this.lock.unlock();
		}
	}

	private long await(Condition condition, Duration timeout, long nanos, String operation) {
		try {
			if (timeout.isZero()) {
				condition.await();
				return 0;
			}
			if (nanos <= 0) {
				throw PipeTimeoutException.of(operation, timeout, null);
			}
			return condition.awaitNanos(nanos);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new PipeException("The %s was interrupted".formatted(operation), ex);
		}
	}

	void shutWriter() {
		change(() -> this.writerShut = true);
	}

	void shutReader() {
		change(() -> this.readerShut = true);
	}

	void closeWriter() {
		change(() -> this.writerClosed = true);
	}

	void closeReader() {
		change(() -> this.readerClosed = true);
	}

	boolean isReaderClosed() {
		return this.readerClosed;
	}

	private void change(Runnable change) {
		this.lock.lock();
		try {
			change.run();
			this.readable.signalAll();
			this.writable.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

}
