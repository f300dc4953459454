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

package io.namedpipe.benchmarks;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.memory.MemoryPipeTransport;
import io.namedpipe.transport.unix.UnixPipeTransport;

/**
 * Both ends of one connection.
 *
 * @param client the end that asks
 * @param server the end that answers
 */
record LinkPair(ByteLink client, ByteLink server) implements AutoCloseable {

	static LinkPair open(String kind) throws IOException {
		Path directory = Files.createTempDirectory("links");
		try {
			return switch (kind) {
				case "bare" -> bare(directory.resolve("socket"));
				case "unix" -> pipes(new UnixPipeTransport(directory));
				case "memory" -> pipes(new MemoryPipeTransport());
				default -> throw new IllegalArgumentException("No such kind of channel: " + kind);
			};
		}
		finally {
			Files.deleteIfExists(directory);
		}
	}

	private static LinkPair bare(Path socket) throws IOException {
		UnixDomainSocketAddress address = UnixDomainSocketAddress.of(socket);
		try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			listening.bind(address);
			SocketChannel client = SocketChannel.open(address);
			return new LinkPair(ByteLink.of(client), ByteLink.of(listening.accept()));
		}
		finally {
			Files.deleteIfExists(socket);
		}
	}

	@SuppressWarnings("resource")
	private static LinkPair pipes(PipeTransport transport) throws IOException {
		PipeAddress address = PipeAddress.of("benchmark");
		try (PipeServerChannel listening = transport.bind(address, PipeServerOptions.defaults())) {
			PipeChannel client = transport.connect(address, PipeClientOptions.defaults());
			return new LinkPair(ByteLink.of(client), ByteLink.of(listening.accept()));
		}
	}

	@Override
	public void close() throws IOException {
		this.client.close();
		this.server.close();
	}

}
