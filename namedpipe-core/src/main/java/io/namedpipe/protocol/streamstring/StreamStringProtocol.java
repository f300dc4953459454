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

import io.namedpipe.protocol.ClientConversation;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.ServerConversation;
import io.namedpipe.transport.PipeChannel;

/**
 * The protocol {@code stream-string}, spoken by every program made after Microsoft's
 * documented example of {@code NamedPipeServerStream} and {@code NamedPipeClientStream}:
 * the server greets, the client checks the greeting and sends a name, the server sends a
 * text and closes.
 * <p>
 * There is no way to say an error: the server closes without a reply. A text of more than
 * 65,535 bytes is never cut: it is an error too.
 */
public final class StreamStringProtocol implements PipeProtocol {

	/** The name of this protocol. */
	public static final String NAME = "stream-string";

	/** The greeting of the documented example. */
	public static final String DEFAULT_GREETING = "I am the one true server!";

	private final String greeting;

	private final ByteBuffer encodedGreeting;

	/**
	 * Create the protocol with the greeting of the documented example.
	 */
	public StreamStringProtocol() {
		this(DEFAULT_GREETING);
	}

	/**
	 * Create the protocol.
	 * @param greeting what the server says first, and the client checks
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
	public boolean hasRoutes() {
		return false;
	}

	@Override
	public ServerConversation serve(PipeChannel channel) {
		return new StreamStringServerConversation(channel, this.encodedGreeting.duplicate());
	}

	@Override
	public ClientConversation call(PipeChannel channel) {
		return new StreamStringClientConversation(channel, this.greeting);
	}

}
