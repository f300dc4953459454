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

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.LogCapture;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeListener;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.memory.MemoryPipeTransport;
import io.namedpipe.transport.unix.UnixPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of one pipe with several listeners, as for local and remote clients.
 */
@Timeout(120)
class SeveralListenersTests {

	private static final PipeAddress ADDRESS = PipeAddress.of("several");

	private final List<PipeTransport> transports = List.of(new MemoryPipeTransport(), new MemoryPipeTransport(),
			new MemoryPipeTransport());

	private @Nullable PipeListenerContainer container;

	@AfterEach
	void close() throws Exception {
		if (this.container != null) {
			ContainerFixture.stop(this.container);
		}
	}

	private void start(int maxConnections) {
		PipeContainerSettings settings = PipeContainerSettings.of("several", ADDRESS, new StreamStringProtocol())
			.maxConnections(maxConnections)
			.gracePeriod(Duration.ofSeconds(5))
			.build();
		this.container = new PipeListenerContainerFactory(List.copyOf(this.transports), List.of()).create(settings,
				(exchange) -> exchange.reply(PipeReply.of("echo " + exchange.request().body().text())));
		this.container.start();
	}

	private static PipeChannel connect(PipeTransport transport) {
		return transport.connect(ADDRESS, PipeClientOptions.builder().connectTimeout(Duration.ofSeconds(20)).build());
	}

	private static @Nullable String ask(PipeChannel client) {
		client.write(Pipes.frame("x"));
		return Pipes.readFrame(client);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 16 })
	void everyListenerServesHoweverFewConnectionsThereMayBe(int maxConnections) {
		start(maxConnections);
		for (int round = 0; round < 5; round++) {
			for (PipeTransport transport : this.transports) {
				try (PipeChannel client = connect(transport)) {
					assertThat(Pipes.readFrame(client)).isEqualTo(ContainerFixture.GREETING);
					assertThat(ask(client)).isEqualTo("echo x");
				}
			}
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2 })
	void clientsOfOtherListenersTakeTheirTurnAtTheLimit(int first) throws Exception {
		start(1);
		CountDownLatch waiting = new CountDownLatch(this.transports.size() - 1);
		CompletableFuture<?>[] others;
		try (PipeChannel client = connect(this.transports.get(first))) {
			assertThat(Pipes.readFrame(client)).isEqualTo(ContainerFixture.GREETING);
			others = this.transports.stream()
				.filter((each) -> each != this.transports.get(first))
				.map((each) -> Background.run(() -> {
					try (PipeChannel other = connect(each)) {
						waiting.countDown();
						assertThat(Pipes.readFrame(other)).isEqualTo(ContainerFixture.GREETING);
						assertThat(ask(other)).isEqualTo("echo x");
					}
					return null;
				}))
				.toArray(CompletableFuture<?>[]::new);
			waiting.await();
			assertThat(others).noneMatch(CompletableFuture::isDone);
			assertThat(ask(client)).isEqualTo("echo x");
		}
		for (CompletableFuture<?> other : others) {
			Background.get(other);
		}
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "its transport listens at paths on Unix alone")
	void logSaysThePathOfEachListener(@TempDir Path first, @TempDir Path second) {
		PipeAddress address = Pipes.uniqueAddress();
		List<PipeListener> listeners = List.of(UnixPipeTransport.builder().directory(first).build(),
				new MemoryPipeTransport(), UnixPipeTransport.builder().directory(second).build());
		PipeContainerSettings settings = PipeContainerSettings.of("several", address, new StreamStringProtocol())
			.build();
		try (LogCapture log = LogCapture.of(address.toString())) {
			this.container = new PipeListenerContainerFactory(listeners, List.of()).create(settings, (exchange) -> {
			});
			this.container.start();
			assertThat(log.lines()).containsExactly(
					"INFO Pipe 'several' listens on %1$s (path %2$s and %3$s) with the protocol stream-string"
						.formatted(address, first.resolve("CoreFxPipe_" + address),
								second.resolve("CoreFxPipe_" + address)));
		}
	}

}
