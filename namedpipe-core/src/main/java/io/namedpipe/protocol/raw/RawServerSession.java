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

package io.namedpipe.protocol.raw;

import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.ServerSession;

/**
 * Hands the channel over to the handler.
 */
final class RawServerSession implements ServerSession, PipeExchange.Responder {

	private final ServerConnection connection;

	RawServerSession(ServerConnection connection) {
		this.connection = connection;
	}

	@Override
	public void run(ExchangeHandler handler) {
		this.connection.exchange(handler, PipeRequest.of(PipeBody.empty()), new FirstReadChannel(this.connection),
				this);
	}

	@Override
	public void reply(PipeReply reply) {
		if (!reply.body().isEmpty()) {
			throw new PipeProtocolException("A handler of a raw pipe writes to the channel and returns nothing");
		}
	}

	@Override
	public void fail(PipeFailure failure) {
		this.connection.channel().close();
	}

}
