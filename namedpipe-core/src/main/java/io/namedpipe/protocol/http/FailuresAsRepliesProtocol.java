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

package io.namedpipe.protocol.http;

import java.util.concurrent.atomic.AtomicBoolean;

import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.ProtocolCapabilities;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.ServerSession;

/**
 * HTTP for clients that look at the status themselves.
 */
final class FailuresAsRepliesProtocol implements PipeProtocol {

	private final HttpProtocol protocol = new HttpProtocol();

	@Override
	public String name() {
		return this.protocol.name();
	}

	@Override
	public ProtocolCapabilities capabilities() {
		return this.protocol.capabilities();
	}

	@Override
	public ServerSession serve(ServerConnection connection) {
		return this.protocol.serve(connection);
	}

	@Override
	public ClientSession open(ClientConnection connection) {
		return new HttpClientSession(connection, HttpLimits.DEFAULTS, true, new AtomicBoolean());
	}

}
