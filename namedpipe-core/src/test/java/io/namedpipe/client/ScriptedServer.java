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

package io.namedpipe.client;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.memory.MemoryPipeTransport;

/**
 * A server whose behaviour a test defines.
 */
abstract class ScriptedServer {

	static final String GREETING = StreamStringProtocol.DEFAULT_GREETING;

	final PipeTransport transport;

	final PipeAddress address = Pipes.uniqueAddress();

	PipeServerChannel server;

	ScriptedServer(String transport) {
		this.transport = transport.equals("memory") ? new MemoryPipeTransport() : Pipes.systemTransport();
	}

	@BeforeEach
	void bind() {
		this.server = this.transport.bind(this.address, PipeServerOptions.defaults());
	}

	@AfterEach
	void close() {
		this.server.close();
		this.transport.close();
	}

	/**
	 * Serve one client, and see that it closes its connection.
	 */
	final CompletableFuture<Void> serve(Conversation conversation) {
		return Background.run(() -> {
			try (PipeChannel client = this.server.accept()) {
				conversation.with(client);
			}
			return null;
		});
	}

	final CompletableFuture<Void> serveToTheEnd(Conversation conversation) {
		return serve((client) -> {
			conversation.with(client);
			while (client.read(ByteBuffer.allocate(100)) >= 0) {
				// Its bytes do not matter, but the client has to end.
			}
		});
	}

	/**
	 * The server's part.
	 */
	@FunctionalInterface
	interface Conversation {

		void with(PipeChannel client) throws Exception;

	}

}
