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

package io.namedpipe.protocol.chunked;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.ServerSession;
import io.namedpipe.transport.PipeException;

/**
 * One exchange after the other.
 */
final class ChunkedServerSession implements ServerSession, PipeExchange.Responder {

	private final ServerConnection connection;

	private final ChunkedCodec codec;

	ChunkedServerSession(ServerConnection connection) {
		this.connection = connection;
		this.codec = new ChunkedCodec(connection.channel());
	}

	@Override
	public void run(ExchangeHandler handler) {
		try {
			String route;
			this.connection.deadline().arm("Waiting for a request", this.connection.timeouts().read(), "read-timeout");
			while (!this.connection.isStopping() && (route = this.codec.readHead()) != null) {
				try (InputStream body = this.codec.readBody()) {
					this.connection.exchange(handler,
							new PipeRequest(route, Map.of(), PipeBody.of(body, PipeBody.UNKNOWN_LENGTH, "The request")),
							this);
				}
				this.connection.deadline()
					.arm("Waiting for a request", this.connection.timeouts().idle(), "idle-timeout");
			}
		}
		catch (IOException ex) {
			throw (ex.getCause() instanceof PipeException cause) ? cause : new PipeException("The stream fails", ex);
		}
	}

	@Override
	public void reply(PipeReply reply) throws IOException {
		this.codec.writeHead("ok");
		try {
			this.codec.writeBody(reply.body());
		}
		catch (IOException | RuntimeException ex) {
			// What has begun cannot become a failure.
			this.connection.channel().close();
			throw ex;
		}
	}

	@Override
	public void fail(PipeFailure failure) {
		try {
			this.codec.writeHead(failure.code().name());
			this.codec.writeBody(PipeBody.empty());
		}
		catch (IOException ex) {
			throw new PipeException("The failure cannot be sent", ex);
		}
	}

}
