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
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.namedpipe.deadline.RepeatedLine;
import io.namedpipe.protocol.ExchangeOutcome;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.transport.LogText;
import io.namedpipe.transport.PipeException;

/**
 * Delegates to several listeners. An exception of a listener is logged, and the other
 * listeners are still called.
 */
final class CompositePipeServerListener implements PipeServerListener {

	private static final Log logger = LogFactory.getLog(CompositePipeServerListener.class);

	private final List<PipeServerListener> listeners;

	/** Limited, so that clients cannot fill the log. */
	private final RepeatedLine failures = new RepeatedLine(Duration.ofSeconds(10));

	CompositePipeServerListener(List<PipeServerListener> listeners) {
		this.listeners = List.copyOf(listeners);
	}

	@Override
	public void stateChanged(PipeListenerContainer container, ContainerState from, ContainerState to,
			@Nullable Throwable cause) {
		tell((listener) -> listener.stateChanged(container, from, to, cause));
	}

	@Override
	public void reachabilityChanged(PipeListenerContainer container, boolean reachable) {
		tell((listener) -> listener.reachabilityChanged(container, reachable));
	}

	@Override
	public void connectionOpened(ServerConnection connection) {
		tell((listener) -> listener.connectionOpened(connection));
	}

	@Override
	public void connectionClosed(ServerConnection connection, @Nullable RuntimeException cause) {
		tell((listener) -> listener.connectionClosed(connection, cause));
	}

	@Override
	public void exchangeStarted(PipeExchange exchange) {
		tell((listener) -> listener.exchangeStarted(exchange));
	}

	@Override
	public void exchangeEnded(PipeExchange exchange, ExchangeOutcome outcome, Duration duration) {
		tell((listener) -> listener.exchangeEnded(exchange, outcome, duration));
	}

	@Override
	public void acceptFailed(String pipeId, PipeException cause) {
		tell((listener) -> listener.acceptFailed(pipeId, cause));
	}

	@Override
	public void connectionLimitReached(String pipeId, int maxConnections) {
		tell((listener) -> listener.connectionLimitReached(pipeId, maxConnections));
	}

	@Override
	public void connectionRefused(String pipeId, String userId, PipeFailure failure) {
		tell((listener) -> listener.connectionRefused(pipeId, userId, failure));
	}

	private void tell(Consumer<PipeServerListener> event) {
		for (PipeServerListener listener : this.listeners) {
			try {
				event.accept(listener);
			}
			catch (RuntimeException | Error ex) {
				this.failures.say((suffix) -> logger.error(
						"A listener of pipe servers failed: %s%s".formatted(listener.getClass().getName(), suffix),
						LogText.of(ex)));
			}
		}
	}

}
