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
 * A way to put requests and replies on a connection. Immutable; what a connection needs
 * is in its session. Thread-safe.
 *
 * @since 0.1.0
 */
public interface PipeProtocol {

	/**
	 * The name, as in {@code namedpipe.server.pipes.<id>.protocol}.
	 * @return the name
	 */
	String name();

	/**
	 * What the protocol can carry. Handlers are checked against it at start-up.
	 * @return the capabilities
	 */
	ProtocolCapabilities capabilities();

	/**
	 * Begin the server's side of a new connection. Nothing is read or written yet.
	 * @param connection the connection
	 * @return the session
	 */
	ServerSession serve(ServerConnection connection);

	/**
	 * Begin the client's side of a new connection, and wait for what the server says
	 * first, if it does.
	 * @param connection the connection
	 * @return the session
	 * @throws io.namedpipe.transport.PipeNotVerifiedException if the server is not the
	 * expected one
	 * @throws io.namedpipe.transport.PipeBusyException if the server accepted the
	 * connection and says nothing within the connect time-out
	 * @throws PipeNoReplyException if the server closed the connection instead
	 */
	ClientSession open(ClientConnection connection);

}
