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

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.client.PipeTemplate;
import io.namedpipe.protocol.ExchangeOutcome;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.protocol.raw.RawProtocol;
import io.namedpipe.protocol.tagged.TaggedProtocol;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.ChildJvm;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeResetException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The requests and threads that a stop waits for, and those that it does not.
 */
@Timeout(120)
@ParameterizedClass
@ValueSource(strings = { "memory", "unix" })
class ContainerStopTests {

	private final ContainerFixture fixture;

	ContainerStopTests(String transport) {
		this.fixture = new ContainerFixture(transport);
	}

	@AfterEach
	void close() throws Exception {
		this.fixture.close();
	}

	@Test
	void stopTakesAsLongAsTheRunningRequestWhateverIsSilent() throws Exception {
		Gate gate = new Gate();
		PipeListenerContainer container = this.fixture.start((settings) -> settings.maxConnections(101), gate);
		List<PipeChannel> silent = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			silent.add(this.fixture.greeted());
		}
		CompletableFuture<String> reply = Background.run(() -> this.fixture.ask("wait"));
		gate.awaitEntered(1);
		AtomicBoolean stopped = new AtomicBoolean();
		container.stop(() -> stopped.set(true));
		silent.forEach((client) -> assertThat(ContainerFixture.isEnded(client)).isTrue());
		assertThat(stopped).isFalse();
		assertThat(reply).isNotDone();
		gate.open();
		assertThat(Background.get(reply)).isEqualTo("done wait");
		await().untilTrue(stopped);
		assertThat(container.state()).isEqualTo(ContainerState.STOPPED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "raw", "http" })
	void stopClosesSilentConnectionsOfOtherProtocolsAtOnce(String name) throws Exception {
		PipeProtocol protocol = name.equals("raw") ? new RawProtocol() : new HttpProtocol();
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch opened = new CountDownLatch(1);
		try (ContainerFixture other = new ContainerFixture(this.fixture.transport, protocol)) {
			PipeListenerContainer container = other
				.start((settings) -> settings.maxConnections(101).reservedConnections(0), (exchange) -> {
					if (exchange.channel() != null) {
						exchange.channel().read(ByteBuffer.allocate(1));
					}
					entered.countDown();
					opened.await();
					return PipeReply.empty();
				});
			List<PipeChannel> silent = new ArrayList<>();
			for (int i = 0; i < 100; i++) {
				silent.add(other.connect());
			}
			PipeChannel asking = other.connect();
			asking.write(StandardCharsets.US_ASCII.encode("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
			assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
			await().until(() -> container.activeConnections() == 101);
			AtomicBoolean stopped = new AtomicBoolean();
			container.stop(() -> stopped.set(true));
			silent.forEach((client) -> assertThat(ContainerFixture.isEnded(client)).isTrue());
			assertThat(stopped).isFalse();
			opened.countDown();
			await().untilTrue(stopped);
			assertThat(container.state()).isEqualTo(ContainerState.STOPPED);
			assertThat(other.log.hasStackTrace()).isFalse();
		}
	}

	@Test
	void stopWithoutRequestsIsOverAtOnce() throws Exception {
		PipeListenerContainer container = this.fixture.start(ContainerFixture.ECHO);
		this.fixture.greeted();
		long start = System.nanoTime();
		ContainerFixture.stop(container);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
	}

	@Test
	void handlerThatStopsItsContainerIsNotWaitedForAndItsReplyIsSent() throws Exception {
		AtomicReference<PipeListenerContainer> container = new AtomicReference<>();
		container.set(this.fixture.start((exchange) -> {
			ContainerFixture.stop(container.get());
			return PipeReply.of("stopped " + container.get().state());
		}));
		long start = System.nanoTime();
		assertThat(this.fixture.ask("stop")).isEqualTo("stopped STOPPED");
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
		await().untilAsserted(() -> assertThat(this.fixture.threads()).isEmpty());
		container.get().start();
		assertThat(container.get().state()).isEqualTo(ContainerState.RUNNING);
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the handler's own connection keeps the name of the pipe")
	void handlerRestartsItsContainerAndItsReplyIsSent() throws Exception {
		AtomicReference<PipeListenerContainer> container = new AtomicReference<>();
		container.set(this.fixture.start((exchange) -> {
			ContainerFixture.stop(container.get());
			container.get().start();
			return PipeReply.of("restarted " + container.get().state());
		}));
		for (int i = 0; i < 3; i++) {
			assertThat(this.fixture.ask("restart")).isEqualTo("restarted RUNNING");
		}
		ContainerFixture.stop(container.get());
		await().untilAsserted(() -> assertThat(this.fixture.threads()).isEmpty());
	}

	@ParameterizedTest
	@ValueSource(strings = { "handler", "writer", "writer on other thread", "listener of other thread",
			"callback for a client that has left" })
	void whatAsksForTheStopIsNotWaitedForWhereverItRuns(String place) throws Exception {
		CompletableFuture<Duration> taken = new CompletableFuture<>();
		AtomicReference<PipeListenerContainer> container = new AtomicReference<>();
		Runnable stop = () -> {
			long start = System.nanoTime();
			CompletableFuture<Void> stopped = new CompletableFuture<>();
			container.get().stop(() -> stopped.complete(null));
			stopped.join();
			taken.complete(Duration.ofNanos(System.nanoTime() - start));
		};
		container.set(stopping(place, stop));
		container.get().start();
		PipeChannel client = this.fixture.connect();
		client.write(StandardCharsets.US_ASCII.encode("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
		if (place.startsWith("callback")) {
			await().until(() -> container.get().activeConnections() == 1);
			client.close();
		}
		else {
			assertThat(client.inputStream().readAllBytes()).asString(StandardCharsets.US_ASCII).contains(" 200 OK");
		}
		assertThat(taken.get(60, TimeUnit.SECONDS)).isLessThan(Duration.ofSeconds(15));
		assertThat(container.get().state()).isEqualTo(ContainerState.STOPPED);
		await().untilAsserted(() -> assertThat(this.fixture.threads()).isEmpty());
	}

	private PipeListenerContainer stopping(String place, Runnable stop) {
		PipeBody.Writer writer = (output) -> {
			stop.run();
			output.write('x');
		};
		PipeServerListener listener = new PipeServerListener() {

			@Override
			public void exchangeEnded(PipeExchange exchange, ExchangeOutcome outcome, Duration duration) {
				if (place.startsWith("listener")) {
					stop.run();
				}
			}

		};
		return new PipeListenerContainerFactory(List.of(this.fixture.transport), List.of(listener)).create(
				PipeContainerSettings.of(this.fixture.id, this.fixture.address, new HttpProtocol()).build(),
				(exchange) -> {
					PipeReply reply = place.startsWith("writer") ? PipeReply.of(PipeBody.of(writer))
							: PipeReply.of("text");
					if (place.equals("handler")) {
						stop.run();
					}
					if (place.startsWith("callback")) {
						exchange.onClientGone(stop);
						new CountDownLatch(1).await();
					}
					if (place.endsWith("other thread")) {
						exchange.defer();
						Background.run(() -> exchange.reply(reply));
					}
					else {
						exchange.reply(reply);
					}
				});
	}

	@Test
	void stopOfAConnectionWithConcurrentExchangesTakesAsLongAsTheseDo() throws Exception {
		Gate gate = new Gate();
		try (ContainerFixture tagged = new ContainerFixture(this.fixture.transport, new TaggedProtocol());
				PipeTemplate client = PipeTemplate.builder(tagged.transport)
					.address(tagged.address)
					.protocol(new TaggedProtocol())
					.build()) {
			PipeListenerContainer container = tagged.start(gate);
			CompletableFuture<String> reply = Background.run(() -> client.requestFile("wait"));
			gate.awaitEntered(1);
			AtomicBoolean stopped = new AtomicBoolean();
			container.stop(() -> stopped.set(true));
			// Idle connections are closed within half a second.
			await().during(Duration.ofMillis(700)).untilFalse(stopped);
			gate.open();
			assertThat(Background.get(reply)).isEqualTo("done wait");
			await().untilTrue(stopped);
		}
	}

	@Test
	void handlerOfAConcurrentExchangeThatStopsItsContainerIsNotWaitedFor() throws Exception {
		AtomicReference<PipeListenerContainer> container = new AtomicReference<>();
		try (ContainerFixture tagged = new ContainerFixture(this.fixture.transport, new TaggedProtocol());
				PipeTemplate client = PipeTemplate.builder(tagged.transport)
					.address(tagged.address)
					.protocol(new TaggedProtocol())
					.build()) {
			container.set(tagged.start((exchange) -> {
				ContainerFixture.stop(container.get());
				return PipeReply.of("stopped " + container.get().state());
			}));
			long start = System.nanoTime();
			assertThat(client.requestFile("stop")).isEqualTo("stopped STOPPED");
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
			// The client is still there.
			await().untilAsserted(() -> assertThat(tagged.threads()).isEmpty());
		}
	}

	@Test
	void handlerOfARawPipeLearnsOfTheStop() throws Exception {
		CountDownLatch running = new CountDownLatch(1);
		CountDownLatch learned = new CountDownLatch(1);
		try (ContainerFixture raw = new ContainerFixture(this.fixture.transport, new RawProtocol())) {
			PipeListenerContainer container = raw.start((exchange) -> {
				running.countDown();
				await().until(exchange::isServerStopping);
				learned.countDown();
				return PipeReply.empty();
			});
			raw.connect();
			assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
			ContainerFixture.stop(container);
			assertThat(learned.getCount()).isZero();
			assertThat(container.state()).isEqualTo(ContainerState.STOPPED);
		}
	}

	@Test
	void requestThatArrivesWithTheStopIsAnsweredOrItsConnectionClosed() throws Exception {
		for (int round = 0; round < 20; round++) {
			PipeListenerContainer container = this.fixture.start(ContainerFixture.ECHO);
			PipeChannel client = this.fixture.greeted();
			CompletableFuture<String> reply = Background.run(() -> {
				client.write(Pipes.frame("x"));
				return Pipes.readFrame(client);
			});
			ContainerFixture.stop(container);
			Object outcome = reply.<Object>handle((text, thrown) -> (thrown != null) ? thrown : String.valueOf(text))
				.get(20, TimeUnit.SECONDS);
			assertThat(outcome).satisfiesAnyOf((it) -> assertThat(it).isIn("echo x", "null"),
					(it) -> assertThat(it).isInstanceOf(PipeResetException.class));
		}
	}

	@Test
	void exitOfTheJvmDoesNotWaitForTheHandlerThatAskedForIt() throws Exception {
		try (ChildJvm child = ChildJvm.start(ExitProgram.class, Map.of(), List.of(),
				System.getProperty("java.class.path"), this.fixture.transport.name())) {
			String line = child.readLine();
			// The JVM has started, which may take long.
			long start = System.nanoTime();
			while (!line.isEmpty() && !line.startsWith("stopped")) {
				// The lines of the log.
				line = child.readLine();
			}
			assertThat(line).startsWith("stopped STOPPED after ");
			// The grace period is 20 seconds.
			assertThat(Long.parseLong(line.replaceAll("[^0-9]", ""))).isLessThan(10_000);
			assertThat(child.exitCode()).isEqualTo(7);
			// The grace period is 20 seconds.
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
		}
	}

}
