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

package io.namedpipe.autoconfigure;

import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.ProtocolCapabilities;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.ServerSession;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;

/**
 * The documented example's protocol under another name.
 *
 * @param name the name
 * @param delegate the protocol
 */
record RenamedProtocol(String name, StreamStringProtocol delegate) implements PipeProtocol {

	@Override
	public ProtocolCapabilities capabilities() {
		return this.delegate.capabilities();
	}

	@Override
	public ServerSession serve(ServerConnection connection) {
		return this.delegate.serve(connection);
	}

	@Override
	public ClientSession open(ClientConnection connection) {
		return this.delegate.open(connection);
	}

}
