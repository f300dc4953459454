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

import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.protocol.ProtocolCapabilities;
import io.namedpipe.protocol.ProtocolCapabilities.Feature;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.ServerSession;

/**
 * The protocol {@code raw}: a connection is one exchange, and its handler gets the
 * {@link io.namedpipe.transport.PipeChannel} itself. The connection is closed when the
 * handler returns.
 *
 * @since 0.1.0
 */
public final class RawProtocol implements PipeProtocol {

	/** The name of this protocol. */
	public static final String NAME = "raw";

	private static final ProtocolCapabilities CAPABILITIES = ProtocolCapabilities.of(Feature.CHANNEL);

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
		return new RawServerSession(connection);
	}

	@Override
	public ClientSession open(ClientConnection connection) {
		throw new PipeProtocolException(
				"The raw protocol has no requests: use PipeOperations.execute, which hands over the channel");
	}

}
