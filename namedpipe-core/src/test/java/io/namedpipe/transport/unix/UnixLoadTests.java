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

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

import io.namedpipe.testing.Background;
import io.namedpipe.testing.OpenFiles;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeBusyException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeInUseException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Many clients, counted. Alone in its JVM, since all tests share file descriptors.
 */
@Isolated
@Timeout(120)
@EnabledOnOs(value = OS.LINUX, disabledReason = "counts file descriptors in /proc")
class UnixLoadTests {

	@TempDir
	private Path directory;

	private final PipeAddress address = Pipes.uniqueAddress();

	@Test
	void clientsThatConnectAndLeaveCostNothingInTheEnd() throws Exception {
		UnixPipeTransport transport = new UnixPipeTransport(this.directory);
		try (PipeServerChannel server = transport.bind(this.address, PipeServerOptions.defaults())) {
			CompletableFuture<Integer> accepted = Background.run(() -> acceptAll(server));
			connectAndLeave(transport, 100);
			long files = OpenFiles.count();
			long threads = liveThreads();
			connectAndLeave(transport, 10_000);
			await().untilAsserted(() -> assertThat(OpenFiles.count()).isLessThanOrEqualTo(files + OpenFiles.JVM_FILES));
			await().untilAsserted(() -> assertThat(liveThreads()).isLessThanOrEqualTo(threads));
			server.close();
			assertThat(Background.get(accepted)).isEqualTo(10_100);
		}
	}

	private void connectAndLeave(UnixPipeTransport transport, int times) {
		PipeClientOptions options = PipeClientOptions.builder().connectTimeout(Duration.ofSeconds(20)).build();
		for (int i = 0; i < times; i++) {
			transport.connect(this.address, options).close();
		}
		// A last one that is answered: those before it have been accepted then.
		try (PipeChannel last = transport.connect(this.address, options)) {
			last.write(Pipes.bytes(1));
			assertThat(last.read(Pipes.bytes(0))).isEqualTo(1);
		}
	}

	private static int acceptAll(PipeServerChannel server) {
		int left = 0;
		while (true) {
			try (PipeChannel client = server.accept()) {
				if (client.read(Pipes.bytes(0)) < 0) {
					left++;
				}
				else {
					client.write(Pipes.bytes(1));
				}
			}
			catch (PipeClosedException ex) {
				return left;
			}
		}
	}

	@Test
	void clientOfAServerWithAFullQueueIsToldThatItIsBusyInTime() throws IOException {
		Path socket = this.directory.resolve("CoreFxPipe_" + this.address.name());
		List<SocketChannel> waiting = new ArrayList<>();
		try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			server.bind(UnixDomainSocketAddress.of(socket), 1);
			for (int i = 0; i < 2; i++) {
				waiting.add(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
			}
			UnixPipeTransport transport = new UnixPipeTransport(this.directory);
			PipeClientOptions options = PipeClientOptions.builder().connectTimeout(Duration.ofMillis(200)).build();
			long files = OpenFiles.count();
			long start = System.nanoTime();
			assertThatExceptionOfType(PipeBusyException.class)
				.isThrownBy(() -> transport.connect(this.address, options))
				.withMessageContaining(this.address.name());
			assertThat(System.nanoTime() - start).isBetween(TimeUnit.MILLISECONDS.toNanos(200),
					TimeUnit.SECONDS.toNanos(10));
			assertThat(OpenFiles.count()).isLessThanOrEqualTo(files + OpenFiles.JVM_FILES);
		}
		finally {
			for (SocketChannel each : waiting) {
				each.close();
			}
		}
	}

	@Test
	void refusedBindingsAndConnectionsLeaveNoFilesOpen() throws IOException {
		UnixPipeTransport transport = new UnixPipeTransport(this.directory);
		PipeClientOptions options = PipeClientOptions.defaults();
		Files.createFile(this.directory.resolve("CoreFxPipe_" + this.address.name()));
		long files = OpenFiles.count();
		for (int i = 0; i < 200; i++) {
			assertThatExceptionOfType(PipeInUseException.class)
				.isThrownBy(() -> transport.bind(this.address, PipeServerOptions.defaults()));
			assertThatExceptionOfType(RuntimeException.class)
				.isThrownBy(() -> transport.connect(this.address, options));
		}
		assertThat(OpenFiles.count()).isLessThanOrEqualTo(files + OpenFiles.JVM_FILES);
	}

	private static long liveThreads() {
		// Without those of the tests' own machinery.
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !thread.getName().startsWith("awaitility")
					&& !thread.getName().startsWith("ForkJoinPool"))
			.count();
	}

}
