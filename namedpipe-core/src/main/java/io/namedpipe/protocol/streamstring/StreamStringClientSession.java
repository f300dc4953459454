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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeNoReplyException;
import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.transport.LogText;
import io.namedpipe.transport.PipeBusyException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeNotVerifiedException;
import io.namedpipe.transport.PipeResetException;

/**
 * Checks the greeting, sends one text, receives one text.
 */
final class StreamStringClientSession implements ClientSession {

	private final ClientConnection connection;

	private final PipeChannel channel;

	private final StreamStringReader reader;

	private boolean used;

	/**
	 * Create the session, and check the greeting.
	 * @param connection the connection
	 * @param greeting the text that the server must send first
	 */
	StreamStringClientSession(ClientConnection connection, String greeting) {
		this.connection = connection;
		this.channel = connection.progressChannel();
		this.reader = new StreamStringReader(this.channel);
		verifyGreeting(greeting);
	}

	private void verifyGreeting(String greeting) {
		String said;
		try {
			said = readGreeting();
		}
		catch (PipeProtocolException ex) {
			throw new PipeNotVerifiedException("The server did not greet as expected: " + ex.getMessage() + sent(), ex);
		}
		if (said == null) {
			throw new PipeNoReplyException(
					"The server closed the connection before it greeted: it refuses this client");
		}
		if (!said.equals(greeting)) {
			throw new PipeNotVerifiedException(
					"The server could not be verified: it did not greet with '%s', but with '%s'".formatted(greeting,
							LogText.of(said)));
		}
	}

	// A server at its limit of connections accepts the connection, and greets when
	// another client has left.
	private @Nullable String readGreeting() {
		Duration limit = this.connection.connectTimeout();
		this.connection.deadline().arm("Waiting for the greeting", limit, "connect-timeout");
		try {
			return this.reader.read();
		}
		catch (PipeClosedException ex) {
			if (this.connection.deadline().isExpired()) {
				throw new PipeBusyException(
						"The server on the pipe '%s' did not greet within %d ms: it is busy, or speaks another protocol%s"
							.formatted(this.connection.address(), limit.toMillis(), sent()),
						ex);
			}
			throw ex;
		}
		finally {
			this.connection.deadline().disarm();
		}
	}

	// For instance what a child has printed.
	private String sent() {
		String begin = this.reader.undecoded();
		return begin.isEmpty() ? "" : "; what it sent begins with '%s'".formatted(LogText.of(begin));
	}

	@Override
	public PipeReply exchange(PipeRequest request) {
		this.used = true;
		ByteBuffer encoded = StreamStringCodec.encode(text(request.body()));
		this.connection.armRequest();
		try {
			return PipeReply.of(PipeBody.of(exchange(encoded)));
		}
		catch (PipeException ex) {
			throw this.connection.translate(ex);
		}
		finally {
			close();
		}
	}

	private String exchange(ByteBuffer encoded) {
		try {
			this.channel.write(encoded);
		}
		catch (PipeResetException ex) {
			// A read says more: it ends, or a child that has failed gives its exit code.
		}
		String reply;
		try {
			reply = this.reader.read();
		}
		catch (PipeProtocolException ex) {
			throw this.reader.hasEnded() ? new PipeResetException(
					"The server closed the connection within its reply: " + ex.getMessage(), ex) : ex;
		}
		if (reply == null) {
			throw new PipeNoReplyException(
					"The server closed the connection without a reply: refused, not found or too large; its log says which");
		}
		return reply;
	}

	private static String text(PipeBody body) {
		try {
			return TextContent.of(body);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public boolean isReusable() {
		return !this.used;
	}

	@Override
	public void close() {
		this.connection.close();
	}

}
