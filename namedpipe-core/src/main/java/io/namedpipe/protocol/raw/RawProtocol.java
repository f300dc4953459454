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

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.ClientConversation;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.ServerConversation;
import io.namedpipe.transport.PipeChannel;

/**
 * The protocol {@code raw}: a connection is one request, whose payload is the
 * {@link PipeChannel} itself. The connection is closed when the handler returns.
 */
public final class RawProtocol implements PipeProtocol {

	/** The name of this protocol. */
	public static final String NAME = "raw";

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
		return new RawServerConversation(channel);
	}

	@Override
	public ClientConversation call(PipeChannel channel) {
		throw new PipeProtocolException(
				"The raw protocol has no requests: connect with the transport, and use the channel");
	}

	private static final class RawServerConversation implements ServerConversation {

		private @Nullable PipeChannel channel;

		private final PipeChannel connection;

		RawServerConversation(PipeChannel channel) {
			this.channel = channel;
			this.connection = channel;
		}

		@Override
		public void open() {
			// Who speaks first is the handler's business.
		}

		@Override
		public @Nullable PipeRequest next() {
			PipeChannel next = this.channel;
			this.channel = null;
			return (next != null) ? PipeRequest.of(next) : null;
		}

		@Override
		public void reply(PipeReply reply) {
			if (!(reply instanceof PipeReply.Empty)) {
				throw new PipeProtocolException("A handler of a raw pipe writes to the channel and returns nothing");
			}
		}

		@Override
		public void fail(PipeFailure failure) {
			this.connection.close();
		}

	}

}
