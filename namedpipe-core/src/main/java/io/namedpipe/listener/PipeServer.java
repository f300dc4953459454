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
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.namedpipe.deadline.Deadlines;
import io.namedpipe.handler.PipeExchangeHolder;
import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.ProtocolCapabilities.Feature;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.security.IdentityNotRestoredError;
import io.namedpipe.transport.LogText;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;

/**
 * The threads and connections between a start and a stop of a container.
 * <p>
 * A thread that accepts a client also serves it, because handing it over would cost a
 * switch of threads. When the last thread that waits for clients begins to serve, another
 * one is started. So slow clients delay new ones only at the limit of connections; at
 * that limit clients are still accepted, and wait without a thread.
 */
final class PipeServer {

	private static final Log logger = LogFactory.getLog(PipeServer.class);

	/** Interval of the check of running requests: their clients, and their time. */
	static final Duration CLIENT_CHECK_INTERVAL = Duration.ofMillis(250);

	/** Time for requests to be noticed that were sent just before a stop. */
	private static final Duration ARRIVAL_PERIOD = Duration.ofMillis(500);

	/**
	 * Time for handlers to end after they were interrupted at the end of the grace
	 * period.
	 */
	private static final Duration INTERRUPT_PERIOD = Duration.ofSeconds(2);

	/** Time for which a connection must have been idle to be closed for a new client. */
	private static final Duration EVICTION_PERIOD = Duration.ofSeconds(1);

	private final PipeContainerSettings settings;

	private final List<PipeAcceptor> acceptors;

	private final PipeServerListener listener;

	private final Consumer<Throwable> failureListener;

	private final ExchangeDispatcher dispatcher;

	private final Deadlines deadlines;

	private final ServingThreads threads;

	private final int maxThreads;

	private final PauseGate gate = new PauseGate();

	private final Set<PipeConnection> connections = ConcurrentHashMap.newKeySet();

	private final Surprises surprises;

	private final Admission admission;

	private final ClientCheck check;

	/** Whether the system had no thread for clients that may come. */
	private volatile boolean shortOfThreads;

	private volatile boolean stopping;

	PipeServer(PipeContainerSettings settings, List<PipeServerChannel> channels, ExchangeHandler handler,
			PipeServerListener listener, Consumer<Throwable> failureListener) {
		this.settings = settings;
		this.surprises = new Surprises(settings.id());
		this.listener = listener;
		this.failureListener = failureListener;
		this.acceptors = channels.stream().map((channel) -> new PipeAcceptor(settings, channel, listener)).toList();
		// All connections may be in use, and still clients are accepted and told apart.
		this.maxThreads = settings.maxConnections()
				+ this.acceptors.stream().mapToInt(PipeAcceptor::maxIdleThreads).sum();
		this.threads = new ServingThreads("pipe-" + settings.id(), settings.virtualThreads());
		this.admission = new Admission(settings, listener, this::closeLongestIdle);
		this.dispatcher = new ExchangeDispatcher(settings, handler, listener, this::startConcurrently);
		this.check = new ClientCheck(settings, this.admission, this.dispatcher);
		this.deadlines = new Deadlines("pipe-" + settings.id() + "-deadlines", CLIENT_CHECK_INTERVAL,
				this::checkClients);
	}

