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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.namedpipe.security.IdentityNotRestoredError;
import io.namedpipe.security.PipeThread;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeWatchdog;

/**
 * What runs between a start and a stop of a container: the threads, and the connections
 * they serve.
 * <p>
 * A thread that accepts a client serves it itself, since handing it over would cost
 * another switch of threads. Whoever takes the last one that waits for clients away
 * starts another, up to the limit of connections: so slow clients never keep new ones out
 * before the limit.
 */
final class ContainerRun {

	private static final Log logger = LogFactory.getLog(ContainerRun.class);

	/** So many waiting threads are kept between bursts. */
	private static final int MAX_IDLE_THREADS = 16;

	private static final long ACCEPT_RETRY_MILLIS = 100;

	private final PipeContainerSettings settings;

	private final PipeServerChannel server;

	private final RequestDispatcher dispatcher;

	private final PipeWatchdog watchdog;

	private final ServingThreads threads;

	private final Vigil vigil;

	private final PauseGate gate = new PauseGate();

	private final Set<PipeChannel> connections = ConcurrentHashMap.newKeySet();

	private final int maxIdleThreads;

	private final AtomicInteger idleThreads = new AtomicInteger();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition threadEnded = this.lock.newCondition();

	private int liveThreads;

	private final CountDownLatch stopRequest = new CountDownLatch(1);

	private final Consumer<Throwable> failureListener;

	private volatile boolean stopping;

	ContainerRun(PipeContainerSettings settings, PipeServerChannel server, PipeRequestHandler handler,
			Consumer<Throwable> failureListener) {
		this.failureListener = failureListener;
		this.settings = settings;
		this.server = server;
		this.dispatcher = new RequestDispatcher(settings, handler);
		this.vigil = new Vigil(settings, () -> activeConnections() <= 1);
		this.watchdog = new PipeWatchdog("pipe-" + settings.id() + "-watchdog");
		this.threads = new ServingThreads("pipe-" + settings.id(), settings.virtualThreads());
		this.maxIdleThreads = Math.max(settings.serverOptions().instances(), MAX_IDLE_THREADS);
	}

	void start() {
		int initial = Math.min(this.settings.maxConnections(), this.settings.serverOptions().instances());
		for (int i = 0; i < initial; i++) {
			startThread();
		}
	}

	PauseGate gate() {
		return this.gate;
	}

	int activeConnections() {
		return this.connections.size();
	}

	private void startThread() {
		this.lock.lock();
		try {
			if (this.stopping || this.liveThreads >= this.settings.maxConnections()) {
				return;
			}
			this.liveThreads++;
			this.threads.start(this::run);
		}
		catch (OutOfMemoryError ex) {
			// No more threads to be had: those that there are go on.
			this.liveThreads--;
			logger.error("Pipe '%s': no thread could be started for more clients".formatted(this.settings.id()), ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void run() {
		boolean orderly = false;
		try {
			while (acceptAndServe()) {
				// Until the server stops, or enough threads wait.
			}
			orderly = true;
		}
		catch (IdentityNotRestoredError ex) {
			// No thread is started in place of this one: it would inherit the identity.
			orderly = true;
			this.failureListener.accept(ex);
		}
		finally {
			ended();
			if (!orderly) {
				startThread();
			}
		}
	}

	/**
	 * Wait for a client and serve it.
	 * @return whether there may be another one for this thread
	 */
	private boolean acceptAndServe() {
		PipeChannel channel = awaitClient();
		if (channel == null) {
			return false;
		}
		this.connections.add(channel);
		this.vigil.arrived();
		try {
			this.gate.await();
			new PipeConnection(this.settings, channel, this.dispatcher).serve(this.watchdog);
			PipeThread.requireUnspoilt();
		}
		finally {
			this.connections.remove(channel);
		}
		this.vigil.served();
		return true;
	}

	private @Nullable PipeChannel awaitClient() {
		PipeChannel channel = null;
		int idle = this.idleThreads.incrementAndGet();
		// What a handler left behind is not meant for the wait, which it would end; what
		// comes during the wait is not meant for the client.
		Thread.interrupted();
		try {
			channel = (idle <= this.maxIdleThreads) ? accept() : null;
			Thread.interrupted();
		}
		finally {
			idle = this.idleThreads.decrementAndGet();
		}
		if (channel != null && idle == 0) {
			startThread();
		}
		return channel;
	}

	private @Nullable PipeChannel accept() {
		while (true) {
			try {
				return this.server.accept();
			}
			catch (PipeClosedException ex) {
				return null;
			}
			catch (RuntimeException ex) {
				// Out of file descriptors, most likely: others may give some back.
				logger.error("Pipe '%s': %s".formatted(this.settings.id(), ex.getMessage()),
						(ex instanceof PipeException) ? null : ex);
				if (!pauseAfterFailure()) {
					return null;
				}
			}
		}
	}

	private boolean pauseAfterFailure() {
		this.lock.lock();
		try {
			return !this.threadEnded.await(ACCEPT_RETRY_MILLIS, TimeUnit.MILLISECONDS) || this.server.isOpen();
		}
		catch (InterruptedException ex) {
			// Nobody but a stop ends this thread, and a stop closes the server first.
			return this.server.isOpen();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void ended() {
		this.lock.lock();
		try {
			this.liveThreads--;
			this.threadEnded.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	void requestStop() {
		this.stopRequest.countDown();
	}

	void awaitStopRequest() {
		boolean requested = false;
		while (!requested) {
			try {
				this.stopRequest.await();
				requested = true;
			}
			catch (InterruptedException ex) {
				// Nobody but a stop ends this wait.
			}
		}
	}

	/**
	 * Stop listening, and wait for the clients that are being served. What is not
	 * finished after the grace period is ended.
	 * @return whether every thread has ended
	 */
	boolean stop() {
		this.lock.lock();
		try {
			this.stopping = true;
		}
		finally {
			this.lock.unlock();
		}
		try {
			closeServer();
			this.gate.open();
			if (awaitThreads(this.settings.gracePeriod())) {
				return true;
			}
			logger.warn("Pipe '%s': %d connections did not finish within %d ms and are closed"
				.formatted(this.settings.id(), this.connections.size(), this.settings.gracePeriod().toMillis()));
			this.connections.forEach(PipeChannel::close);
			this.threads.interrupt();
			return awaitThreads(Duration.ofSeconds(2));
		}
		finally {
			this.watchdog.close();
		}
	}

	// Whatever fails here, the clients that are being served are waited for.
	private void closeServer() {
		try {
			this.server.close();
		}
		catch (PipeException ex) {
			logger.error("Pipe '%s': %s".formatted(this.settings.id(), ex.getMessage()));
		}
	}

	private boolean awaitThreads(Duration patience) {
		long left = patience.toNanos();
		this.lock.lock();
		try {
			while (this.liveThreads > 0) {
				if (left <= 0) {
					return false;
				}
				left = this.threadEnded.awaitNanos(left);
			}
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
		finally {
			this.lock.unlock();
		}
	}

}
