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

package io.namedpipe.client;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.namedpipe.deadline.Deadline;
import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeRemoteException;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.ProtocolCapabilities.Feature;
import io.namedpipe.security.PipeThread;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeConnector;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeImpersonationException;
import io.namedpipe.transport.PipeUnsupportedException;

/**
 * Sends requests to a pipe. Immutable and thread-safe; made by
 * {@link #builder(PipeConnector)} or, in a Spring Boot application, by the
 * {@link PipeTemplateBuilder} bean.
 * <p>
 * Connections are kept for further requests where the protocol allows it
 * ({@link PipePoolOptions}). A request that a kept connection could not take is sent once
 * more on a new one. A thread that acts as a client uses connections of its own, which
 * are not kept, so that no request is sent as another user.
 *
 * @since 0.1.0
 */
public final class PipeTemplate implements PipeOperations, AutoCloseable {

	private final PipeTemplateBuilder.Settings settings;

	private final PipeAddress address;

	private final PipeClientListener listener;

	private final PayloadConversion conversion;

	private final PipeClientResources resources;

	private final ConnectionPool pool;

	private final ConnectionPool unkept;

	/** Whether a new connection is a new server, and not a second way to one. */
	private final boolean startsServer;

	PipeTemplate(PipeTemplateBuilder.Settings settings, PipeAddress address) {
		this.settings = settings;
		this.address = address;
		this.listener = new CompositePipeClientListener(settings.listeners);
		this.conversion = new PayloadConversion(settings.converters);
		this.resources = (settings.resources != null) ? settings.resources : new PipeClientResources();
		this.startsServer = settings.connector.startsServer(address);
		PipePoolOptions options = this.startsServer ? settings.pool.single() : settings.pool;
		this.pool = new ConnectionPool(address.toString(), options, this::open);
		this.unkept = new ConnectionPool(address.toString(),
				new PipePoolOptions(options.maxSize(), Duration.ZERO, options.acquireTimeout()), this::open);
		this.resources.add(this.pool);
		this.resources.add(this.unkept);
	}

	/**
	 * Create a builder of templates that are closed by their user, because each of them
	 * has its own threads.
	 * @param connector the transport that connects
	 * @return a builder
	 */
	public static PipeTemplateBuilder builder(PipeConnector connector) {
		return new PipeTemplateBuilder(connector, null);
	}

	/**
	 * Create a builder of templates that share their threads, and need not be closed.
	 * @param connector the transport that connects
	 * @param resources what the templates share, closed by the caller
	 * @return a builder
	 */
	public static PipeTemplateBuilder builder(PipeConnector connector, PipeClientResources resources) {
		return new PipeTemplateBuilder(connector, resources);
	}

	/**
	 * The pipe that requests go to.
	 * @return the address
	 */
	public PipeAddress address() {
		return this.address;
	}

	@Override
	public PipeRequestSpec route(String route) {
		return new DefaultPipeRequestSpec(this, this.conversion, route.startsWith("/") ? route.substring(1) : route,
				this.settings.requestTimeout);
	}

	boolean has(Feature feature) {
		return this.settings.protocol.capabilities().has(feature);
	}

	@Override
	public String requestFile(String fileName) {
		PipeReply reply = PayloadConversion.requireContent(exchange(PipeRequest.of(fileName)));
		return String.valueOf(this.conversion.fromReply(reply, String.class));
	}

	@Override
	public PipeReply exchange(PipeRequest request) {
		return exchange(request, this.settings.requestTimeout);
	}

	PipeReply exchange(PipeRequest request, Duration timeout) {
		long start = System.nanoTime();
		RuntimeException failure = null;
		this.listener.exchangeStarted(this.address, request);
		try {
			verify(request);
			return send(request, timeout);
		}
		catch (RuntimeException ex) {
			failure = ex;
			close(request.body(), ex);
			throw ex;
		}
		finally {
			this.listener.exchangeEnded(this.address, request, failure, Duration.ofNanos(System.nanoTime() - start));
		}
	}

	// A session closes the body that it sends. The request may have failed before.
	private static void close(PipeBody body, RuntimeException failure) {
		try {
			body.close();
		}
		catch (IOException ex) {
			failure.addSuppressed(ex);
		}
	}

	private void verify(PipeRequest request) {
		if (!request.route().isEmpty() && !has(Feature.ROUTES)) {
			throw new PipeUnsupportedException(
					"The protocol '%s' has no routes".formatted(this.settings.protocol.name()));
		}
		if (!request.headers().isEmpty() && !has(Feature.HEADERS)) {
			throw new PipeUnsupportedException(
					"The protocol '%s' has no headers, methods and queries".formatted(this.settings.protocol.name()));
		}
	}

