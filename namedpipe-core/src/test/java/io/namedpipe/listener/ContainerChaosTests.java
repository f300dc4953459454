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

package io.namedpipe.listener;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.namedpipe.protocol.PipeReply;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.ChildJvm;
import io.namedpipe.testing.OpenFiles;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.memory.MemoryPipeTransport;
import io.namedpipe.transport.unix.UnixPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A thousand operations in random order, under load. The seed is fixed, so that a failure
 * can be repeated.
 */
@Timeout(120)
class ContainerChaosTests {

	private static final int OPERATIONS = 1000;

	private static final long SEED = 20261126;

	@TempDir
	Path directory;

	@Test
	void memoryPipeIsAsItWasAskedToBeAfterAThousandOperations() throws Exception {
		survives(new MemoryPipeTransport());
	}

	@Test
	void systemPipeIsAsItWasAskedToBeAfterAThousandOperations() throws Exception {
		survives(OS.WINDOWS.isCurrentOs() ? Pipes.systemTransport() : new UnixPipeTransport(this.directory));
		try (Stream<Path> left = Files.list(this.directory)) {
			assertThat(left).isEmpty();
		}
		Path sockets = Path.of("/proc/net/unix");
		if (Files.isReadable(sockets)) {
			// The listening socket and the connections that it accepted have its path.
			await().untilAsserted(() -> assertThat(Files.readAllLines(sockets))
				.noneMatch((line) -> line.contains(this.directory.toString())));
		}
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, disabledReason = "counts files in /proc")
	void noFileIsLeftOpenAfterAThousandOperations() throws Exception {
		// In a process of its own, since other tests open files at the same time.
		try (ChildJvm child = ChildJvm.start(ChaosProgram.class, Map.of(), List.of(),
				System.getProperty("java.class.path"), this.directory.toString())) {
			List<String> counts = child.lines().filter((line) -> line.startsWith("> ")).toList();
			assertThat(child.exitCode()).isZero();
			assertThat(counts).hasSize(2);
			assertThat(Integer.parseInt(counts.get(1).substring(2)))
				.isLessThanOrEqualTo(Integer.parseInt(counts.get(0).substring(2)) + OpenFiles.JVM_FILES);
		}
	}

	void survives(PipeTransport transport) throws Exception {
		try (ContainerFixture fixture = new ContainerFixture(transport)) {
			PipeListenerContainer container = fixture
				.start((settings) -> settings.maxConnections(6).gracePeriod(Duration.ofMillis(200)), (exchange) -> {
					if (exchange.request().body().text().equals("interrupt")) {
						Thread.currentThread().interrupt();
					}
					return PipeReply.of("done");
				});
			AtomicBoolean over = new AtomicBoolean();
			AtomicInteger answered = new AtomicInteger();
			CompletableFuture<Void> load = Background.run("chaos-load", () -> load(fixture, over, answered));
			Operations operations = new Operations(fixture, container);
			operations.run();
			over.set(true);
			Background.get(load);
			assertThat(answered.get()).isPositive();
			// A removed socket is a failure of health, which a restart mends.
			await().until(() -> container.state() != ContainerState.STOPPING);
			if (container.state() == ContainerState.FAILED) {
				assertThat(fixture.log.lines()).anyMatch((line) -> line.startsWith("ERROR"));
			}
			else {
				assertThat(container.state()).isEqualTo(operations.asked);
			}
			boolean found = !(transport instanceof UnixPipeTransport)
					|| container.locations().stream().allMatch((path) -> Files.exists(Path.of(path)));
			assertThat(container.isReachable()).isEqualTo(container.state() == ContainerState.RUNNING && found);
			restart(container);
			assertThat(container.state()).isEqualTo(ContainerState.RUNNING);
			assertThat(container.isReachable()).isTrue();
			await().ignoreExceptions().untilAsserted(() -> assertThat(fixture.ask("x")).isEqualTo("done"));
			ContainerFixture.stop(container);
			assertThat(container.state()).isEqualTo(ContainerState.STOPPED);
			await().untilAsserted(() -> assertThat(fixture.threads()).isEmpty());
			assertThat(container.activeConnections()).isZero();
		}
	}

