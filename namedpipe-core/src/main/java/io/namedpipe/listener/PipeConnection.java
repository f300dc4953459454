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
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.namedpipe.deadline.Deadline;
import io.namedpipe.deadline.Deadlines;
import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeException;

/**
 * One accepted client, from the start of its session to its end. What a client does ends
 * at most its own connection.
 */
final class PipeConnection {

	private static final Duration ANSWER_PERIOD = Duration.ofSeconds(1);

	/** With a smaller buffer, a refusal could wait for the client to read it. */
	private static final int REFUSAL_BYTES = 4096;

	private final PipeContainerSettings settings;

	private final AdmittedClient client;

	private final PipeChannel channel;

	private final Deadline deadline;

	private final ServerConnection connection;

	private final Deadlines deadlines;

	private final ServingThreads threads;

	private final ExchangeDispatcher dispatcher;

	private volatile @Nullable Thread thread;

	/** Whether the exchanges are told that their client has left. */
	private boolean told;

	PipeConnection(PipeContainerSettings settings, AdmittedClient client, Deadlines deadlines, ServingThreads threads,
			ExchangeDispatcher dispatcher) {
		this.settings = settings;
		this.client = client;
		this.channel = client.channel();
		this.deadlines = deadlines;
		this.threads = threads;
		this.dispatcher = dispatcher;
		this.deadline = deadlines.watch(this::expire);
		this.connection = new ServerConnection(settings.id(), this.channel, this.deadline, settings.timeouts());
	}

	ServerConnection connection() {
		return this.connection;
	}

	AdmittedClient client() {
		return this.client;
	}

	/**
	 * Look at the time of each exchange, and at the client of those that have run for an
	 * interval of these checks. Runs on the thread of all deadlines.
	 */
	void check() {
		for (PipeExchange exchange : this.connection.exchangesInFlight()) {
			this.dispatcher.checkTime(exchange);
			if (exchange.duration().compareTo(PipeServer.CLIENT_CHECK_INTERVAL) > 0
					&& (exchange.isClientGone() || this.channel.isPeerGone())) {
				clientIsGone(exchange);
			}
		}
	}

	// Users have callbacks for it, which take a thread as long as they like. A handler
	// with the channel may still read what the client has sent.
	private void clientIsGone(PipeExchange exchange) {
		if (!this.told) {
			this.threads.start(this.connection::clientHasLeft);
			this.told = true;
		}
		else if (exchange.isClientGone() && exchange.channel() == null) {
			this.dispatcher.interrupt(exchange);
		}
	}

	/**
	 * The threads that cannot end before a thread does, since that one handles or answers
	 * an exchange of theirs.
	 * @param waiting the thread
	 * @param bound the exchange that is bound to the thread, or {@code null}
	 * @return the threads
	 */
	Set<Thread> waitingFor(Thread waiting, @Nullable PipeExchange bound) {
		Set<Thread> threads = new HashSet<>();
		for (PipeExchange exchange : this.connection.exchangesInFlight()) {
			Thread handler = this.dispatcher.handlerOf(exchange);
			if (exchange == bound || handler == waiting || exchange.isAnsweredBy(waiting)) {
				threads.add((handler != null) ? handler : waiting);
				threads.add(Objects.requireNonNullElse(this.thread, waiting));
			}
		}
		return threads;
	}

	/**
	 * Tell the client that it is not served, if that cannot wait for it, and close.
	 * @param failure why
	 */
	void refuse(PipeFailure failure) {
		try (this.channel; this.deadline) {
			if (this.settings.serverOptions().outBufferSize() >= REFUSAL_BYTES) {
				this.settings.protocol().serve(this.connection).refuse(failure);
			}
		}
	}

	// Runs on the thread of all deadlines, and must not wait for a client.
	private void expire() {
		Runnable answer = this.connection.timeoutAnswer();
		if (answer == null) {
			this.channel.close();
			return;
		}
		List<PipeExchange> late = List.copyOf(this.connection.exchangesInFlight());
		Deadline limit = this.deadlines.watch(this.channel::close);
		limit.arm("Answering", ANSWER_PERIOD, "");
		Runnable answering = () -> {
			try (limit) {
				answer.run();
			}
			catch (PipeException ex) {
				// The client does not read, or has left.
			}
			finally {
				this.channel.close();
				late.forEach(this.dispatcher::interrupt);
			}
		};
		try {
			this.threads.start(answering);
		}
		catch (OutOfMemoryError ex) {
			// The system has no more threads: then without an answer.
			limit.close();
			this.channel.close();
		}
	}

	void serve(ExchangeHandler handler, PipeServerListener listener) {
		this.thread = Thread.currentThread();
		listener.connectionOpened(this.connection);
		RuntimeException cause = null;
		try (this.channel; this.deadline) {
			this.settings.protocol().serve(this.connection).run(handler);
		}
		catch (PipeException ex) {
			cause = this.connection.translate(ex);
		}
		catch (RuntimeException ex) {
			cause = ex;
		}
		finally {
			listener.connectionClosed(this.connection, cause);
		}
	}

}
