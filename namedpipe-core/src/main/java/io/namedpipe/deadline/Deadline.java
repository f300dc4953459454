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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

import org.jspecify.annotations.Nullable;

/**
 * A time limit for the tasks of one connection, one after the other. The thread that does
 * the tasks arms and disarms it. A second limit can be set for all of them together,
 * which no progress prolongs. It expires at most once, and stays expired.
 *
 * @since 0.1.0
 * @see Deadlines#watch(Runnable)
 */
public final class Deadline implements AutoCloseable {

	private static final long DISARMED = Long.MAX_VALUE;

	private static final long EXPIRED = Long.MIN_VALUE;

	private final Deadlines owner;

	private final Runnable onExpiry;

	private final AtomicLong end = new AtomicLong(DISARMED);

	private volatile String task = "";

	private volatile Duration timeout = Duration.ZERO;

	private volatile String setting = "";

	private volatile @Nullable IntSupplier progress;

	private int lastProgress;

	private volatile @Nullable Total total;

	private volatile @Nullable Total exceeded;

	Deadline(Deadlines owner, Runnable onExpiry) {
		this.owner = owner;
		this.onExpiry = onExpiry;
	}

	/**
	 * Start the time limit of a task. It replaces the one of the task before.
	 * @param task what has to be done in time, as the subject of an error message
	 * @param timeout the time limit, zero for none
	 * @param setting the setting that has the time limit, for the error message
	 */
	public void arm(String task, Duration timeout, String setting) {
		long before = this.end.get();
		if (before == EXPIRED) {
			return;
		}
		this.task = task;
		this.timeout = timeout;
		this.setting = setting;
		long next = timeout.isZero() ? DISARMED : System.nanoTime() + timeout.toNanos();
		this.end.compareAndSet(before, next);
	}

	/**
	 * Start the time limit of the current task again, because the task makes progress.
	 * Does nothing if no time limit is armed.
	 */
	public void restart() {
		long before = this.end.get();
		if (before != EXPIRED && before != DISARMED) {
			this.end.compareAndSet(before, System.nanoTime() + this.timeout.toNanos());
		}
	}

	/**
	 * Run a body that makes progress while it runs, such as a long write. The time limit
	 * of the current task starts again whenever the progress is seen to have changed, and
	 * when the body is done.
	 * @param progress how far the body is, in any unit; called by the thread that watches
	 * @param body the body
	 */
	public void watching(IntSupplier progress, Runnable body) {
		this.progress = progress;
		try {
			body.run();
		}
		finally {
			this.progress = null;
		}
		restart();
	}

	/**
	 * Stop the time limit of the current task.
	 */
	public void disarm() {
		long before = this.end.get();
		if (before != EXPIRED) {
			this.end.compareAndSet(before, DISARMED);
		}
	}

	/**
	 * Limit the time from now on that all tasks take together. {@link #arm},
	 * {@link #restart} and {@link #disarm} do not change this limit.
	 * @param tasks what has to be done in time, as the subject of an error message
	 * @param timeout the time limit, zero for none
	 * @param setting the setting that has the time limit, for the error message
	 */
	public void limitTotal(String tasks, Duration timeout, String setting) {
		this.total = timeout.isZero() ? null
				: new Total(System.nanoTime() + timeout.toNanos(), message(tasks, timeout, setting));
	}

	/**
	 * Whether a time limit has expired before its task was done.
	 * @return {@code true} from then on
	 */
	public boolean isExpired() {
		return this.end.get() == EXPIRED;
	}

	/**
	 * Which task took longer than which time limit.
	 * @return a sentence for an error message
	 */
	public String message() {
		Total exceeded = this.exceeded;
		return (exceeded != null) ? exceeded.message : message(this.task, this.timeout, this.setting);
	}

	private static String message(String task, Duration timeout, String setting) {
		return "%s took longer than %d ms (%s)".formatted(task, timeout.toMillis(), setting);
	}

	void check(long now) {
		checkProgress();
		long armed = this.end.get();
		Total limit = this.total;
		boolean totalOver = limit != null && now - limit.end >= 0;
		boolean over = totalOver || (armed != DISARMED && now - armed >= 0);
		if (armed == EXPIRED || !over) {
			return;
		}
		if (totalOver) {
			this.exceeded = limit;
		}
		if (this.end.compareAndSet(armed, EXPIRED)) {
			try {
				this.onExpiry.run();
			}
			catch (RuntimeException ex) {
				// The thread that uses the channel gets the same failure. This thread
				// goes on for the other deadlines.
			}
		}
	}

	private void checkProgress() {
		IntSupplier watched = this.progress;
		if (watched != null) {
			int current = watched.getAsInt();
			if (current != this.lastProgress) {
				this.lastProgress = current;
				restart();
			}
		}
	}

	/**
	 * Stop watching: the deadline does not expire any more.
	 */
	@Override
	public void close() {
		this.owner.forget(this);
	}

	/**
	 * The limit of all tasks together.
	 *
	 * @param end when it expires ({@link System#nanoTime()})
	 * @param message what is said then
	 */
	private record Total(long end, String message) {
	}

}
