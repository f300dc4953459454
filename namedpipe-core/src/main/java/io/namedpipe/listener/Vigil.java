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
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Keeps the second of two processors awake while one client asks again and again. What
 * costs time then is not the work but the waking of a processor that has gone to sleep,
 * four times in an exchange, which is expensive in a virtual machine: half of what one
 * client can have.
 * <p>
 * A thread of its own does that and gives way to everybody. As long as it lives it stays
 * on one processor, and the scheduler leaves the other one to the client and to whoever
 * serves it: neither has to wake anything. A serving thread that stayed for a moment
 * would be on the wrong one of the two half of the time.
 */
final class Vigil {

	private static final Log logger = LogFactory.getLog(Vigil.class);

	private static final int PROCESSORS = 2;

	/** Who comes later than so after an exchange is not waited for. */
	private static final Duration SOON = Duration.ofNanos(200_000);

	private static final Duration PATIENCE = Duration.ofMillis(20);

	private final boolean possible;

	private final long soonNanos;

	private final long patienceNanos;

	private final BooleanSupplier alone;

	private final ThreadFactory threads;

	private final AtomicBoolean kept = new AtomicBoolean();

	private volatile long lastServed;

	private volatile long lastWanted;

	private volatile boolean soon;

	/**
	 * Create a vigil for this machine. With more processors than two, others sleep all
	 * the same.
	 * @param settings whether it is wanted
	 * @param alone whether there is one client at most
	 */
	Vigil(PipeContainerSettings settings, BooleanSupplier alone) {
		this(settings.stayAwake() && Runtime.getRuntime().availableProcessors() == PROCESSORS, SOON, PATIENCE, alone,
				(body) -> {
					Thread thread = new Thread(null, body, "pipe-" + settings.id() + "-vigil", 0, false);
					thread.setDaemon(true);
					return thread;
				});
	}

	Vigil(boolean possible, Duration soon, Duration patience, BooleanSupplier alone, ThreadFactory threads) {
		this.possible = possible;
		this.soonNanos = soon.toNanos();
		this.patienceNanos = patience.toNanos();
		this.alone = alone;
		this.threads = threads;
		this.lastServed = System.nanoTime() - this.soonNanos;
	}

	/**
	 * A client has come.
	 */
	void arrived() {
		if (this.possible) {
			this.soon = System.nanoTime() - this.lastServed < this.soonNanos;
		}
	}

	/**
	 * A client has been served. The calling thread has its own identity again, which a
	 * thread that is started here inherits.
	 */
	void served() {
		if (!this.possible) {
			return;
		}
		long now = System.nanoTime();
		this.lastServed = now;
		if (this.soon && this.alone.getAsBoolean()) {
			this.lastWanted = now;
			if (this.kept.compareAndSet(false, true)) {
				start();
			}
		}
	}

	private void start() {
		try {
			this.threads.newThread(this::keep).start();
		}
		catch (OutOfMemoryError ex) {
			// Clients are served all the same, and the next one tries again.
			this.kept.set(false);
			logger.debug("No thread could be started to stay awake", ex);
		}
	}

	private void keep() {
		try {
			while (System.nanoTime() - this.lastWanted < this.patienceNanos) {
				Thread.yield();
			}
		}
		finally {
			this.kept.set(false);
		}
	}

}
