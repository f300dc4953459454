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

import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.ProtocolCapabilities;
import io.namedpipe.protocol.ProtocolCapabilities.Feature;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.ServerSession;

/**
 * A protocol of a test, in the manner of JSON-RPC: requests have a number, may follow
 * each other before they are answered, and are answered in any order.
 */
public final class TaggedProtocol implements PipeProtocol {

	@Override
	public String name() {
		return "tagged";
	}

	@Override
	public ProtocolCapabilities capabilities() {
		return ProtocolCapabilities.of(Feature.REQUEST_BODY, Feature.REPLY_BODY, Feature.CONCURRENT_EXCHANGES);
	}

	@Override
	public ServerSession serve(ServerConnection connection) {
		return new TaggedServerSession(connection);
	}

	@Override
	public ClientSession open(ClientConnection connection) {
		return new TaggedClientSession(connection);
	}

}
