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
import io.namedpipe.protocol.PipeNoReplyException;
import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeNotVerifiedException;
import io.namedpipe.transport.PipeResetException;

/**
 * Checks the greeting, sends one name, takes one text.
 */
final class StreamStringClientConversation implements ClientConversation {

	private final PipeChannel channel;

	private final String greeting;

	StreamStringClientConversation(PipeChannel channel, String greeting) {
		this.channel = channel;
		this.greeting = greeting;
	}

	@Override
	public PipeReply exchange(PipeRequest request) {
		if (!(request.payload() instanceof String text)) {
			throw new PipeProtocolException("This protocol carries text, and not " + request.payload().getClass());
		}
		ByteBuffer encoded = StreamStringCodec.encode(text);
		StreamStringReader reader = new StreamStringReader(this.channel);
		verifyGreeting(reader);
		String reply;
		try {
			this.channel.write(encoded);
			reply = reader.read();
		}
		catch (PipeResetException ex) {
			reply = null;
		}
		if (reply == null) {
			throw new PipeNoReplyException(
					"The server closed the connection without a reply: refused, not found or too large; its log says which");
		}
		return new PipeReply.Text(reply);
	}

	private void verifyGreeting(StreamStringReader reader) {
		String said;
		try {
			said = reader.read();
		}
		catch (PipeProtocolException ex) {
			throw new PipeNotVerifiedException("The server did not greet as expected: " + ex.getMessage(), ex);
		}
		if (said == null) {
			throw new PipeNoReplyException(
					"The server closed the connection before it greeted: it refuses this client");
		}
		if (!said.equals(this.greeting)) {
			throw new PipeNotVerifiedException(
					"The server could not be verified: it did not greet with '%s'".formatted(this.greeting));
		}
	}

}
