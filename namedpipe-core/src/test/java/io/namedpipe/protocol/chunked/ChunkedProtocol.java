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

import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.ProtocolCapabilities;
import io.namedpipe.protocol.ProtocolCapabilities.Feature;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.ServerSession;

/**
 * A protocol of a test, in the manner of HTTP: routes, bodies of any size that are read
 * while they arrive, both ways, and many exchanges on a connection.
 */
final class ChunkedProtocol implements PipeProtocol {

	@Override
	public String name() {
		return "chunked";
	}

	@Override
	public ProtocolCapabilities capabilities() {
		return ProtocolCapabilities.of(Feature.ROUTES, Feature.REQUEST_BODY, Feature.REPLY_BODY,
				Feature.STREAMED_REQUESTS);
	}

	@Override
	public ServerSession serve(ServerConnection connection) {
		return new ChunkedServerSession(connection);
	}

	@Override
	public ClientSession open(ClientConnection connection) {
		return new ChunkedClientSession(connection);
	}

}
