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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.ProtocolCapabilities;
import io.namedpipe.protocol.ProtocolCapabilities.Feature;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.ServerSession;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.LogCapture;
import io.namedpipe.testing.Pipes;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeException;

/**
 * A server with listening ends, clients and sessions of the test.
 */
final class PipeServerFixture implements AutoCloseable, PipeProtocol {

	/** Sends nothing. */
	static final PipeExchange.Responder RESPONDER = new PipeExchange.Responder() {

		@Override
		public void reply(PipeReply reply) {
		}

		@Override
		public void fail(PipeFailure failure) {
		}

	};

	final String id = Pipes.uniqueName();

	final LogCapture log = LogCapture.of("'" + this.id + "'");

	final List<ScriptedEnd> ends = new ArrayList<>(List.of(new ScriptedEnd()));

	final List<Throwable> failures = new CopyOnWriteArrayList<>();

	/** Of clients that wait or are refused, in order. */
	final Queue<String> events = new ConcurrentLinkedQueue<>();

	/** Releases the waiting sessions and handlers of the fixture. */
	final CountDownLatch released = new CountDownLatch(1);

	final BlockingQueue<PipeExchange> interrupted = new LinkedBlockingQueue<>();

	UnaryOperator<PipeContainerSettings.Builder> settings = UnaryOperator.identity();

	Feature[] features = {};

	ExchangeHandler handler = this::keep;

	Session session = this::idle;

	private final BlockingQueue<ServerConnection> served = new LinkedBlockingQueue<>();

	private @Nullable PipeServer server;

	PipeServer start() {
		PipeContainerSettings.Builder builder = PipeContainerSettings.of(this.id, PipeAddress.of(this.id), this)
			.reservedConnections(0)
			.gracePeriod(Duration.ofSeconds(20));
		PipeServer started = new PipeServer(this.settings.apply(builder).build(), List.copyOf(this.ends),
				(exchange) -> this.handler.handle(exchange), new PipeServerListener() {

					@Override
					public void connectionOpened(ServerConnection connection) {
						PipeServerFixture.this.served.add(connection);
					}

					@Override
					public void connectionRefused(String pipeId, String userId, PipeFailure failure) {
						PipeServerFixture.this.events.add("refused %s %s".formatted(userId, failure.code()));
					}

					@Override
					public void connectionLimitReached(String pipeId, int maxConnections) {
						PipeServerFixture.this.events.add("limit");
					}

				}, this.failures::add);
		this.server = started;
		started.start();
		return started;
	}

	PipeServer server() {
		return Objects.requireNonNull(this.server);
	}

	/**
	 * A session that waits for nothing of its client.
	 */
	private void idle(ServerConnection connection, ExchangeHandler exchanges) {
		awaitRelease();
	}

	void awaitRelease() {
		while (this.released.getCount() > 0) {
			try {
				this.released.await();
			}
			catch (InterruptedException ex) {
				// This does not matter to the test.
			}
		}
	}

	/**
	 * A session with one request.
	 */
	static void request(ServerConnection connection, ExchangeHandler exchanges) {
		connection.exchange(exchanges, PipeRequest.of("x"), RESPONDER);
	}

	// Until it is interrupted.
	private void keep(PipeExchange exchange) throws InterruptedException {
		try {
			this.released.await();
		}
		catch (InterruptedException ex) {
			this.interrupted.add(exchange);
			throw ex;
		}
	}

	/**
	 * Wait for a client to be served.
	 * @return the next connection
	 */
	ServerConnection serving() throws InterruptedException {
		return next(this.served);
	}

	boolean isAnotherServed() {
		return !this.served.isEmpty();
	}

	static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
		T next = queue.poll(Background.PATIENCE_SECONDS, TimeUnit.SECONDS);
		if (next == null) {
			throw new IllegalStateException("Nothing came");
		}
		return next;
	}

	Client connect() {
		return connect("1001");
	}

	Client connect(String user) {
		return connect(new Client(user));
	}

	Client connect(Client client) {
		this.ends.get(0).clients.add(client);
		return client;
	}

	/**
	 * The live threads that accept and serve.
	 */
	List<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().matches("pipe-" + this.id + "-[0-9]+"))
			.toList();
	}

	@Override
	public String name() {
		return "test";
	}

	@Override
	public ProtocolCapabilities capabilities() {
		return ProtocolCapabilities.of(this.features);
	}

	@Override
	public ServerSession serve(ServerConnection connection) {
		return new ServerSession() {

			@Override
			public void run(ExchangeHandler handler) {
				PipeServerFixture.this.session.run(connection, handler);
			}

			@Override
			public void refuse(PipeFailure failure) {
				PipeServerFixture.this.events.add("told " + failure.message());
				throw new PipeException("does not read");
			}

		};
	}

	@Override
	public ClientSession open(ClientConnection connection) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void close() {
		this.released.countDown();
		if (this.server != null) {
			this.server.stop();
		}
		this.log.close();
	}

	/**
	 * The session of a client.
	 */
	@FunctionalInterface
	interface Session {

		void run(ServerConnection connection, ExchangeHandler handler);

	}

	/**
	 * A client, which says nothing.
	 */
	static final class Client extends ScriptedChannel {

		private final String user;

		volatile boolean gone;

		volatile boolean broken;

		/** The error that asking for the user throws. */
		volatile @Nullable Error error;

		private final CountDownLatch closed = new CountDownLatch(1);

		Client(String user) {
			this.user = user;
		}

		static Client of(ServerConnection connection) {
			return (Client) connection.channel();
		}

		void awaitClosed() {
			try {
				if (!this.closed.await(Background.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
					throw new IllegalStateException("The client is not closed");
				}
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		public void close() {
			super.close();
			this.closed.countDown();
		}

		@Override
		public void recheckPeer(Duration maxAge) {
			if (this.error != null) {
				throw this.error;
			}
		}

		@Override
		public PeerIdentity peer() {
			recheckPeer(Duration.ZERO);
			return PeerIdentity.of(PeerIdentity.Kind.UNIX, this.user).build();
		}

		@Override
		public boolean isPeerGone() {
			if (this.broken) {
				throw new IllegalStateException("cannot be asked");
			}
			return this.gone;
		}

	}

}
