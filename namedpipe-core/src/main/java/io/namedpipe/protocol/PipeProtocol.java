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
 * A way to carry requests and replies over a connection. Immutable and thread-safe; the
 * state of a connection is in its session.
 *
 * @since 0.1.0
 */
public interface PipeProtocol {

	/**
	 * The name of the protocol, as in {@code namedpipe.server.pipes.<id>.protocol}.
	 * @return the name
	 */
	String name();

	/**
	 * What the protocol can carry. Handlers are checked against it at start-up.
	 * @return the capabilities
	 */
	ProtocolCapabilities capabilities();

	/**
	 * Create the server's session of a new connection. It neither reads nor writes yet.
	 * @param connection the connection
	 * @return the session
	 */
	ServerSession serve(ServerConnection connection);

	/**
	 * Create the client's session of a new connection. If the server speaks first in this
	 * protocol, wait for that, at most for the connect time-out.
	 * @param connection the connection
	 * @return the session
	 * @throws io.namedpipe.transport.PipeNotVerifiedException if the server is not the
	 * expected one
	 * @throws io.namedpipe.transport.PipeBusyException if the server accepted the
	 * connection and sends nothing within the connect time-out
	 * @throws PipeNoReplyException if the server closed the connection
	 */
	ClientSession open(ClientConnection connection);

}
