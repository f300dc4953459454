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

package io.namedpipe.protocol.tagged;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.ServerSession;
import io.namedpipe.protocol.tagged.TaggedCodec.Frame;

/**
 * Reads the next request while others are being handled.
 */
final class TaggedServerSession implements ServerSession {

	private final ServerConnection connection;

	private final TaggedCodec codec;

	TaggedServerSession(ServerConnection connection) {
		this.connection = connection;
		this.codec = new TaggedCodec(connection.channel());
	}

	@Override
	public void run(ExchangeHandler handler) {
		Frame frame;
		// Also during a stop: the end of the session closes the channel, which requests
		// in flight are answered on. The container closes it after the last one.
		while ((frame = this.codec.read()) != null) {
			PipeExchange exchange = this.connection.begin(PipeRequest.of(frame.text()), responder(frame.number()));
			try {
				handler.handle(exchange);
			}
			catch (Exception ex) {
				exchange.fail(ex);
			}
		}
		this.connection.clientHasLeft();
	}

	private PipeExchange.Responder responder(int number) {
		return new PipeExchange.Responder() {

			@Override
			public void reply(PipeReply reply) throws IOException {
				byte[] content = reply.body().bytes(TaggedCodec.MAX_BYTES);
				TaggedServerSession.this.codec
					.write(new Frame(number, false, new String(content, StandardCharsets.UTF_8)));
			}

			@Override
			public void fail(PipeFailure failure) {
				TaggedServerSession.this.codec.write(new Frame(number, true, failure.code().name()));
			}

		};
	}

}
