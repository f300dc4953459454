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

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.Ticker;

/**
 * A place in a queue that a thread keeps while it is away. After 5 to 10 milliseconds, or
 * when this is closed, the place is let go instead; whichever comes first, the place is
 * taken back or let go once.
 */
final class KeptPlace implements AutoCloseable {

	// A thread that wakes up in the middle of an exchange doubles the time that the
	// exchange takes: so not every millisecond, in which there are ten of them.
	private static final Duration PATIENCE = Duration.ofMillis(5);

	/** After so many looks that found no kept place, the guard sleeps. */
	private static final int IDLE_ROUNDS = 4;

	private final Runnable letGo;

	private final AtomicReference<@Nullable Absence> absence = new AtomicReference<>();

	private final Ticker guard;

	private volatile boolean closed;

	KeptPlace(Runnable letGo) {
		this.letGo = letGo;
		this.guard = new Ticker("pipe-accept-guard", PATIENCE, IDLE_ROUNDS, () -> this.absence.get() != null,
				this::endLongAbsence);
	}

	void keep() {
		Absence mine = new Absence(Thread.currentThread(), System.nanoTime());
		this.absence.set(mine);
		if (this.closed) {
			letGo(mine);
		}
		else {
			this.guard.wake();
		}
	}

	boolean takeBack() {
		Absence current = this.absence.get();
		return current != null && current.thread() == Thread.currentThread()
				&& this.absence.compareAndSet(current, null);
	}

	private void letGo(Absence known) {
		if (this.absence.compareAndSet(known, null)) {
			this.letGo.run();
		}
	}

	private void endLongAbsence() {
		Absence current = this.absence.get();
		if (current != null && System.nanoTime() - current.since() >= PATIENCE.toNanos()) {
			letGo(current);
		}
	}

	boolean isGuardAsleep() {
		return this.guard.isAsleep();
	}

	@Override
	public void close() {
		this.closed = true;
		this.guard.close();
		Absence current = this.absence.get();
		if (current != null) {
			letGo(current);
		}
	}

	private record Absence(Thread thread, long since) {
	}

}
