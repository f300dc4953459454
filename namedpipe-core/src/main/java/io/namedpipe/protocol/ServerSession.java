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
 * The server's side of one connection: it reads requests, hands them over as exchanges,
 * and writes their answers. It arms the deadlines of reading and writing.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ServerSession {

	/**
	 * Serve the connection until the client ends its stream or the connection ends. The
	 * thread of the connection calls this once, and closes the channel afterwards, on
	 * which exchanges in flight could not be answered any more.
	 * @param handler answers the exchanges
	 * @throws PipeProtocolException if the client violates the protocol
	 * @throws io.namedpipe.transport.PipeException if the connection ends in another way
	 */
	void run(ExchangeHandler handler);

	/**
	 * Tell the client that it is not served, instead of {@link #run}, if the protocol can
	 * say so before the client has said anything. Must not wait for the client.
	 * @param failure why
	 */
	default void refuse(PipeFailure failure) {
	}

}
