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

package io.namedpipe.transport.unix;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.namedpipe.testing.Background;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of operations whose thread is interrupted: each throws an exception and keeps the
 * interrupt status.
 */
@NotOnWindows
@Timeout(120)
class UnixInterruptTests {

	@TempDir
	private Path directory;

	private final PipeAddress address = Pipes.uniqueAddress();

	@Test
	void read() throws Exception {
		assertInterrupted((channel) -> channel.read(ByteBuffer.allocate(1)));
	}

	@Test
	void readWithATimeout() throws Exception {
		assertInterrupted((channel) -> {
			channel.setReadTimeout(Duration.ofSeconds(50));
			channel.read(ByteBuffer.allocate(1));
		});
	}

	@Test
	void write() throws Exception {
		assertInterrupted((channel) -> channel.write(ByteBuffer.allocate(10_000_000)));
	}

	@Test
	void writeWithATimeout() throws Exception {
		assertInterrupted((channel) -> {
			channel.setWriteTimeout(Duration.ofSeconds(50));
			channel.write(ByteBuffer.allocate(10_000_000));
		});
	}

	@Test
	void waitForAServer() throws Exception {
		PipeClientOptions options = PipeClientOptions.builder().waitForServer(Duration.ofSeconds(50)).build();
		assertInterrupted(() -> new UnixPipeTransport(this.directory).connect(this.address, options));
	}

	private void assertInterrupted(Operation operation) throws Exception {
		UnixPipeTransport transport = new UnixPipeTransport(this.directory);
		try (PipeServerChannel server = transport.bind(this.address, PipeServerOptions.defaults());
				PipeChannel client = transport.connect(this.address, PipeClientOptions.defaults());
				PipeChannel accepted = server.accept()) {
			assertThat(accepted.isOpen()).isTrue();
			assertInterrupted(() -> operation.run(client));
		}
	}

	// The interrupt comes before the operation or in it: the outcome is the same.
	private static void assertInterrupted(Runnable operation) throws Exception {
		CompletableFuture<Thread> thread = new CompletableFuture<>();
		CompletableFuture<Boolean> status = new CompletableFuture<>();
		CompletableFuture<String> message = Background.run(() -> {
			thread.complete(Thread.currentThread());
			try {
				operation.run();
				return "no exception";
			}
			catch (PipeException ex) {
				status.complete(Thread.currentThread().isInterrupted());
				return String.valueOf(ex.getMessage());
			}
		});
		Background.get(thread).interrupt();
		assertThat(Background.get(message)).contains("interrupted");
		assertThat(Background.get(status)).isTrue();
	}

	@FunctionalInterface
	private interface Operation {

		void run(PipeChannel channel);

	}

}
