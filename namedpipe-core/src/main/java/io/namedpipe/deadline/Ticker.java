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

package io.namedpipe.deadline;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Does something again and again on a daemon thread of its own while there is work, and
 * sleeps while there is none. The thread is started with it, and not by whoever first
 * needs it, since on Linux a thread inherits the identity that its starter may have taken
 * on. Thread-safe.
 */
final class Ticker implements AutoCloseable {

	private final long tickNanos;

	private final int idleTicks;

	private final BooleanSupplier work;

	private final Runnable task;

	private final Thread thread;

	private volatile boolean asleep;

	private volatile boolean closed;

	/**
	 * Create a ticker.
	 * @param threadName the name of its thread
	 * @param tick the time between two runs of the task
	 * @param idleTicks after so many ticks without work the thread sleeps
	 * @param work whether there is work; whoever brings some calls {@link #wake()} then
	 * @param task what to do at every tick
	 */
	Ticker(String threadName, Duration tick, int idleTicks, BooleanSupplier work, Runnable task) {
		this.tickNanos = tick.toNanos();
		this.idleTicks = idleTicks;
		this.work = work;
		this.task = task;
		this.thread = new Thread(this::run, threadName);
		this.thread.setDaemon(true);
		this.thread.start();
	}

	/**
	 * See to it that work which is there by now is noticed.
	 */
	void wake() {
		if (this.asleep) {
			LockSupport.unpark(this.thread);
		}
	}

	private void run() {
		int idle = 0;
		while (!this.closed) {
			// An interrupt would end every later park at once.
			Thread.interrupted();
			if (idle < this.idleTicks) {
				LockSupport.parkNanos(this, this.tickNanos);
			}
			else {
				sleep();
			}
			idle = this.work.getAsBoolean() ? 0 : idle + 1;
			this.task.run();
		}
	}

	private void sleep() {
		this.asleep = true;
		// Work that came before it could be known that this sleeps is seen here.
		if (!this.work.getAsBoolean() && !this.closed) {
			LockSupport.park(this);
		}
		this.asleep = false;
	}

	/**
	 * End the thread.
	 */
	@Override
	public void close() {
		this.closed = true;
		LockSupport.unpark(this.thread);
	}

}
