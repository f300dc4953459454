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

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.namedpipe.deadline.RepeatedLine;
import io.namedpipe.protocol.ExchangeOutcome;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.protocol.PipeRequestException;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.transport.LogText;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeResetException;
import io.namedpipe.transport.PipeTimeoutException;

/**
 * Logs the events of the containers: at most one line for each connection and each
 * refused request, and no more than the budget of its user has room for. Text from
 * clients is escaped.
 */
final class LoggingPipeServerListener implements PipeServerListener {

	private static final Log logger = LogFactory.getLog("io.namedpipe.listener");

	/** Repeated failures are summed up in one line for each interval. */
	private static final Duration SUMMARY_INTERVAL = Duration.ofSeconds(10);

	private final Map<String, RepeatedLine> acceptFailures = new ConcurrentHashMap<>();

	private final Map<String, RepeatedLine> limits = new ConcurrentHashMap<>();

	private final Map<String, RepeatedLine> refusals = new ConcurrentHashMap<>();

	private final LogBudget budget;

	LoggingPipeServerListener(LogBudget budget) {
		this.budget = budget;
	}

	@Override
	public void stateChanged(PipeListenerContainer container, ContainerState from, ContainerState to,
			@Nullable Throwable cause) {
		String id = container.id();
		if (to == ContainerState.RUNNING && from != ContainerState.PAUSED) {
			logger.info("Pipe '%s' listens on %s with the protocol %s".formatted(id, place(container),
					container.settings().protocol().name()));
		}
		else if (cause != null) {
			logger.error("Pipe '%s' has failed and is closed: %s".formatted(id, message(cause)));
		}
		else if (to == ContainerState.STOPPED || to == ContainerState.FAILED) {
			logger.info("Pipe '%s' has stopped".formatted(id));
		}
	}

	@Override
	public void reachabilityChanged(PipeListenerContainer container, boolean reachable) {
		String where = LogText.of(String.join(" and ", container.locations()));
		if (reachable) {
			logger.info("Pipe '%s': clients find it again at %s".formatted(container.id(), where));
		}
		else {
			logger.error(
					"Pipe '%s': clients do not find it any more at %s: somebody has removed or replaced it, or changed its permissions; restart the pipe"
						.formatted(container.id(), where));
		}
	}

	@Override
	public void connectionClosed(ServerConnection connection, @Nullable RuntimeException cause) {
		String id = connection.pipeId();
		Supplier<PeerIdentity> peer = connection::peer;
		if (cause == null) {
			if (connection.exchangeCount() == 0) {
				info(peer, () -> "Pipe '%s': a client left without a request".formatted(id));
			}
		}
		else if (cause instanceof PipeProtocolException) {
			warn(peer, () -> "Pipe '%s': %s broke the protocol: %s".formatted(id, user(peer), message(cause)));
		}
		else if (cause instanceof PipeTimeoutException) {
			warn(peer,
					() -> "Pipe '%s': the connection of %s was closed: %s".formatted(id, user(peer), message(cause)));
		}
		else if (cause instanceof PipeResetException) {
			info(peer, () -> "Pipe '%s': a client left before it was answered".formatted(id));
		}
		else if (cause instanceof PipeClosedException) {
			info(peer, () -> "Pipe '%s': the connection of %s was ended by the server".formatted(id, user(peer)));
		}
		else if (cause instanceof PipeException) {
			warn(peer, () -> "Pipe '%s': the connection of %s failed: %s".formatted(id, user(peer), message(cause)));
		}
		else {
			this.budget.write(userId(peer), () -> "Pipe '%s': a connection ended in an unexpected way".formatted(id),
					cause, logger::error);
		}
	}

