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
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.transport.PipeException;

/**
 * Is told what happens in the containers: for logs, metrics, traces and audits. Beans of
 * this type are told in their order. Methods are called by the thread that does the work,
 * so they must be quick; what they throw is logged and goes no further.
 *
 * @since 0.1.0
 */
public interface PipeServerListener {

	/**
	 * A container has changed its state.
	 * @param container the container
	 * @param from the former state
	 * @param to the state
	 * @param cause why, if the container has failed
	 */
	default void stateChanged(PipeListenerContainer container, ContainerState from, ContainerState to,
			@Nullable Throwable cause) {
	}

	/**
	 * Clients do not find the pipe any more although it is listened on, since somebody
	 * else has taken its name away; or they find it again.
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
	 * @param cause why it has ended before the protocol ended it, or {@code null}
	 */
	default void connectionClosed(ServerConnection connection, @Nullable RuntimeException cause) {
	}

	/**
	 * A request is complete and goes to its handler.
	 * @param exchange the exchange
	 */
	default void exchangeStarted(PipeExchange exchange) {
	}

	/**
	 * The one terminal answer of a request is decided: a reply has been written, a
	 * failure is about to be, or there is nobody to answer.
	 * @param exchange the exchange
	 * @param outcome the outcome
	 * @param duration time since the request was complete
	 */
	default void exchangeEnded(PipeExchange exchange, ExchangeOutcome outcome, Duration duration) {
	}

	/**
	 * Waiting for clients has failed, and is tried again.
	 * @param pipeId the id of the pipe
	 * @param cause why
	 */
	default void acceptFailed(String pipeId, PipeException cause) {
	}

	/**
	 * Every connection that the pipe may serve at once is in use: further clients wait.
	 * @param pipeId the id of the pipe
	 * @param maxConnections the limit
	 */
	default void connectionLimitReached(String pipeId, int maxConnections) {
	}

}
