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

package io.namedpipe.transport.anonymous;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.namedpipe.platform.PlatformThreads;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeTimeoutException;

/**
 * A thread that writes to a channel whose writes have no time-out, and perhaps cannot be
 * ended. It has one block of bytes at a time, and a write returns when the block is gone.
 * After a time-out the block is still on its way; the next write waits for it.
 * <p>
 * The time begins again when the peer has taken something. A pipe of Linux says so page
 * by page, so a write with a time-out goes out in pages.
 */
final class WriteBehind implements AutoCloseable {

	private static final int BLOCK = 64 * 1024;

	private static final int PAGE = 4096;

	private final WritableByteChannel end;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK).limit(0);

	private int slice = BLOCK;

	private volatile long lastProgress = System.nanoTime();

	private boolean full;

	private boolean closed;

	private boolean released;

	private @Nullable IOException failure;

	WriteBehind(WritableByteChannel end) {
		this.end = end;
		PlatformThreads.daemon("namedpipe-write-behind", this::run).start();
	}

	private void run() {
		while (awaitBlock()) {
			IOException failure = null;
			try {
				writeBlock();
			}
			catch (IOException ex) {
				failure = ex;
			}
			done(failure);
		}
		release();
	}

	private void writeBlock() throws IOException {
		int end = this.block.limit();
		while (this.block.position() < end) {
			this.block.limit(Math.min(end, this.block.position() + this.slice));
			this.end.write(this.block);
			this.lastProgress = System.nanoTime();
		}
	}

	private boolean awaitBlock() {
		this.lock.lock();
		try {
			while (!this.full && !this.closed) {
				this.changed.awaitUninterruptibly();
			}
			return !this.closed;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void done(@Nullable IOException failure) {
		this.lock.lock();
		try {
			this.full = false;
			this.failure = failure;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	void write(ByteBuffer source, Duration timeout) throws IOException {
		this.lock.lock();
		try {
			await(timeout);
			while (source.hasRemaining()) {
				ByteBuffer part = source.slice().limit(Math.min(BLOCK, source.remaining()));
				this.block.clear().put(part).flip();
				source.position(source.position() + part.limit());
				this.slice = timeout.isZero() ? BLOCK : PAGE;
				this.full = true;
				this.changed.signalAll();
				await(timeout);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	// Wait until the block is gone.
	private void await(Duration timeout) throws IOException {
		long start = System.nanoTime();
		while (this.full && !this.closed) {
			awaitChange(timeout, start);
		}
		if (this.closed) {
			throw new ClosedChannelException();
		}
		if (this.failure != null) {
			throw this.failure;
		}
	}

	private void awaitChange(Duration timeout, long start) {
		try {
			if (timeout.isZero()) {
				this.changed.await();
				return;
			}
			long now = System.nanoTime();
			long stalled = Math.min(now - start, now - this.lastProgress);
			if (stalled >= TimeUnit.NANOSECONDS.convert(timeout)) {
				throw PipeTimeoutException.of("write", timeout, null);
			}
			this.changed.awaitNanos(TimeUnit.NANOSECONDS.convert(timeout) - stalled);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new PipeException("The write was interrupted", ex);
		}
	}

	/**
	 * Close the channel, without waiting for a write that cannot be ended: then the
	 * thread closes it when the write is over.
	 */
	@Override
	public void close() {
		boolean busy;
		this.lock.lock();
		try {
			this.closed = true;
			busy = this.full;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		if (!busy || ReadEnd.isDirect(this.end)) {
			release();
		}
	}

	private void release() {
		this.lock.lock();
		try {
			if (this.released) {
				return;
			}
			this.released = true;
		}
		finally {
			this.lock.unlock();
		}
		try {
			this.end.close();
		}
		catch (IOException ex) {
			// The peer is gone, and no thread waits for the rest.
		}
	}

}
