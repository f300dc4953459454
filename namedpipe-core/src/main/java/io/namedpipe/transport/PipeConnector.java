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

package io.namedpipe.transport;

/**
 * The connecting half of a transport: reaches servers on pipes. Thread-safe.
 *
 * @since 0.1.0
 * @see CompositePipeConnector
 */
public interface PipeConnector extends AutoCloseable {

	/**
	 * The name of the transport, as in {@code namedpipe.transport}.
	 * @return the name, such as {@code unix} or {@code windows}
	 */
	String name();

	/**
	 * What this transport can do. Asking for anything else is an error, never silence.
	 * @return the capabilities
	 */
	TransportCapabilities capabilities();

	/**
	 * Whether this transport can connect to an address of this form, on this machine or
	 * on another one. Says nothing of a server, and makes no connection.
	 * @param address the pipe
	 * @return {@code false} if {@link #connect} refuses every such address
	 */
	boolean reaches(PipeAddress address);

	/**
	 * Whether each connection starts a server of its own, which ends with it. A client
	 * then keeps one connection, and sends its requests one after the other.
	 * @param address the pipe
	 * @return {@code true} for a child process; {@code false} by default
	 */
	default boolean startsServer(PipeAddress address) {
		return false;
	}

	/**
	 * Check all that can be known of an address without connecting, at start-up.
	 * @param address the pipe
	 * @throws PipeAddressException if this transport cannot connect to such an address
	 */
	default void verify(PipeAddress address) {
		if (!reaches(address)) {
			throw new PipeAddressException(address.toString(),
					"the '%s' transport does not reach it".formatted(name()));
		}
	}

	/**
	 * Check that the expected owners of a server are known on this machine, at start-up.
	 * @param expected the expected owners
	 * @throws PipeAccessRuleException if one of them is not
	 */
	default void verify(ExpectedServer expected) {
	}

	/**
	 * Connect to a server. Waits as long as the options allow; an interrupt ends the wait
	 * early.
	 * @param address the pipe
	 * @param options how to connect
	 * @return the connected channel
	 * @throws PipeAddressException if this transport does not reach such an address
	 * @throws PipeNotFoundException if no server listens
	 * @throws PipeBusyException if no instance came free within the connect time-out
	 * @throws PipeAccessDeniedException if the client may not connect
	 * @throws PipeNotVerifiedException if the server is not the expected one
	 * @throws PipeUnsupportedException if an option is beyond the transport's
	 * capabilities
	 */
	PipeChannel connect(PipeAddress address, PipeClientOptions options);

	/**
	 * Release what the transport holds: it listens no more and opens no more connections.
	 * Connections that are open can be used until they are closed themselves.
	 */
	@Override
	void close();

}
