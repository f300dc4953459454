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
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.namedpipe.deadline.Deadlines;
import io.namedpipe.deadline.RepeatedLine;
import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.security.IdentityNotRestoredError;
import io.namedpipe.security.PipeThread;
import io.namedpipe.transport.LogText;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;

/**
 * The threads and connections between a start and a stop of a container.
 * <p>
 * A thread that accepts a client also serves it, because handing it over would cost a
 * switch of threads. When the last thread that waits for clients begins to serve, another
 * one is started, up to the limit of connections. So slow clients delay new ones only at
 * that limit.
 */
final class PipeServer {

	private static final Log logger = LogFactory.getLog(PipeServer.class);

	/** Interval of the check of running requests: their clients, and their time. */
	private static final Duration CLIENT_CHECK_INTERVAL = Duration.ofMillis(250);

	/** Time for requests to be noticed that were sent just before a stop. */
	private static final Duration ARRIVAL_PERIOD = Duration.ofMillis(500);

	/**
	 * Time for handlers to end after they were interrupted at the end of the grace
	 * period.
	 */
	private static final Duration INTERRUPT_PERIOD = Duration.ofSeconds(2);

	private final PipeContainerSettings settings;

	private final List<PipeAcceptor> acceptors;

	private final PipeServerListener listener;

	private final Consumer<Throwable> failureListener;

	private final ExchangeDispatcher dispatcher;

	private final Deadlines deadlines;

	private final ServingThreads threads;

	private final PauseGate gate = new PauseGate();

	private final Set<PipeConnection> connections = ConcurrentHashMap.newKeySet();

	/** Clients must not be able to fill the log with it. */
	private final RepeatedLine surprises = new RepeatedLine(Duration.ofSeconds(10));

	private final AtomicBoolean saturated = new AtomicBoolean();

	private volatile boolean stopping;

	PipeServer(PipeContainerSettings settings, List<PipeServerChannel> channels, ExchangeHandler handler,
			PipeServerListener listener, Consumer<Throwable> failureListener) {
		this.settings = settings;
		this.listener = listener;
		this.failureListener = failureListener;
		this.acceptors = channels.stream().map((channel) -> new PipeAcceptor(settings, channel, listener)).toList();
		this.threads = new ServingThreads("pipe-" + settings.id(), settings.virtualThreads());
		this.dispatcher = new ExchangeDispatcher(settings, handler, listener, this.threads::start);
		this.deadlines = new Deadlines("pipe-" + settings.id() + "-deadlines", CLIENT_CHECK_INTERVAL,
				this::checkClients);
	}

	void start() {
		int initial = Math.max(1, Math.min(this.settings.maxConnections(), this.settings.serverOptions().instances()));
		// In turns, so that each listener has a thread as long as there are enough.
		for (int i = 0; i < initial; i++) {
			this.acceptors.forEach(this::startThread);
		}
	}

	PauseGate gate() {
		return this.gate;
	}

	int activeConnections() {
		return this.connections.size();
	}

	List<String> locations() {
		return this.acceptors.stream().map(PipeAcceptor::location).toList();
	}

	boolean isReachable() {
		return this.acceptors.stream().allMatch(PipeAcceptor::isReachable);
	}

	private void startThread(PipeAcceptor acceptor) {
		try {
			if (!this.stopping && !this.threads.start(() -> run(acceptor), this.settings.maxConnections())
					&& this.saturated.compareAndSet(false, true)) {
				this.listener.connectionLimitReached(this.settings.id(), this.settings.maxConnections());
			}
		}
		catch (OutOfMemoryError ex) {
			// The system has no more threads; the existing ones go on.
			this.surprises.say((suffix) -> logger.error(
					"Pipe '%s': no thread could be started for more clients%s".formatted(this.settings.id(), suffix),
					ex));
		}
	}

	private void run(PipeAcceptor acceptor) {
		PipeChannel channel;
		while ((channel = accept(acceptor)) != null) {
			if (!acceptor.hasIdleThreads()) {
				startThread(acceptor);
			}
			try {
				serve(channel);
			}
			catch (IdentityNotRestoredError ex) {
				// No thread replaces this one: it would inherit the identity.
				this.failureListener.accept(ex);
				return;
			}
			catch (Throwable ex) {
				this.surprises.say((suffix) -> logger.error(
						"Pipe '%s': a connection ended in an unexpected way%s".formatted(this.settings.id(), suffix),
						LogText.of(ex)));
			}
			this.saturated.set(false);
		}
	}

	private @Nullable PipeChannel accept(PipeAcceptor acceptor) {
		try {
			return acceptor.accept();
		}
		catch (PipeException | Error ex) {
			this.failureListener.accept(ex);
			return null;
		}
	}

	private void serve(PipeChannel channel) {
		try (channel) {
			PipeConnection connection = new PipeConnection(this.settings, channel, this.deadlines);
			this.connections.add(connection);
			try {
				this.gate.await();
				if (this.stopping) {
					connection.connection().closeIfIdle(Duration.ZERO);
				}
				connection.serve(this.dispatcher, this.listener);
				PipeThread.requireUntainted();
			}
			finally {
				this.connections.remove(connection);
			}
		}
	}

	// Runs at an interval on the thread of the deadlines.
	private void checkClients() {
		for (PipeConnection each : this.connections) {
			ServerConnection connection = each.connection();
			for (PipeExchange exchange : connection.exchangesInFlight()) {
				this.dispatcher.checkTime(exchange);
				if (exchange.channel() == null && exchange.duration().compareTo(CLIENT_CHECK_INTERVAL) > 0
						&& (exchange.isClientGone() || connection.channel().isPeerGone())) {
					connection.clientHasLeft();
					this.dispatcher.interrupt(exchange);
				}
			}
		}
	}

	/**
	 * Tell that a thread waits for the stop, so that the stop does not wait for the
	 * thread.
	 * @param thread the thread, of this server or any other
	 */
	void excuse(Thread thread) {
		this.threads.excuse(thread);
	}

	/**
	 * Stop listening, close the connections without a request, and wait for the requests
	 * in flight. After the grace period, close the remaining connections and interrupt
	 * their threads.
	 * @return whether every thread has ended
	 */
	boolean stop() {
		this.stopping = true;
		try {
			// An acceptor that cannot be closed must not keep the requests from being
			// waited for.
			this.acceptors.forEach(this::close);
			this.gate.open();
			this.connections.forEach((connection) -> connection.connection().stop());
			closeIdleConnections(ARRIVAL_PERIOD);
			this.threads.await(ARRIVAL_PERIOD);
			closeIdleConnections(Duration.ZERO);
			if (this.threads.await(this.settings.gracePeriod())) {
				return true;
			}
			int requests = this.connections.stream()
				.mapToInt((each) -> each.connection().exchangesInFlight().size())
				.sum();
			logger.warn("Pipe '%s': %d requests did not finish within %d ms, and their connections are closed"
				.formatted(this.settings.id(), requests, this.settings.gracePeriod().toMillis()));
			this.connections.forEach(PipeConnection::close);
			this.threads.interrupt();
			return this.threads.await(INTERRUPT_PERIOD);
		}
		finally {
			this.deadlines.close();
		}
	}

	private void closeIdleConnections(Duration minimum) {
		this.connections.forEach((connection) -> connection.connection().closeIfIdle(minimum));
	}

	private void close(PipeAcceptor acceptor) {
		try {
			acceptor.close();
		}
		catch (PipeException ex) {
			logger.error("Pipe '%s': %s".formatted(this.settings.id(), ex.getMessage()));
		}
	}

}