	@Override
	public void exchangeEnded(PipeExchange exchange, ExchangeOutcome outcome, Duration duration) {
		PipeFailure failure = outcome.failure();
		Throwable cause = outcome.cause();
		if (cause != null && isDefect(failure, cause)) {
			this.budget.write(userId(exchange::peer),
					() -> "Pipe '%s': the handler failed".formatted(exchange.pipeId()), cause, logger::error);
		}
		if (failure == null) {
			return;
		}
		warn(exchange::peer, () -> "Pipe '%s': request of %s refused, %s: %s".formatted(exchange.pipeId(),
				user(exchange::peer), failure.code(), reason(failure, cause)));
	}

	// A stack trace only for defects of the application.
	private static boolean isDefect(@Nullable PipeFailure failure, Throwable cause) {
		if (failure == null) {
			// A reply that broke off; the end of the connection itself has its own line.
			Throwable origin = (cause.getClass() == PipeException.class) ? cause.getCause() : null;
			return origin != null && !(PipeFailure.unwrap(origin) instanceof IOException);
		}
		return failure.code() == Code.INTERNAL && !(PipeFailure.unwrap(cause) instanceof IOException);
	}

	// The log may say more than the client is told.
	private static String reason(PipeFailure failure, @Nullable Throwable cause) {
		return (cause instanceof PipeRequestException ex && ex.getFailure().equals(failure)) ? message(ex)
				: LogText.of(failure.message());
	}

	private void info(Supplier<PeerIdentity> peer, Supplier<String> line) {
		if (logger.isInfoEnabled()) {
			this.budget.write(userId(peer), line, logger::info);
		}
	}

	private void warn(Supplier<PeerIdentity> peer, Supplier<String> line) {
		this.budget.write(userId(peer), line, logger::warn);
	}

	@Override
	public void acceptFailed(String pipeId, PipeException cause) {
		Throwable surprise = (cause.getClass() == PipeException.class && cause.getCause() instanceof RuntimeException)
				? cause.getCause() : null;
		this.acceptFailures.computeIfAbsent(pipeId, (id) -> new RepeatedLine(SUMMARY_INTERVAL))
			.say((suffix) -> logger.error("Pipe '%s': %s%s".formatted(pipeId, message(cause), suffix),
					(surprise != null) ? LogText.of(surprise) : null));
	}

	@Override
	public void connectionLimitReached(String pipeId, int maxConnections) {
		this.limits.computeIfAbsent(pipeId, (id) -> new RepeatedLine(SUMMARY_INTERVAL))
			.say((suffix) -> logger
				.warn("Pipe '%s': all %d connections are in use, and further clients wait; see max-connections%s"
					.formatted(pipeId, maxConnections, suffix)));
	}

	@Override
	public void connectionRefused(String pipeId, String userId, PipeFailure failure) {
		this.refusals.computeIfAbsent(pipeId, (id) -> new RepeatedLine(SUMMARY_INTERVAL))
			.say((suffix) -> logger.warn("Pipe '%s': a client of the user %s was refused, %s: %s%s".formatted(pipeId,
					LogText.of(userId), failure.code(), failure.message(), suffix)));
	}

	// The address, and what the operating system makes of it if that is something else.
	private static String place(PipeListenerContainer container) {
		String address = container.settings().address().toString();
		List<String> locations = container.locations().stream().filter((each) -> !each.equals(address)).toList();
		return LogText
			.of(locations.isEmpty() ? address : "%s (path %s)".formatted(address, String.join(" and ", locations)));
	}

	private static String userId(Supplier<PeerIdentity> peer) {
		try {
			return peer.get().id();
		}
		catch (PipeException ex) {
			return "unknown";
		}
	}

	// The user at the other end, as far as that can be told.
	private static String user(Supplier<PeerIdentity> peer) {
		try {
			PeerIdentity identity = peer.get();
			boolean elsewhere = identity.remote() && identity.computerName() != null;
			return LogText.of((elsewhere) ? "%s at %s".formatted(identity.qualifiedName(), identity.computerName())
					: identity.qualifiedName());
		}
		catch (PipeException ex) {
			return "an unknown user";
		}
	}

	private static String message(Throwable ex) {
		String message = ex.getMessage();
		return LogText.of((message != null) ? message : ex.getClass().getSimpleName());
	}

}
