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

package io.namedpipe.transport;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Closes channels whose time is over. A deadline for a whole conversation costs a write
 * to memory here, where a time-out of every single read and write would cost system
 * calls. Deadlines are kept to within some 20 milliseconds. Thread-safe. Its one daemon
 * thread is started with it, and not by whoever first needs it, since on Linux a thread
 * inherits the identity that its starter may have taken on; it sleeps while nothing is
 * watched.
 */
public final class PipeWatchdog implements AutoCloseable {

	private static final Duration TICK = Duration.ofMillis(20);

	private static final int IDLE_TICKS = 250;

	private static final long DISARMED = Long.MAX_VALUE;

	private static final long EXPIRED = Long.MIN_VALUE;

	private final Set<Guard> guards = ConcurrentHashMap.newKeySet();

	private final Ticker ticker;

	/**
	 * Create a watchdog.
	 * @param threadName the name of its thread
	 */
	public PipeWatchdog(String threadName) {
		this.ticker = new Ticker(threadName, TICK, IDLE_TICKS, () -> !this.guards.isEmpty(), this::check);
	}

	/**
	 * Watch a channel. Nothing happens to it until the guard is armed.
	 * @param channel the channel to close when its time is over
	 * @return the guard, to be closed when the channel is done with
	 */
	public Guard watch(PipeChannel channel) {
		Guard guard = new Guard(channel);
		this.guards.add(guard);
		this.ticker.wake();
		return guard;
	}

	private void check() {
		long now = System.nanoTime();
		this.guards.forEach((guard) -> guard.check(now));
	}

	/**
	 * End the watch over everything. Channels are left as they are.
	 */
	@Override
	public void close() {
		this.ticker.close();
	}

	/**
	 * The watch over one channel. Armed and disarmed by the channel's user.
	 */
	public final class Guard implements AutoCloseable {

		private final PipeChannel channel;

		private final AtomicLong deadline = new AtomicLong(DISARMED);

		private volatile String task = "";

		private volatile Duration timeout = Duration.ZERO;

		private Guard(PipeChannel channel) {
			this.channel = channel;
		}

		/**
		 * Start the time for a task; ends the time of the task before.
		 * @param task what has to be done in time, for the message
		 * @param timeout the time; zero for none
		 */
		public void arm(String task, Duration timeout) {
			long before = this.deadline.get();
			if (before == EXPIRED) {
				return;
			}
			this.task = task;
			this.timeout = timeout;
			long next = timeout.isZero() ? DISARMED : System.nanoTime() + timeout.toNanos();
			this.deadline.compareAndSet(before, next);
		}

		/**
		 * Stop the time.
		 */
		public void disarm() {
			long before = this.deadline.get();
			if (before != EXPIRED) {
				this.deadline.compareAndSet(before, DISARMED);
			}
		}

		/**
		 * Whether the time was over and the channel was closed for it.
		 * @return {@code true} if it was
		 */
		public boolean isExpired() {
			return this.deadline.get() == EXPIRED;
		}

		/**
		 * What went wrong, in terms of time, if it was the time.
		 * @param failure what the channel reported
		 * @return a {@link PipeTimeoutException} if the time was over, else the failure
		 */
		public PipeException translate(PipeException failure) {
			return isExpired()
					? new PipeTimeoutException(
							"%s took longer than %d ms".formatted(this.task, this.timeout.toMillis()), failure)
					: failure;
		}

		private void check(long now) {
			long end = this.deadline.get();
			if (end != DISARMED && end != EXPIRED && now - end >= 0 && this.deadline.compareAndSet(end, EXPIRED)) {
				PipeWatchdog.this.guards.remove(this);
				try {
					this.channel.close();
				}
				catch (RuntimeException ex) {
					// Its user finds the same; other channels still need this thread.
				}
			}
		}

		/**
		 * End the watch. The channel is left as it is.
		 */
		@Override
		public void close() {
			PipeWatchdog.this.guards.remove(this);
		}

	}

}
