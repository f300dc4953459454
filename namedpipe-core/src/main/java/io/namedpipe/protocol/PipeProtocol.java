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

import io.namedpipe.transport.PipeChannel;

/**
 * A way to put requests and replies on a connection. Stateless; what a connection needs
 * is in its conversation.
 */
public interface PipeProtocol {

	/**
	 * The name, as in {@code namedpipe.server.pipes.<id>.protocol}.
	 * @return the name
	 */
	String name();

	/**
	 * Whether a request names the handler that it is for. Without, a pipe has one
	 * handler.
	 * @return {@code true} if requests have routes
	 */
	boolean hasRoutes();

	/**
	 * Begin the server's part on a new connection.
	 * @param channel the connection
	 * @return the conversation
	 */
	ServerConversation serve(PipeChannel channel);

	/**
	 * Begin the client's part on a new connection.
	 * @param channel the connection
	 * @return the conversation
	 */
	ClientConversation call(PipeChannel channel);

}
