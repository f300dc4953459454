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
 * The listening half of a transport: serves pipes. One pipe can be served by several
 * listeners at once, each with a {@link PipeServerChannel} of its own. Thread-safe.
 *
 * @since 0.1.0
 */
public interface PipeListener extends AutoCloseable {

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
	 * Whether this transport can listen on an address of this form. Says nothing of
	 * whether the name is free.
	 * @param address the pipe
	 * @return {@code false} if {@link #bind} refuses every such address
	 */
	boolean accepts(PipeAddress address);

	/**
	 * Whether this transport serves a pipe with these options. Two listeners can share a
	 * pipe, one for clients of this machine and one for others.
	 * @param address the pipe
	 * @param options how to listen
	 * @return {@code false} if this transport does not listen for such a pipe
	 */
	default boolean accepts(PipeAddress address, PipeServerOptions options) {
		return accepts(address);
	}

	/**
	 * Whether a pipe that this listener accepts is served by it alone, and not by the
	 * other listeners that accept it too.
	 * @return {@code true} if others do not listen; {@code false} by default
	 */
	default boolean isExclusive() {
		return false;
	}

	/**
	 * Claim a name and listen on it. When this method returns, clients can connect.
	 * @param address the pipe
	 * @param options how to listen
	 * @return the listening channel
	 * @throws PipeInUseException if the name is taken
	 * @throws PipeAddressException if this transport cannot listen on such an address
	 * @throws PipeAccessDeniedException if the name may not be created
	 * @throws PipeUnsupportedException if an option is beyond the transport's
	 * capabilities
	 */
	PipeServerChannel bind(PipeAddress address, PipeServerOptions options);

	/**
	 * Check that this process can act as other users. What cannot work is reported at
	 * start-up, where an endpoint asks for it.
	 * @throws PipeUnsupportedException if the transport cannot impersonate at all
	 * @throws PipeImpersonationException if this process lacks the privilege
	 */
	void verifyImpersonation();

	/**
	 * The safest means to open files by names that clients send. Handlers may use it, in
	 * a client's identity or not.
	 * @return the opener, the same each time or not
	 * @see Impersonation
	 */
	default FileOpener fileOpener() {
		return FileOpener.portable();
	}

	/**
	 * Release what the transport holds: it listens no more and opens no more connections.
	 * Connections that are open can be used until they are closed themselves.
	 */
	@Override
	void close();

}
