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

package io.namedpipe.listener;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps threads for a while that are not needed at the moment: to start one takes longer
 * than to serve a small request. Thread-safe.
 */
final class SpareThreads {

	private static final int KEEP_SECONDS = 2;

	private final AtomicInteger waiting = new AtomicInteger();

	private final Semaphore calls = new Semaphore(0);

	private volatile boolean closed;

	/**
	 * Wait until the calling thread is needed again.
	 * @return {@code false} if it is not, or this object is closed: it should end
	 */
	boolean await() {
		this.waiting.incrementAndGet();
		try {
			if (!this.closed && this.calls.tryAcquire(KEEP_SECONDS, TimeUnit.SECONDS)) {
				return !this.closed;
			}
		}
		catch (InterruptedException ex) {
			// It ends earlier.
		}
		if (take()) {
			return false;
		}
		// It was called meanwhile, and no other thread comes for it.
		this.calls.acquireUninterruptibly();
		return !this.closed;
	}

	/**
	 * Let a waiting thread return.
	 * @return {@code false} if none waits
	 */
	boolean call() {
		boolean waits = take();
		if (waits) {
			this.calls.release();
		}
		return waits;
	}

	private boolean take() {
		return this.waiting.getAndUpdate((count) -> Math.max(count - 1, 0)) > 0;
	}

	/**
	 * Let all threads end, also those to come.
	 */
	void close() {
		this.closed = true;
		while (call()) {
			// There may be more.
		}
	}

}
