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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Watches {@link Deadline}s on a thread, to within about 20 milliseconds. A deadline for
 * a whole exchange costs a write to memory, while a time-out of each read and write would
 * cost system calls.
 * <p>
 * The daemon thread starts with this object and ends with {@link #close()}. It is not
 * started on demand, because on Linux a thread inherits the identity that the thread
 * which starts it may have taken on. It sleeps while nothing is watched. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Deadlines implements AutoCloseable {

	private final Set<Deadline> watched = ConcurrentHashMap.newKeySet();

	private final Ticker ticker;

	private final Runnable periodicTask;

	private final long periodNanos;

	private long lastRun = System.nanoTime();

	/**
	 * Create the object and start its thread.
	 * @param threadName the name of the thread
	 */
	public Deadlines(String threadName) {
		this(threadName, Duration.ofDays(1), () -> {
		});
	}

	/**
	 * Create the object with a task that is repeated while anything is watched, and start
	 * its thread.
	 * @param threadName the name of the thread
	 * @param period time between two runs of the task
	 * @param periodicTask the task, which must be quick and not throw
	 */
	public Deadlines(String threadName, Duration period, Runnable periodicTask) {
		this.periodNanos = period.toNanos();
		this.periodicTask = periodicTask;
		this.ticker = new Ticker(threadName, () -> !this.watched.isEmpty(), this::check);
	}

	/**
	 * Make a deadline. It is not armed.
	 * @param onExpiry runs once, on the thread of this object, when the time is over;
	 * must be quick, for instance close a channel
	 * @return the deadline
	 */
	public Deadline watch(Runnable onExpiry) {
		Deadline deadline = new Deadline(this, onExpiry);
		this.watched.add(deadline);
		this.ticker.wake();
		return deadline;
	}

	private void check() {
		long now = System.nanoTime();
		this.watched.forEach((deadline) -> deadline.check(now));
		if (now - this.lastRun >= this.periodNanos && !this.watched.isEmpty()) {
			this.lastRun = now;
			this.periodicTask.run();
		}
	}

	void forget(Deadline deadline) {
		this.watched.remove(deadline);
	}

	/**
	 * End the thread. Deadlines that are still armed do not expire any more.
	 */
	@Override
	public void close() {
		this.ticker.close();
	}

}
