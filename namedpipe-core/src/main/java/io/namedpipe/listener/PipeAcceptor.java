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
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import io.namedpipe.security.PipeThread;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;

/**
 * Accepts clients on one listening channel, with several threads.
 */
final class PipeAcceptor {

	/** Number of idle threads that are kept between bursts of clients. */
	private static final int MAX_IDLE_THREADS = 16;

	private static final Duration RETRY_INTERVAL = Duration.ofMillis(100);

	/** Time after which failures count as lasting. */
	private static final long FAILING_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final PipeContainerSettings settings;

	private final PipeServerChannel server;

	private final PipeServerListener listener;

	private final Set<String> ownerIds;

	private final int maxIdleThreads;

	private final AtomicInteger idleThreads = new AtomicInteger();

	/** Threads that were called or started, and do not wait yet. */
	private final AtomicInteger comingThreads = new AtomicInteger();

	private final SpareThreads spareThreads = new SpareThreads();

	/** When the current series of failures to accept began. */
	private volatile long firstFailure;

	private volatile long lastFailure = longAgo();

	private final CountDownLatch closing = new CountDownLatch(1);

	PipeAcceptor(PipeContainerSettings settings, PipeServerChannel server, PipeServerListener listener) {
		this.settings = settings;
		this.server = server;
		this.listener = listener;
		this.ownerIds = server.ownerIds();
		this.maxIdleThreads = Math.max(settings.serverOptions().instances(), MAX_IDLE_THREADS);
	}

	String location() {
		return this.server.location();
	}

	/**
	 * Whether clients can connect now.
	 * @return {@code false} if clients do not find the pipe any more
	 */
	boolean isReachable() {
		return this.server.isReachable();
	}

	private static long longAgo() {
		return System.nanoTime() - 2 * FAILING_NANOS;
	}

	/**
	 * Whether clients that connect are accepted, as far as the last attempts show.
	 * @return {@code false} if they fail, and have for a while
	 */
	boolean isAccepting() {
		long last = this.lastFailure;
		return System.nanoTime() - last > FAILING_NANOS || last - this.firstFailure < FAILING_NANOS;
	}

	private void failed(PipeException cause) {
		long now = System.nanoTime();
		if (now - this.lastFailure > FAILING_NANOS) {
			this.firstFailure = now;
		}
		this.lastFailure = now;
		this.listener.acceptFailed(this.settings.id(), cause);
	}

	/**
	 * The users that own the server.
	 * @return their ids
	 */
	Set<String> ownerIds() {
		return this.ownerIds;
	}

	int maxIdleThreads() {
		return this.maxIdleThreads;
	}

	/**
	 * Whether a thread waits for a client, or is about to.
	 * @return {@code false} if all of them serve
	 */
	boolean hasIdleThreads() {
		return this.idleThreads.get() > 0 || this.comingThreads.get() > 0;
	}

	/**
	 * Let one more thread wait for a client: one that was not needed for a while, or a
	 * new one.
	 * @param starter starts a thread, which calls {@link #hasCome()} and then
	 * {@link #accept()}; or returns {@code false}
	 */
	void callThread(BooleanSupplier starter) {
		this.comingThreads.incrementAndGet();
		boolean comes = false;
		try {
			comes = this.spareThreads.call() || starter.getAsBoolean();
		}
		finally {
			if (!comes) {
				hasCome();
			}
		}
	}

	/**
	 * Tell that a thread that was called runs.
	 */
	void hasCome() {
		this.comingThreads.decrementAndGet();
	}

	/**
	 * Wait for a client.
	 * @return the connection, or {@code null} if the thread is not needed any more,
	 * because enough other threads wait or the acceptor is closed
	 * @throws PipeException if clients cannot connect any more
	 */
	@Nullable PipeChannel accept() {
		PipeThread.ignoreInterrupts();
		try {
			while (true) {
				int idle = this.idleThreads.incrementAndGet();
				try {
					if (idle <= this.maxIdleThreads) {
						return awaitClient();
					}
				}
				finally {
					this.idleThreads.decrementAndGet();
				}
				if (!this.spareThreads.await()) {
					return null;
				}
				hasCome();
			}
		}
		finally {
			PipeThread.receiveInterrupts();
		}
	}

	private @Nullable PipeChannel awaitClient() {
		while (true) {
			try {
				PipeChannel accepted = this.server.accept();
				this.lastFailure = longAgo();
				return accepted;
			}
			catch (PipeException ex) {
				if (isClosing()) {
					return null;
				}
				if (ex instanceof PipeClosedException || !this.server.isOpen()) {
					throw new PipeException("The pipe is not listened on any more: " + ex.getMessage(), ex);
				}
				// Most likely the process has no file descriptors left; closed
				// connections free some.
				failed(ex);
			}
			catch (RuntimeException ex) {
				failed(new PipeException(String.valueOf(ex.getMessage()), ex));
			}
			pause();
		}
	}

	private boolean isClosing() {
		return this.closing.getCount() == 0;
	}

	private void pause() {
		try {
			this.closing.await(RETRY_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			// The next attempt comes earlier; nothing else depends on the pause.
		}
	}

	/**
	 * Stop listening. Threads that wait for clients return.
	 * @throws PipeException if the name could not be freed
	 */
	void close() {
		this.closing.countDown();
		this.spareThreads.close();
		this.server.close();
	}

}
