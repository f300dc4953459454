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

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Keeps the second of two processors awake while one client asks again and again. What
 * costs time then is not the work but the waking of a processor that has gone to sleep,
 * four times in an exchange, which is expensive in a virtual machine: a quarter of what
 * one client can have.
 * <p>
 * One thread that has served stays, gives way to everybody, and serves nobody. It does
 * not begin unless the client came soon after its last exchange, and ends when no client
 * has come for a while, or when there is more than one.
 */
final class Vigil {

	private static final int PROCESSORS = 2;

	/** Who comes later than so after an exchange is not waited for. */
	private static final Duration SOON = Duration.ofNanos(200_000);

	private static final Duration PATIENCE = Duration.ofMillis(1);

	/** The next client may come before the thread of the last one is done with it. */
	private static final long OVERLAP_NANOS = 100_000;

	private final boolean possible;

	private final long soonNanos;

	private final long patienceNanos;

	private final BooleanSupplier alone;

	private final AtomicInteger arrivals = new AtomicInteger();

	private final AtomicBoolean kept = new AtomicBoolean();

	private volatile long lastServed;

	private volatile boolean soon;

	/**
	 * Create a vigil for this machine. With more processors than two, others sleep all
	 * the same.
	 * @param virtualThreads whether the threads are virtual, which do not stay
	 * @param alone whether there is one client at most, and another thread that waits for
	 * the next one
	 */
	Vigil(boolean virtualThreads, BooleanSupplier alone) {
		this(!virtualThreads && Runtime.getRuntime().availableProcessors() == PROCESSORS, SOON, PATIENCE, alone);
	}

	Vigil(boolean possible, Duration soon, Duration patience, BooleanSupplier alone) {
		this.possible = possible;
		this.soonNanos = soon.toNanos();
		this.patienceNanos = patience.toNanos();
		this.alone = alone;
		this.lastServed = System.nanoTime() - this.soonNanos;
	}

	/**
	 * A client has come.
	 */
	void arrived() {
		if (this.possible) {
			this.soon = System.nanoTime() - this.lastServed < this.soonNanos;
			this.arrivals.incrementAndGet();
		}
	}

	/**
	 * The calling thread is done with a client, and may stay.
	 */
	void served() {
		if (!this.possible) {
			return;
		}
		this.lastServed = System.nanoTime();
		if (this.soon && this.alone.getAsBoolean() && this.kept.compareAndSet(false, true)) {
			try {
				stay();
			}
			finally {
				this.kept.set(false);
			}
		}
	}

	private void stay() {
		int seen = this.arrivals.get();
		long now = System.nanoTime();
		long lastArrival = now;
		long lastAlone = now;
		while (now - lastArrival < this.patienceNanos && now - lastAlone < OVERLAP_NANOS) {
			Thread.yield();
			now = System.nanoTime();
			if (this.alone.getAsBoolean()) {
				lastAlone = now;
			}
			int count = this.arrivals.get();
			if (count != seen) {
				seen = count;
				lastArrival = now;
			}
		}
	}

}