	private static void restart(PipeListenerContainer container) throws InterruptedException {
		ContainerFixture.stop(container);
		container.start();
	}

	private static Void load(ContainerFixture fixture, AtomicBoolean over, AtomicInteger answered) {
		PipeClientOptions options = PipeClientOptions.builder().connectTimeout(Duration.ofMillis(20)).build();
		while (!over.get()) {
			try (PipeChannel client = fixture.transport.connect(fixture.address, options)) {
				client.setReadTimeout(Duration.ofMillis(100));
				if (ContainerFixture.GREETING.equals(Pipes.readFrame(client))) {
					client.write(Pipes.frame("load"));
					answered.addAndGet("done".equals(Pipes.readFrame(client)) ? 1 : 0);
				}
			}
			catch (PipeException ex) {
				// A pipe that is closed, stopping or full does not answer.
			}
		}
		return null;
	}

	/**
	 * The operations, one after the other.
	 */
	private final class Operations {

		private final ContainerFixture fixture;

		private final PipeListenerContainer container;

		private final Random random = new Random(SEED);

		private final Deque<PipeChannel> silent = new ArrayDeque<>();

		private ContainerState asked = ContainerState.RUNNING;

		Operations(ContainerFixture fixture, PipeListenerContainer container) {
			this.fixture = fixture;
			this.container = container;
		}

		void run() throws Exception {
			for (int i = 0; i < OPERATIONS; i++) {
				operation(this.random.nextInt(20));
			}
			this.silent.forEach(PipeChannel::close);
		}

		private void operation(int kind) throws Exception {
			switch (kind) {
				case 0 -> {
					this.asked = ContainerState.STOPPED;
					ContainerFixture.stop(this.container);
					assertThat(this.container.state()).isIn(ContainerState.STOPPED, ContainerState.FAILED);
				}
				case 1 -> {
					this.asked = ContainerState.STOPPED;
					this.container.stop(() -> {
					});
				}
				case 2, 3, 4, 5 -> start();
				case 6 -> {
					this.asked = (this.asked == ContainerState.RUNNING) ? ContainerState.PAUSED : this.asked;
					this.container.pause();
				}
				case 7, 8, 9 -> {
					this.asked = (this.asked == ContainerState.PAUSED) ? ContainerState.RUNNING : this.asked;
					this.container.resume();
				}
				case 10 -> removeTheSocket();
				case 11, 12 -> this.fixture.threads().stream().findAny().ifPresent(Thread::interrupt);
				case 13, 14 -> connectSilently();
				case 15, 16 -> leave();
				default -> ask();
			}
		}

		private void start() {
			if (this.container.state() != ContainerState.STOPPING) {
				this.asked = (this.asked == ContainerState.STOPPED) ? ContainerState.RUNNING : this.asked;
				this.container.start();
				assertThat(this.container.isRunning()).isTrue();
			}
		}

		private void removeTheSocket() throws IOException {
			try (Stream<Path> files = Files.list(ContainerChaosTests.this.directory)) {
				for (Path socket : files.filter((file) -> !file.toString().endsWith(".lock")).toList()) {
					Files.deleteIfExists(socket);
					if (this.container.state() == ContainerState.RUNNING) {
						assertThat(this.container.isReachable()).isFalse();
					}
				}
			}
		}

		private void connectSilently() {
			try {
				this.silent.add(this.fixture.transport.connect(this.fixture.address,
						PipeClientOptions.builder().connectTimeout(Duration.ZERO).build()));
			}
			catch (PipeException ex) {
				// Full, paused or away.
			}
		}

		private void leave() {
			PipeChannel first = this.silent.poll();
			if (first != null) {
				first.close();
			}
		}

		private void ask() {
			List<String> texts = List.of("x", "interrupt");
			String text = texts.get(this.random.nextInt(texts.size()));
			try (PipeChannel client = this.fixture.transport.connect(this.fixture.address,
					PipeClientOptions.builder().connectTimeout(Duration.ZERO).build())) {
				client.setReadTimeout(Duration.ofMillis(50));
				if (Pipes.readFrame(client) != null) {
					client.write(Pipes.frame(text));
					Pipes.readFrame(client);
				}
			}
			catch (PipeException ex) {
				// Full, paused or away.
			}
		}

	}

}