	/**
	 * Serve clients.
	 * @throws PipeException if the system has no thread for them
	 */
	void start() {
		int initial = Math.max(1, Math.min(this.settings.maxConnections(), this.settings.serverOptions().instances()));
		// In turns, so that each listener has a thread as long as there are enough.
		for (int i = 0; i < initial; i++) {
			this.acceptors.forEach(this::callThread);
		}
		if (this.shortOfThreads) {
			throw new PipeException("No thread could be started for clients; raise the limit of threads (ulimit -u)");
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

	/**
	 * Whether clients that connect are accepted, as far as the last attempts show.
	 * @return {@code false} if accepting fails, or if there is no thread to do it
	 */
	boolean isAccepting() {
		return this.acceptors.stream()
			.allMatch((each) -> each.isAccepting() && (!this.shortOfThreads || each.hasIdleThreads()));
	}

	private void callThread(PipeAcceptor acceptor) {
		try {
			if (!this.stopping) {
				acceptor.callThread(() -> this.threads.start(() -> run(acceptor), this.maxThreads));
				this.shortOfThreads = false;
			}
		}
		catch (OutOfMemoryError ex) {
			// The system has no more threads; the existing ones go on.
			this.shortOfThreads = true;
			this.surprises.report("no thread could be started for more clients", ex);
		}
	}

	private void startConcurrently(Runnable exchange) {
		this.threads.start(() -> {
			try {
				exchange.run();
			}
			catch (IdentityNotRestoredError ex) {
				this.failureListener.accept(ex);
			}
		});
	}

	private void run(PipeAcceptor acceptor) {
		acceptor.hasCome();
		try {
			acceptAndServe(acceptor);
		}
		catch (Throwable ex) {
			// Nothing replaces this thread, and others may end for the same reason.
			this.failureListener.accept(ex);
		}
	}

	private void acceptAndServe(PipeAcceptor acceptor) {
		AdmittedClient client = next(acceptor);
		while (client != null) {
			AdmittedClient following;
			boolean tainted = false;
			try {
				serve(client);
			}
			catch (IdentityNotRestoredError ex) {
				// No thread replaces this one: it would inherit the identity.
				tainted = true;
				this.failureListener.accept(ex);
			}
			catch (Throwable ex) {
				this.surprises.report("a connection ended in an unexpected way", ex);
			}
			finally {
				// An interrupt that a handler has left behind would close the channel of
				// the next client.
				Thread.interrupted();
				following = this.admission.release(client);
			}
			if (tainted) {
				if (following != null) {
					Admission.close(following);
				}
				return;
			}
			client = (following != null) ? following : next(acceptor);
		}
	}

	// Accepts clients until one can be served, or the thread is not needed any more.
	private @Nullable AdmittedClient next(PipeAcceptor acceptor) {
		PipeChannel channel;
		while ((channel = accept(acceptor)) != null) {
			if (!acceptor.hasIdleThreads()) {
				callThread(acceptor);
			}
			AdmittedClient client = admit(channel, acceptor);
			if (client != null) {
				return client;
			}
		}
		return null;
	}

	private @Nullable AdmittedClient admit(PipeChannel channel, PipeAcceptor acceptor) {
		try {
			AdmittedClient client = new AdmittedClient(channel, acceptor.ownerIds());
			try {
				return this.admission.admit(client) ? client : null;
			}
			catch (Admission.RefusedException ex) {
				refuse(client, ex.failure());
			}
		}
		catch (Throwable ex) {
			// No other code has the connection.
			this.surprises.report("a client could not be admitted", ex);
			this.surprises.guard(channel::close);
		}
		return null;
	}

	private void refuse(AdmittedClient client, PipeFailure failure) {
		this.listener.connectionRefused(this.settings.id(), client.user().id(), failure);
		PipeConnection connection = new PipeConnection(this.settings, client, this.deadlines, this.threads,
				this.dispatcher);
		try {
			connection.refuse(failure);
		}
		catch (RuntimeException ex) {
			// The client has left, or does not read.
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

	private void serve(AdmittedClient client) {
		try (PipeChannel channel = client.channel()) {
			PipeConnection connection = new PipeConnection(this.settings, client, this.deadlines, this.threads,
					this.dispatcher);
			this.connections.add(connection);
			try {
				connection.connection().setArrivalListener(() -> this.check.identify(client, connection.connection()));
				this.gate.await();
				if (this.stopping) {
					connection.connection().closeIfIdle(Duration.ZERO);
				}
				connection.serve((exchange) -> handle(client, connection.connection(), exchange), this.listener);
			}
			finally {
				this.connections.remove(connection);
			}
		}
	}

	private void handle(AdmittedClient client, ServerConnection connection, PipeExchange exchange) {
		if (this.settings.protocol().capabilities().has(Feature.CONCURRENT_EXCHANGES)) {
			// Its session waits for the next request, and not for the end of this one.
			exchange.onEnd(() -> closeIfStopping(connection));
		}
		this.check.handle(client, exchange);
	}

	private void closeIfStopping(ServerConnection connection) {
		if (this.stopping) {
			this.surprises.guard(() -> connection.closeIfIdle(Duration.ZERO));
		}
	}

	// For a client that waits for a connection, of a user or of anybody.
	private boolean closeLongestIdle(@Nullable ClientUser user) {
		return this.settings.protocol().capabilities().has(Feature.KEPT_CONNECTIONS) && this.connections.stream()
			.filter((each) -> user == null || each.client().user().equals(user))
			.max(Comparator.comparing((each) -> each.connection().idleTime()))
			.filter((each) -> each.connection().closeIfIdle(EVICTION_PERIOD))
			.isPresent();
	}

	// Runs at an interval on the thread of the deadlines.
	private void checkClients() {
		if (this.shortOfThreads) {
			this.acceptors.stream().filter((each) -> !each.hasIdleThreads()).forEach(this::callThread);
		}
		this.surprises.guard(this.admission::makeRoom);
		this.connections.forEach((each) -> this.surprises.guard(each::check));
	}

	// A failure of one connection must not affect the others.
	private void forEachConnection(Consumer<ServerConnection> action) {
		this.connections.forEach((each) -> this.surprises.guard(() -> action.accept(each.connection())));
	}

	/**
	 * Tell that the calling thread may wait for the stop, so that the stop does not wait
	 * for the thread, nor for those that wait for it.
	 */
	void excuseCaller() {
		Thread caller = Thread.currentThread();
		PipeExchange bound = PipeExchangeHolder.getExchange();
		this.threads.excuse(caller);
		this.connections.forEach((each) -> each.waitingFor(caller, bound).forEach(this.threads::excuse));
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
			this.admission.close();
			this.gate.open();
			forEachConnection(ServerConnection::stop);
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
			forEachConnection((each) -> each.channel().close());
			this.threads.interrupt();
			return this.threads.await(INTERRUPT_PERIOD);
		}
		finally {
			this.deadlines.close();
		}
	}

	private void closeIdleConnections(Duration minimum) {
		forEachConnection((each) -> each.closeIfIdle(minimum));
	}

	private void close(PipeAcceptor acceptor) {
		try {
			acceptor.close();
		}
		catch (PipeException ex) {
			logger.error("Pipe '%s': %s".formatted(this.settings.id(), LogText.of(ex.getMessage())));
		}
	}

}
