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

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.PipeNoReplyException;
import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeBusyException;
import io.namedpipe.transport.PipeMessageTooLargeException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeNotVerifiedException;
import io.namedpipe.transport.PipeTimeoutException;

/**
 * What a client does with a pipe. Implemented by {@link PipeTemplate}; an interface for
 * the sake of tests.
 *
 * @since 0.1.0
 */
public interface PipeOperations {

	/**
	 * Ask the server for a file, as in Microsoft's documented example.
	 * @param fileName the name of the file, as the server knows it
	 * @return the text of the file
	 * @throws PipeNotFoundException if no server listens
	 * @throws PipeBusyException if no instance came free within the connect time-out
	 * @throws PipeAccessDeniedException if the client may not connect
	 * @throws PipeNotVerifiedException if the server is not the expected one
	 * @throws PipeNoReplyException if the server closed the connection without a reply:
	 * the file does not exist, or the caller may not read it, or it does not fit
	 * @throws PipeMessageTooLargeException if the name is too long for the protocol
	 * @throws PipeProtocolException if the server does not speak the protocol
	 * @throws PipeTimeoutException if the request time-out is over
	 */
	String requestFile(String fileName);

	/**
	 * Send a request and wait for its reply.
	 * @param request the request
	 * @return the reply
	 * @throws io.namedpipe.transport.PipeException as {@link #requestFile} does
	 */
	PipeReply exchange(PipeRequest request);

	/**
	 * Connect, and use the connection as it is.
	 * @param callback what to do with it
	 * @param <T> the type of the result
	 * @return the result
	 * @throws PipeTimeoutException if the request time-out is over
	 */
	<T extends @Nullable Object> T execute(PipeChannelCallback<T> callback);

}
