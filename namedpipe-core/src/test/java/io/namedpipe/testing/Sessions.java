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

package io.namedpipe.testing;

import java.time.Duration;

import io.namedpipe.deadline.Deadlines;
import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.ServerTimeouts;
import io.namedpipe.transport.PipeChannel;

/**
 * Sessions of protocols on a channel of the test, without a container or a template.
 */
public final class Sessions {

	private static final Deadlines DEADLINES = new Deadlines("test-sessions");

	private Sessions() {
	}

	public static ServerConnection connection(PipeChannel channel) {
		return connection(channel, ServerTimeouts.DEFAULTS);
	}

	public static ServerConnection connection(PipeChannel channel, ServerTimeouts timeouts) {
		return new ServerConnection("test", channel, DEADLINES.watch(channel::close), timeouts);
	}

	public static void serve(PipeProtocol protocol, PipeChannel channel, ExchangeHandler handler) {
		protocol.serve(connection(channel)).run(handler);
	}

	public static ClientSession open(PipeProtocol protocol, PipeChannel channel) {
		return open(protocol, channel, Duration.ofSeconds(30), Duration.ofSeconds(30));
	}

	public static ClientSession open(PipeProtocol protocol, PipeChannel channel, Duration connectTimeout,
			Duration requestTimeout) {
		return protocol.open(new ClientConnection(Pipes.uniqueAddress(), channel, DEADLINES.watch(channel::close),
				connectTimeout, requestTimeout));
	}

}
