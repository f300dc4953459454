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

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.ExchangeOutcome;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.transport.PipeException;

/**
 * Listens to events of the containers, for logs, metrics, traces and audits. Beans of
 * this type are called in their order. The thread that does the work calls the methods,
 * so they must be quick and thread-safe. An exception of a method is logged and has no
 * other effect.
 *
 * @since 0.1.0
 */
public interface PipeServerListener {

	/**
	 * A container has changed its state.
	 * @param container the container
	 * @param from the previous state
	 * @param to the new state
	 * @param cause the reason if the container has failed, otherwise {@code null}
	 */
	default void stateChanged(PipeListenerContainer container, ContainerState from, ContainerState to,
			@Nullable Throwable cause) {
	}

	/**
	 * Clients do not find a running pipe any more, because another process has removed or
	 * replaced its name; or they find it again.
	 * @param container the container
	 * @param reachable whether clients find the pipe
	 */
	default void reachabilityChanged(PipeListenerContainer container, boolean reachable) {
	}

	/**
	 * A client has connected.
	 * @param connection the connection
	 */
	default void connectionOpened(ServerConnection connection) {
	}

	/**
	 * A connection has ended.
	 * @param connection the connection
	 * @param cause the reason if it has not ended in the order of the protocol, otherwise
	 * {@code null}
	 */
	default void connectionClosed(ServerConnection connection, @Nullable RuntimeException cause) {
	}

	/**
	 * A request is handed over to its handler, or refused because there are too many.
	 * @param exchange the exchange
	 */
	default void exchangeStarted(PipeExchange exchange) {
	}

	/**
	 * The outcome of a request is known: a reply was written, a failure is about to be
	 * written, or the connection has ended. Called once for each exchange that was
	 * started.
	 * @param exchange the exchange
	 * @param outcome the outcome
	 * @param duration time since the request was handed over
	 */
	default void exchangeEnded(PipeExchange exchange, ExchangeOutcome outcome, Duration duration) {
	}

	/**
	 * Accepting a client has failed. It is tried again.
	 * @param pipeId the id of the pipe
	 * @param cause the reason
	 */
	default void acceptFailed(String pipeId, PipeException cause) {
	}

	/**
	 * A client is not served, since its user or the pipe has too many connections.
	 * @param pipeId the id of the pipe
	 * @param userId the id of the user, as
	 * {@link io.namedpipe.transport.PeerIdentity#id()}; {@code unknown} if it is not
	 * known
	 * @param failure the reason
	 */
	default void connectionRefused(String pipeId, String userId, PipeFailure failure) {
	}

	/**
	 * The pipe serves its maximum number of connections, so that further clients wait.
	 * @param pipeId the id of the pipe
	 * @param maxConnections the limit
	 */
	default void connectionLimitReached(String pipeId, int maxConnections) {
	}

}
