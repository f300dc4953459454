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

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import io.namedpipe.platform.PlatformThreads;

/**
 * Repeats a task on its own daemon thread while there is work, and sleeps while there is
 * none. The thread is not started on demand, because on Linux a thread inherits the
 * identity that the thread which starts it may have taken on. Thread-safe.
 */
final class Ticker implements AutoCloseable {

	private static final System.Logger logger = System.getLogger(Ticker.class.getName());

	private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

	/** After so many ticks without work the thread sleeps. */
	private static final int IDLE_TICKS = 250;

	private final BooleanSupplier work;

	private final Runnable task;

	private final Thread thread;

	private final RepeatedLine failures = new RepeatedLine(Duration.ofSeconds(10));

	private volatile boolean asleep;

	private volatile boolean closed;

	/**
	 * Create the ticker and start its thread.
	 * @param threadName the name of its thread
	 * @param work tells whether there is work; {@link #wake()} must be called when work
	 * is added
	 * @param task the task, run about every 20 milliseconds
	 */
	Ticker(String threadName, BooleanSupplier work, Runnable task) {
		this.work = work;
		this.task = task;
		this.thread = PlatformThreads.daemon(threadName, this::run);
		this.thread.start();
	}

	/**
	 * Wake the thread if it sleeps, so that it notices added work.
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
			if (idle < IDLE_TICKS) {
				LockSupport.parkNanos(this, TICK_NANOS);
			}
			else {
				sleep();
			}
			idle = this.work.getAsBoolean() ? 0 : idle + 1;
			runTask();
		}
	}

	// Without this thread no time limit would expire any more.
	private void runTask() {
		try {
			this.task.run();
		}
		catch (RuntimeException | Error ex) {
			this.failures.say((suffix) -> logger.log(Level.ERROR,
					"The thread '%s' goes on after an error%s".formatted(this.thread.getName(), suffix), ex));
		}
	}

	private void sleep() {
		this.asleep = true;
		// Work that was added before 'asleep' was set, and so without an unpark, is seen
		// here.
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
