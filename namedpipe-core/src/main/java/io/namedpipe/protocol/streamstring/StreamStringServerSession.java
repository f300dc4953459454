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
import java.nio.ByteBuffer;

import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.ServerSession;

/**
 * Sends the greeting, receives one text, sends one text.
 */
final class StreamStringServerSession implements ServerSession, PipeExchange.Responder {

	private final ServerConnection connection;

	private final ByteBuffer greeting;

	StreamStringServerSession(ServerConnection connection, ByteBuffer greeting) {
		this.connection = connection;
		this.greeting = greeting;
	}

	@Override
	public void run(ExchangeHandler handler) {
		this.connection.write("Greeting the client", this.greeting);
		this.connection.deadline().arm("Waiting for a request", this.connection.timeouts().read(), "read-timeout");
		StreamStringReader reader = new StreamStringReader(this.connection.channel());
		String text = null;
		if (reader.awaitFirstByte()) {
			this.connection.requestArrives();
			text = reader.read();
		}
		if (text != null) {
			this.connection.exchange(handler, PipeRequest.of(text), this);
		}
	}

	@Override
	public void reply(PipeReply reply) throws IOException {
		this.connection.write("Sending the reply", StreamStringCodec.encode(TextContent.of(reply.body())));
	}

	@Override
	public void fail(PipeFailure failure) {
		// The protocol cannot carry failures: the client reads the end of the stream.
		this.connection.channel().close();
	}

}