	private PipeReply send(PipeRequest request, Duration timeout) {
		ConnectionPool connections = PipeThread.isActingAsClient() ? this.unkept : this.pool;
		// A stream that a kept connection has not taken could not be sent again.
		boolean once = request.body().isStream() || request.body().writer() != null;
		PooledConnection connection = connections.acquire(once && !this.startsServer);
		try {
			return exchange(connection, request, timeout);
		}
		catch (PipeException ex) {
			// After a new connection only if the server wants it sent in another way.
			boolean again = connection.isReused() || ex instanceof PipeRemoteException;
			if (!again || !connection.session().isRepeatable()) {
				throw ex;
			}
		}
		this.listener.exchangeRepeated(this.address, request);
		return exchange(connections.acquire(true), request, timeout);
	}

	private PipeReply exchange(PooledConnection connection, PipeRequest request, Duration timeout) {
		boolean streaming = false;
		try {
			connection.connection().requestTimeout(timeout);
			limitTotal(connection.connection());
			PipeReply reply = connection.session().exchange(request);
			PipeBody body = reply.body();
			streaming = body.isStream();
			return streaming
					? new PipeReply(reply.headers(), PipeBody
						.of(new ReleasingStream(body.stream(), connection::release), body.length(), body.description()))
					: reply;
		}
		finally {
			if (!streaming) {
				connection.release();
			}
		}
	}

	private void limitTotal(ClientConnection connection) {
		connection.deadline()
			.limitTotal("The request to the pipe '%s'".formatted(this.address), this.settings.totalTimeout,
					"total-timeout");
	}

	private PooledConnection open(ConnectionPool owner) {
		AtomicReference<@Nullable PooledConnection> made = new AtomicReference<>();
		ClientConnection connection = connect(() -> {
			PooledConnection pooled = made.get();
			if (pooled != null) {
				pooled.expired();
			}
		});
		try {
			ClientSession session = this.settings.protocol.open(connection);
			PooledConnection pooled = new PooledConnection(owner, connection, session,
					() -> this.listener.connectionClosed(this.address));
			made.set(pooled);
			this.listener.connectionOpened(this.address);
			return pooled;
		}
		catch (RuntimeException | Error ex) {
			connection.close();
			throw ex;
		}
	}

	private ClientConnection connect(Runnable onExpiry) {
		PipeChannel channel = this.settings.connector.connect(this.address, this.settings.options);
		Deadline deadline = this.resources.deadlines().watch(() -> {
			channel.close();
			onExpiry.run();
		});
		// One attempt to connect can meet a busy server too, which never speaks.
		Duration connectTimeout = this.settings.options.connectTimeout();
		return new ClientConnection(this.address, channel, deadline,
				connectTimeout.isZero() ? this.settings.requestTimeout : connectTimeout, this.settings.requestTimeout,
				this.resources.threads().senders());
	}

	@Override
	public <T extends @Nullable Object> T execute(Function<PipeChannel, T> callback) {
		ClientConnection connection = connect(() -> {
		});
		try {
			this.listener.connectionOpened(this.address);
			limitTotal(connection);
			// There is no session that arms the deadline.
			connection.armRequest();
			return callback.apply(connection.progressChannel());
		}
		catch (PipeException ex) {
			throw connection.translate(ex);
		}
		finally {
			connection.close();
			this.listener.connectionClosed(this.address);
		}
	}

	<T extends @Nullable Object> CompletableFuture<T> call(Callable<T> call, Consumer<T> discard) {
		if (PipeThread.isActingAsClient()) {
			throw new PipeImpersonationException(
					"An asynchronous call would be made as the server and not as the client, as another thread makes it");
		}
		PipeFuture<T> future = new PipeFuture<>(call, discard);
		this.resources.threads().call(future);
		return future;
	}

	/**
	 * Close the connections, and end the threads if this template has its own. Requests
	 * that wait or are under way fail. Idempotent.
	 */
	@Override
	public void close() {
		this.pool.close();
		this.unkept.close();
		this.resources.remove(this.pool);
		this.resources.remove(this.unkept);
		if (this.settings.resources == null) {
			this.resources.close();
		}
	}

	@Override
	public String toString() {
		return "PipeTemplate[%s over %s]".formatted(this.address, this.settings.connector.name());
	}

}
