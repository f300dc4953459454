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

import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.PipeNoReplyException;
import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeBusyException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeMessageTooLargeException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeNotVerifiedException;
import io.namedpipe.transport.PipeTimeoutException;

/**
 * The operations of a client on a pipe. Implemented by {@link PipeTemplate}; an
 * interface, so that tests can replace it. Thread-safe.
 *
 * @since 0.1.0
 */
public interface PipeOperations {

	/**
	 * Send a file name and receive the text of the file, as in Microsoft's documented
	 * example.
	 * @param fileName the name of the file on the server
	 * @return the text of the file
	 * @throws PipeNotFoundException if no server listens
	 * @throws PipeBusyException if the server had no room for another client within the
	 * connect time-out
	 * @throws PipeAccessDeniedException if the client may not connect
	 * @throws PipeNotVerifiedException if the server is not the expected one
	 * @throws PipeNoReplyException if the server closed the connection without a reply,
	 * for instance because the file does not exist, the caller may not read it, or it is
	 * too large
	 * @throws io.namedpipe.protocol.PipeRequestException if the server answered with a
	 * failure, in a protocol that carries failures
	 * @throws PipeMessageTooLargeException if the name is too long for the protocol
	 * @throws PipeProtocolException if the server violates the protocol
	 * @throws PipeTimeoutException if no bytes passed within the request time-out, or the
	 * total time-out is over
	 */
	String requestFile(String fileName);

	/**
	 * Begin a request to a route.
	 * @param route the route, such as {@code files/stat}; a {@code ?} in it is a part of
	 * the path, see {@link PipeRequestSpec#query}. A leading slash makes no difference
	 * @return the request, to be completed and sent
	 */
	PipeRequestSpec route(String route);

	/**
	 * Send a request and wait for its reply. If the body of the reply is a stream, the
	 * connection is in use until the body was read to its end or closed. An interrupt of
	 * the calling thread closes the connection, by which the server can stop its work.
	 * @param request the request
	 * @return the reply
	 * @throws io.namedpipe.transport.PipeException as {@link #requestFile} does
	 */
	PipeReply exchange(PipeRequest request);

	/**
	 * Connect, and use the connection without a protocol. It is closed when the callback
	 * returns or throws.
	 * @param callback the code that uses the connection
	 * @param <T> the type of the result
	 * @return the result
	 * @throws PipeTimeoutException if no bytes passed within the request time-out, or the
	 * total time-out is over
	 * @throws io.namedpipe.transport.PipeException if connecting fails, as with
	 * {@link #requestFile}
	 */
	<T extends @Nullable Object> T execute(Function<PipeChannel, T> callback);

}
