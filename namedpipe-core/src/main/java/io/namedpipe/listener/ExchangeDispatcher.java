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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import io.namedpipe.listener.Shares.Outcome;
import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.ProtocolCapabilities.Feature;
import io.namedpipe.protocol.ServerTimeouts;
import io.namedpipe.security.IdentityNotRestoredError;
import io.namedpipe.security.PipeThread;
import io.namedpipe.transport.PipeResetException;

/**
 * Passes the exchanges of all connections of a pipe to the handler, up to the limit of
 * requests at once, and ensures that each exchange is answered.
 */
final class ExchangeDispatcher {

	private final PipeContainerSettings settings;

	private final ExchangeHandler handler;

	private final PipeServerListener listener;

	private final Executor threads;

	private final boolean concurrent;

	private final Shares slots;

	/** The users that the slots are counted for. */
	private final Map<PipeExchange, ClientUser> users = new ConcurrentHashMap<>();

	private final Map<PipeExchange, Thread> handling = new ConcurrentHashMap<>();

	ExchangeDispatcher(PipeContainerSettings settings, ExchangeHandler handler, PipeServerListener listener,
			Executor threads) {
		this.settings = settings;
		this.handler = handler;
		this.listener = listener;
		this.threads = threads;
		this.concurrent = settings.protocol().capabilities().has(Feature.CONCURRENT_EXCHANGES);
		this.slots = new Shares(settings.maxConcurrentRequests(), settings.maxConcurrentRequestsPerUser(),
				settings.maxConcurrentRequests() / PipeContainerSettings.RESERVED_FRACTION);
	}

	/**
	 * Handle an exchange, or refuse it because there are too many.
	 * @param exchange the exchange
	 * @param user its client
	 */
	void handle(PipeExchange exchange, ClientUser user) {
		Outcome acquired = this.slots.tryAcquire(user);
		boolean admitted = acquired == Outcome.ACQUIRED;
		if (admitted) {
			this.users.put(exchange, user);
		}
		exchange.setOutcomeListener((outcome) -> {
			ClientUser counted = this.users.remove(exchange);
			if (counted != null) {
				this.slots.release(counted);
			}
			this.listener.exchangeEnded(exchange, outcome, exchange.duration());
		});
		this.listener.exchangeStarted(exchange);
		if (!admitted) {
			exchange.fail(failure(acquired));
		}
		else if (this.concurrent) {
			this.threads.execute(() -> answer(exchange));
		}
		else {
			answer(exchange);
		}
	}

	private PipeFailure failure(Outcome outcome) {
		return new PipeFailure(Code.BUSY,
				(outcome == Outcome.USER_LIMIT)
						? "the server already handles %d requests of the user; try again later"
							.formatted(this.settings.maxConcurrentRequestsPerUser())
						: "the server already handles %d requests; try again later"
							.formatted(this.settings.maxConcurrentRequests()));
	}

	/**
	 * Count an exchange in flight for its user, which was not known for certain when it
	 * began.
	 * @param exchange the exchange
	 * @param user its client
	 * @return why it is refused, or {@code null}
	 */
	@Nullable PipeFailure identify(PipeExchange exchange, ClientUser user) {
		AtomicBoolean moved = new AtomicBoolean(true);
		this.users.computeIfPresent(exchange, (key, before) -> {
			moved.set(this.slots.tryMove(before, user));
			return moved.get() ? user : before;
		});
		return moved.get() ? null : failure(Outcome.USER_LIMIT);
	}

	/**
	 * Refuse an exchange.
	 * @param exchange the exchange
	 * @param failure why
	 */
	void refuse(PipeExchange exchange, PipeFailure failure) {
		exchange.setOutcomeListener((outcome) -> this.listener.exchangeEnded(exchange, outcome, exchange.duration()));
		this.listener.exchangeStarted(exchange);
		exchange.fail(failure);
	}

	private void answer(PipeExchange exchange) {
		this.handling.put(exchange, Thread.currentThread());
		try {
			PipeThread.requireOwnIdentity(exchange);
			this.handler.handle(exchange);
			if (!exchange.isAnswered() && !exchange.isDeferred()) {
				throw new IllegalStateException("The handler neither answered the request nor deferred the answer");
			}
		}
		catch (IdentityNotRestoredError ex) {
			exchange.abandon(ex);
			throw ex;
		}
		catch (Throwable ex) {
			if (exchange.isClientGone()) {
				exchange.abandon(new PipeResetException("The client has left, and the handler was interrupted", ex));
			}
			else {
				exchange.fail(ex);
			}
		}
		finally {
			this.handling.remove(exchange);
		}
		// The handler may have swallowed the error that says so.
		PipeThread.requireUntainted();
	}

	/**
	 * The thread that handles an exchange.
	 * @param exchange the exchange
	 * @return the thread, or {@code null} if none does now
	 */
	@Nullable Thread handlerOf(PipeExchange exchange) {
		return this.handling.get(exchange);
	}

	/**
	 * End an exchange of a session with concurrent exchanges whose time is over. Sessions
	 * with one exchange after the other have the deadline of their connection.
	 * @param exchange the exchange
	 */
	void checkTime(PipeExchange exchange) {
		ServerTimeouts timeouts = this.settings.timeouts();
		if (!this.concurrent || exchange.isAnswered()) {
			return;
		}
		if (isOver(exchange, timeouts.request())) {
			timeOut(exchange, timeouts.request(), "request-timeout");
		}
		else if (isOver(exchange, timeouts.total())) {
			timeOut(exchange, timeouts.total(), "total-timeout");
		}
	}

	private static boolean isOver(PipeExchange exchange, Duration limit) {
		return !limit.isZero() && exchange.duration().compareTo(limit) > 0;
	}

	// On a thread of its own, since the client may not take the answer.
	private void timeOut(PipeExchange exchange, Duration limit, String setting) {
		this.threads.execute(() -> {
			exchange.fail(new PipeFailure(Code.TIMEOUT,
					"the request was not handled within %d ms (%s)".formatted(limit.toMillis(), setting)));
			interrupt(exchange);
		});
	}

	/**
	 * Interrupt the thread that handles an exchange whose client has left, once.
	 * @param exchange the exchange of the client
	 */
	void interrupt(PipeExchange exchange) {
		// Atomic: the thread cannot begin another exchange meanwhile.
		this.handling.computeIfPresent(exchange, (key, thread) -> {
			thread.interrupt();
			return null;
		});
	}

}
