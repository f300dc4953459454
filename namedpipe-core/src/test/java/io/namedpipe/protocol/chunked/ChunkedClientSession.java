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
import java.io.UncheckedIOException;

import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeNoReplyException;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.PipeRequestException;

/**
 * One exchange after the other.
 */
final class ChunkedClientSession implements ClientSession {

	private final ClientConnection connection;

	private final ChunkedCodec codec;

	ChunkedClientSession(ClientConnection connection) {
		this.connection = connection;
		this.codec = new ChunkedCodec(connection.channel());
	}

	@Override
	public PipeReply exchange(PipeRequest request) {
		try {
			this.codec.writeHead(request.route());
			this.codec.writeBody(request.body());
			String status = this.codec.readHead();
			if (status == null) {
				throw new PipeNoReplyException("The server closed the connection without a reply");
			}
			InputStream body = this.codec.readBody();
			if (!status.equals("ok")) {
				body.close();
				throw new PipeRequestException(Code.valueOf(status), "the server refuses");
			}
			return PipeReply.of(PipeBody.of(body, PipeBody.UNKNOWN_LENGTH, "The reply"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public boolean isReusable() {
		return this.connection.channel().isOpen();
	}

	@Override
	public void close() {
		this.connection.close();
	}

}
