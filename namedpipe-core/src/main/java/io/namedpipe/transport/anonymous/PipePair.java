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

package io.namedpipe.transport.anonymous;

import java.util.UUID;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.memory.MemoryPipeTransport;

/**
 * Two channels of this JVM that are connected with each other: each reads the bytes that
 * the other writes. Each direction holds 64 KiB. Needs no system call, and has no name
 * that another process could use.
 *
 * @param first one end
 * @param second the other end
 * @since 0.1.0
 */
public record PipePair(PipeChannel first, PipeChannel second) implements AutoCloseable {

	/**
	 * Make a pair.
	 * @return two connected channels
	 */
	public static PipePair open() {
		try (MemoryPipeTransport names = new MemoryPipeTransport();
				PipeServerChannel server = names.bind(PipeAddress.of("pair." + UUID.randomUUID()),
						PipeServerOptions.defaults())) {
			PipeChannel first = names.connect(server.address(), PipeClientOptions.defaults());
			return new PipePair(first, server.accept());
		}
	}

	/**
	 * Close both channels.
	 */
	@Override
	public void close() {
		this.first.close();
		this.second.close();
	}

}
