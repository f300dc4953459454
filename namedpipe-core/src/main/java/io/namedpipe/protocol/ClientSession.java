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

package io.namedpipe.protocol;

/**
 * The client's side of one connection. It reads and writes, and arms the deadlines of
 * both. It lives as long as its connection, for one exchange or for many. One thread at a
 * time uses it, unless the protocol has
 * {@link ProtocolCapabilities.Feature#CONCURRENT_EXCHANGES concurrent exchanges}.
 *
 * @since 0.1.0
 */
public interface ClientSession extends AutoCloseable {

	/**
	 * Send a request and wait for its reply. A reply with a stream keeps the session busy
	 * until the stream is closed.
	 * @param request the request
	 * @return the reply
	 * @throws PipeNoReplyException if the server closed the connection without a reply
	 * @throws PipeRequestException if the server answered with a failure, in a protocol
	 * that carries failures
	 * @throws PipeProtocolException if the server does not speak the protocol
	 * @throws io.namedpipe.transport.PipeTimeoutException if the request time-out has
	 * expired
	 */
	PipeReply exchange(PipeRequest request);

	/**
	 * Whether the session can be used for another exchange.
	 * @return {@code false} if the connection is closed, has served its one exchange, or
	 * is in an unknown state
	 */
	boolean isReusable();

	/**
	 * Whether the exchange that has just failed can be repeated on another connection:
	 * the server has closed this one before it read the request, or before it answered
	 * one that may be sent twice, or has refused how it was sent.
	 * @return {@code true} if it can
	 */
	default boolean isRepeatable() {
		return false;
	}

	/**
	 * Close the connection. A pending exchange fails. Idempotent.
	 */
	@Override
	void close();

}
