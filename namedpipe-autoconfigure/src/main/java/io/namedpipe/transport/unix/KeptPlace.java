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

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * A place in a queue that a thread keeps while it is away. After a millisecond, or when
 * this is closed, the place is let go instead; whichever comes first, the place is taken
 * back or let go once.
 */
final class KeptPlace implements AutoCloseable {

	private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	/** Without a kept place for so many milliseconds, the guard sleeps. */
	private static final int IDLE_ROUNDS = 20;

	private final Runnable letGo;

	private final AtomicReference<@Nullable Absence> absence = new AtomicReference<>();

	private final Thread guard = new Thread(this::guard, "pipe-accept-guard");

	private volatile boolean asleep;

	private volatile boolean closed;

	// The guard is started ahead: who keeps the place may be a thread that acts as a
	// client, and a thread inherits the identity of the one that starts it.
	KeptPlace(Runnable letGo) {
		this.letGo = letGo;
		this.guard.setDaemon(true);
		this.guard.start();
	}

	void keep() {
		Absence mine = new Absence(Thread.currentThread(), System.nanoTime());
		this.absence.set(mine);
		if (this.closed) {
			letGo(mine);
		}
		else if (this.asleep) {
			LockSupport.unpark(this.guard);
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

	private void guard() {
		int idle = 0;
		while (!this.closed) {
			// An interrupt would end every later park at once.
			Thread.interrupted();
			if (idle < IDLE_ROUNDS) {
				LockSupport.parkNanos(this, PATIENCE_NANOS);
			}
			else {
				sleep();
			}
			Absence current = this.absence.get();
			idle = (current != null) ? 0 : idle + 1;
			if (current != null && System.nanoTime() - current.since() >= PATIENCE_NANOS) {
				letGo(current);
			}
		}
	}

	boolean isGuardAsleep() {
		return this.asleep;
	}

	private void sleep() {
		this.asleep = true;
		// A place that was kept before it could be known that this sleeps is seen here.
		if (this.absence.get() == null && !this.closed) {
			LockSupport.park(this);
		}
		this.asleep = false;
	}

	@Override
	public void close() {
		this.closed = true;
		LockSupport.unpark(this.guard);
		Absence current = this.absence.get();
		if (current != null) {
			letGo(current);
		}
	}

	private record Absence(Thread thread, long since) {
	}

}
