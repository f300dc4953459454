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

package io.namedpipe.protocol.streamstring;

import java.nio.ByteBuffer;

import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.PipeProtocolFactory;
import io.namedpipe.protocol.ProtocolCapabilities;
import io.namedpipe.protocol.ProtocolCapabilities.Feature;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.ServerSession;

/**
 * The protocol {@code stream-string} of Microsoft's documented example of
 * {@code NamedPipeServerStream} and {@code NamedPipeClientStream}: the server sends a
 * greeting, the client checks it and sends a text, such as a file name, and the server
 * sends a text and closes the connection.
 * <p>
 * The protocol cannot carry failures: the server closes the connection without a reply. A
 * text has at most 32,767 UTF-16 code units; a longer one is an error, and is never cut.
 *
 * @since 0.1.0
 */
public final class StreamStringProtocol implements PipeProtocol {

	/** The name of this protocol. */
	public static final String NAME = "stream-string";

	/** The greeting of the documented example. */
	public static final String DEFAULT_GREETING = "I am the one true server!";

	private static final ProtocolCapabilities CAPABILITIES = ProtocolCapabilities.of(Feature.REQUEST_BODY,
			Feature.REPLY_BODY);

	private final String greeting;

	private final ByteBuffer encodedGreeting;

	/**
	 * Make a factory that creates the protocol from the setting {@code greeting}.
	 * @return the factory
	 */
	public static PipeProtocolFactory factory() {
		return PipeProtocolFactory.of(NAME, (settings) -> {
			String greeting = settings.get("greeting");
			return (greeting != null) ? new StreamStringProtocol(greeting) : new StreamStringProtocol();
		});
	}

	/**
	 * Create the protocol with the greeting of the documented example.
	 */
	public StreamStringProtocol() {
		this(DEFAULT_GREETING);
	}

	/**
	 * Create the protocol.
	 * @param greeting the text that the server sends first, and the client checks
	 */
	public StreamStringProtocol(String greeting) {
		this.greeting = greeting;
		this.encodedGreeting = StreamStringCodec.encode(greeting).asReadOnlyBuffer();
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public ProtocolCapabilities capabilities() {
		return CAPABILITIES;
	}

	@Override
	public ServerSession serve(ServerConnection connection) {
		return new StreamStringServerSession(connection, this.encodedGreeting.duplicate());
	}

	@Override
	public ClientSession open(ClientConnection connection) {
		return new StreamStringClientSession(connection, this.greeting);
	}

}
