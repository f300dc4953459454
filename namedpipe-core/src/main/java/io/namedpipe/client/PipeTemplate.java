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

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.namedpipe.deadline.Deadline;
import io.namedpipe.deadline.Deadlines;
import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeConnector;
import io.namedpipe.transport.PipeException;

/**
 * Sends requests to a pipe. Immutable and thread-safe; made by
 * {@link #builder(PipeConnector)} or, in a Spring Boot application, by the
 * {@link PipeTemplateBuilder} bean. Every request has a connection of its own.
 *
 * @since 0.1.0
 */
public final class PipeTemplate implements PipeOperations, AutoCloseable {

	/** The largest reply that requestFile reads, in bytes. */
	private static final int MAX_TEXT_BYTES = 16 * 1024 * 1024;

	private final PipeConnector connector;

	private final PipeAddress address;

	private final PipeProtocol protocol;

	private final PipeClientOptions options;

	private final Duration requestTimeout;

	private final Duration totalTimeout;

	private final PipeClientListener listener;

	private final Deadlines deadlines;

	private final boolean ownsDeadlines;

	PipeTemplate(PipeTemplateBuilder.Settings settings, PipeAddress address) {
		this.connector = settings.connector();
		this.address = address;
		this.protocol = settings.protocol();
		this.options = settings.options();
		this.requestTimeout = settings.requestTimeout();
		this.totalTimeout = settings.totalTimeout();
		this.listener = new CompositePipeClientListener(settings.listeners());
		this.ownsDeadlines = settings.deadlines() == null;
		this.deadlines = (settings.deadlines() != null) ? settings.deadlines() : new Deadlines("pipe-client-deadlines");
	}

	/**
	 * Create a builder of templates that are closed by their user, because each of them
	 * has its own thread for deadlines.
	 * @param connector the transport that connects
	 * @return a builder
	 */
	public static PipeTemplateBuilder builder(PipeConnector connector) {
		return new PipeTemplateBuilder(connector, null);
	}

	/**
	 * Create a builder of templates that share a thread for deadlines, and need not be
	 * closed.
	 * @param connector the transport that connects
	 * @param deadlines watches the deadlines, closed by the caller
	 * @return a builder
	 */
	public static PipeTemplateBuilder builder(PipeConnector connector, Deadlines deadlines) {
		return new PipeTemplateBuilder(connector, deadlines);
	}

	/**
	 * The pipe that requests go to.
	 * @return the address
	 */
	public PipeAddress address() {
		return this.address;
	}

	@Override
	public String requestFile(String fileName) {
		try (PipeBody body = exchange(PipeRequest.of(fileName)).body()) {
			String text = body.text();
			return (text != null) ? text : new String(body.bytes(MAX_TEXT_BYTES), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public PipeReply exchange(PipeRequest request) {
		long start = System.nanoTime();
		RuntimeException failure = null;
		this.listener.exchangeStarted(this.address, request);
		try {
			return exchange(open(), request);
		}
		catch (RuntimeException ex) {
			failure = ex;
			throw ex;
		}
		finally {
			this.listener.exchangeEnded(this.address, request, failure, Duration.ofNanos(System.nanoTime() - start));
		}
	}

	private PipeReply exchange(ClientSession session, PipeRequest request) {
		boolean streaming = false;
		try {
			PipeReply reply = session.exchange(request);
			streaming = reply.body().isStream();
			return streaming ? keepingOpen(session, reply) : reply;
		}
		finally {
			if (!streaming) {
				close(session);
			}
		}
	}

	private PipeReply keepingOpen(ClientSession session, PipeReply reply) {
		PipeBody body = reply.body();
		InputStream stream = new FilterInputStream(body.stream()) {

			@Override
			public void close() throws IOException {
				try {
					super.close();
				}
				finally {
					PipeTemplate.this.close(session);
				}
			}

		};
		return new PipeReply(reply.headers(), PipeBody.of(stream, body.length(), body.description()));
	}

	private ClientSession open() {
		ClientConnection connection = connect();
		try {
			ClientSession session = this.protocol.open(connection);
			limitTotal(connection);
			this.listener.connectionOpened(this.address);
			return session;
		}
		catch (RuntimeException | Error ex) {
			connection.close();
			throw ex;
		}
	}

	// Of one request: a connection that is used again needs it again.
	private void limitTotal(ClientConnection connection) {
		connection.deadline()
			.limitTotal("The request to the pipe '%s'".formatted(this.address), this.totalTimeout, "total-timeout");
	}

	private void close(ClientSession session) {
		session.close();
		this.listener.connectionClosed(this.address);
	}

	private ClientConnection connect() {
		PipeChannel channel = this.connector.connect(this.address, this.options);
		Deadline deadline = this.deadlines.watch(channel::close);
		return new ClientConnection(this.address, channel, deadline, this.options.connectTimeout(),
				this.requestTimeout);
	}

	@Override
	public <T extends @Nullable Object> T execute(PipeChannelCallback<T> callback) {
		try (ClientConnection connection = connect()) {
			limitTotal(connection);
			// There is no session that arms the deadline.
			connection.deadline()
				.arm("The request to the pipe '%s'".formatted(this.address), this.requestTimeout, "request-timeout");
			try {
				return callback.doWithChannel(connection.progressChannel());
			}
			catch (PipeException ex) {
				throw connection.translate(ex);
			}
		}
	}

	/**
	 * End the thread for deadlines, if this template has its own. Do not use the template
	 * afterwards.
	 */
	@Override
	public void close() {
		if (this.ownsDeadlines) {
			this.deadlines.close();
		}
	}

	@Override
	public String toString() {
		return "PipeTemplate[%s over %s]".formatted(this.address, this.connector.name());
	}

}
