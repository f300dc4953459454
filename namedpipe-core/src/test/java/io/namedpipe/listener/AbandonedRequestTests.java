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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.client.PipeTemplate;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.ServerTimeouts;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.protocol.raw.RawProtocol;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeBusyException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Clients that use the resources of a server: those that leave, and those that send
 * nothing.
 */
@Timeout(120)
@ParameterizedClass
@ValueSource(strings = { "memory", "unix" })
class AbandonedRequestTests {

	private final ContainerFixture fixture;

	AbandonedRequestTests(String transport) {
		this.fixture = new ContainerFixture(transport);
	}

	@AfterEach
	void close() throws Exception {
		this.fixture.close();
	}

	@Test
	void handlersOfClientsThatHaveLeftAreInterruptedAndGiveTheirRoomBack() {
		CountDownLatch working = new CountDownLatch(4);
		AtomicInteger interrupted = new AtomicInteger();
		this.fixture.start((settings) -> settings.maxConnections(4), (exchange) -> {
			if (exchange.request().body().text().equals("slow")) {
				working.countDown();
				try {
					new CountDownLatch(1).await();
				}
				catch (InterruptedException ex) {
					assertThat(exchange.isClientGone()).isTrue();
					interrupted.incrementAndGet();
					throw ex;
				}
			}
			return PipeReply.of("done");
		});
		List<PipeChannel> clients = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			PipeChannel client = this.fixture.greeted();
			client.write(Pipes.frame("slow"));
			clients.add(client);
		}
		await().until(() -> working.getCount() == 0);
		clients.forEach(PipeChannel::close);
		long start = System.nanoTime();
		assertThat(this.fixture.ask("next")).isEqualTo("done");
		// Without the interrupts it would never be answered.
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
		await().until(() -> interrupted.get() == 4);
		await().untilAsserted(() -> assertThat(this.fixture.log.clientLines())
			.filteredOn((line) -> line.contains("a client left before it was answered"))
			.hasSize(4));
		assertThat(this.fixture.log.hasStackTrace()).isFalse();
	}

	@Test
	void handlerOfAClientThatWaitsIsLeftAlone() throws Exception {
		this.fixture.start((exchange) -> {
			// Longer than the time after which the client is looked at, several times.
			await().pollDelay(Duration.ofMillis(900)).until(() -> true);
			return PipeReply.of("gone " + exchange.isClientGone());
		});
		assertThat(this.fixture.ask("slow")).isEqualTo("gone false");
	}

	@Test
	void handlerCanAskToBeToldThatItsClientHasLeft() throws Exception {
		CountDownLatch working = new CountDownLatch(1);
		CountDownLatch told = new CountDownLatch(1);
		this.fixture.start((exchange) -> {
			exchange.onClientGone(told::countDown);
			working.countDown();
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return PipeReply.empty();
		});
		PipeChannel client = this.fixture.greeted();
		client.write(Pipes.frame("x"));
		assertThat(working.await(20, TimeUnit.SECONDS)).isTrue();
		client.close();
		assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void clientThatLeavesIsNoticedThoughNobodyReadsWhatItHasSent() throws Exception {
		CountDownLatch interrupted = new CountDownLatch(2);
		try (ContainerFixture http = new ContainerFixture(this.fixture.transport, new HttpProtocol())) {
			Semaphore working = new Semaphore(0);
			http.start((exchange) -> {
				working.release();
				try {
					return PipeReply.of("not before " + new CountDownLatch(1).await(20, TimeUnit.SECONDS));
				}
				catch (InterruptedException ex) {
					interrupted.countDown();
					throw ex;
				}
			});
			PipeChannel body = http.connect();
			PipeChannel pipelined = http.connect();
			body.write(ascii("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999\r\n\r\n" + "x".repeat(500)));
			pipelined.write(ascii("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"));
			assertThat(working.tryAcquire(2, 20, TimeUnit.SECONDS)).isTrue();
			pipelined.write(ascii("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n"));
			// It is looked at with all of that unread.
			await().pollDelay(Duration.ofMillis(600)).until(() -> interrupted.getCount() == 2);
			body.close();
			pipelined.close();
			assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
		}
	}

	private static ByteBuffer ascii(String text) {
		return StandardCharsets.US_ASCII.encode(text);
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, disabledReason = "a client that has ended its output alone cannot be told there")
	void clientThatHasEndedItsOutputGetsItsAnswer() throws Exception {
		try (ContainerFixture http = new ContainerFixture(this.fixture.transport, new HttpProtocol())) {
			http.start((exchange) -> {
				await().pollDelay(Duration.ofMillis(900)).until(() -> true);
				return PipeReply.of("gone " + exchange.isClientGone());
			});
			PipeChannel client = http.connect();
			client.write(ascii("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
			client.shutdownOutput();
			assertThat(client.inputStream().readAllBytes()).asString(StandardCharsets.US_ASCII).endsWith("gone false");
		}
	}

	@Test
	void handlerOfARawPipeCanAskAndReadsWhatItsClientHasLeft() throws Exception {
		CountDownLatch told = new CountDownLatch(1);
		CompletableFuture<String> read = new CompletableFuture<>();
		try (ContainerFixture raw = new ContainerFixture(this.fixture.transport, new RawProtocol())) {
			raw.start((exchange) -> {
				exchange.onClientGone(told::countDown);
				exchange.channel().read(ByteBuffer.allocate(1));
				await().until(exchange::isClientGone);
				read.complete(new String(exchange.channel().inputStream().readAllBytes(), StandardCharsets.US_ASCII)
						+ Thread.interrupted());
				return PipeReply.empty();
			});
			PipeChannel client = raw.connect();
			client.write(ascii("?last words, "));
			client.close();
			assertThat(read.get(20, TimeUnit.SECONDS)).isEqualTo("last words, false");
			assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
		}
	}

	@Test
	void callbackThatTakesItsTimeKeepsNoTimeLimitWaiting() throws Exception {
		CountDownLatch working = new CountDownLatch(1);
		CountDownLatch blocked = new CountDownLatch(1);
		CompletableFuture<Void> released = new CompletableFuture<>();
		this.fixture.start((settings) -> settings.timeouts(ServerTimeouts.DEFAULTS.withRead(Duration.ofMillis(800))),
				(exchange) -> {
					exchange.onClientGone(() -> {
						blocked.countDown();
						released.join();
					});
					working.countDown();
					new CountDownLatch(1).await();
					return PipeReply.empty();
				});
		PipeChannel client = this.fixture.greeted();
		client.write(Pipes.frame("x"));
		assertThat(working.await(20, TimeUnit.SECONDS)).isTrue();
		client.close();
		assertThat(blocked.await(20, TimeUnit.SECONDS)).isTrue();
		try {
			assertThat(ContainerFixture.isEnded(this.fixture.greeted())).isTrue();
		}
		finally {
			released.complete(null);
		}
	}

	@Test
	void exchangeThatIsAnsweredLaterGivesItsRoomBackWhenItsClientHasLeft() throws Exception {
		List<PipeExchange> exchanges = new CopyOnWriteArrayList<>();
		PipeListenerContainer container = new PipeListenerContainerFactory(List.of(this.fixture.transport), List.of())
			.create(this.fixture.settings().build(), (exchange) -> {
				exchange.defer();
				exchanges.add(exchange);
			});
		container.start();
		try {
			PipeChannel client = this.fixture.greeted();
			client.write(Pipes.frame("x"));
			await().until(() -> exchanges.size() == 1);
			assertThat(container.activeConnections()).isEqualTo(1);
			client.close();
			await().until(() -> container.activeConnections() == 0);
			assertThat(exchanges.get(0).isClientGone()).isTrue();
			assertThat(exchanges.get(0).reply(PipeReply.of("late"))).isFalse();
		}
		finally {
			ContainerFixture.stop(container);
		}
	}

	@Test
	void limitOfConnectionsIsOneLineAndABusyServerToTheNextClient() {
		this.fixture.start((settings) -> settings.maxConnections(8), ContainerFixture.ECHO);
		List<PipeChannel> silent = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			silent.add(this.fixture.greeted());
		}
		try (PipeTemplate template = PipeTemplate.builder(this.fixture.transport)
			.address(this.fixture.address)
			.options(PipeClientOptions.builder().connectTimeout(Duration.ofMillis(300)).build())
			.build()) {
			for (int i = 0; i < 3; i++) {
				assertThatExceptionOfType(PipeBusyException.class).isThrownBy(() -> template.requestFile("x"));
			}
			// The server may notice a client after the client has given up.
			await().untilAsserted(
					() -> assertThat(this.fixture.log.clientLines()).filteredOn((line) -> line.startsWith("WARN"))
						.singleElement()
						.asString()
						.contains("all 8 connections are in use"));
			silent.forEach(PipeChannel::close);
			await().ignoreExceptionsInstanceOf(PipeBusyException.class)
				.untilAsserted(() -> assertThat(template.requestFile("x")).isEqualTo("echo x"));
		}
	}

	@Test
	void waitForABusyServerHasAnEndWhateverTheConnectTimeout() {
		this.fixture.start((settings) -> settings.maxConnections(1), ContainerFixture.ECHO);
		this.fixture.greeted();
		try (PipeTemplate template = PipeTemplate.builder(this.fixture.transport)
			.address(this.fixture.address)
			.options(PipeClientOptions.builder().connectTimeout(Duration.ZERO).build())
			.requestTimeout(Duration.ofMillis(300))
			.build()) {
			List<CompletableFuture<PipeReply>> calls = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				calls.add(template.route("").payload("x").async().exchange());
			}
			calls.forEach((call) -> assertThatExceptionOfType(PipeBusyException.class)
				.isThrownBy(() -> Background.get(call)));
		}
	}

	@Test
	void handlerOfARawPipeIsNotCutWhileBytesPass() throws Exception {
		try (ContainerFixture raw = new ContainerFixture(this.fixture.transport, new RawProtocol())) {
			raw.start((settings) -> settings.timeouts(ServerTimeouts.DEFAULTS.withRequest(Duration.ofSeconds(2))),
					(exchange) -> {
						exchange.channel().read(ByteBuffer.allocate(1));
						exchange.channel().write(ByteBuffer.allocate(600 * 1024));
						exchange.channel().inputStream().transferTo(exchange.channel().outputStream());
						return PipeReply.empty();
					});
			PipeChannel client = raw.connect();
			client.write(Pipes.bytes(1));
			ByteBuffer part = ByteBuffer.allocate(16 * 1024);
			for (int total = 0; total < 600 * 1024; total += part.position()) {
				client.read(part.clear());
				TimeUnit.MILLISECONDS.sleep((total < 300 * 1024) ? 120 : 0);
			}
			for (int i = 0; i < 9; i++) {
				client.write(Pipes.bytes(i));
				assertThat(client.readFully(part.clear().limit(1))).isTrue();
				TimeUnit.MILLISECONDS.sleep(250);
			}
			assertThat(ContainerFixture.isEnded(client)).isTrue();
			await().untilAsserted(() -> assertThat(raw.log.clientLines()).singleElement()
				.asString()
				.endsWith("was closed: Handling the request took longer than 2000 ms (request-timeout)"));
		}
	}

	@Test
	void silentClientOfARawPipeEndsWithTheReadTimeout() throws Exception {
		try (ContainerFixture raw = new ContainerFixture(this.fixture.transport, new RawProtocol())) {
			raw.start((settings) -> settings.timeouts(ServerTimeouts.DEFAULTS.withRead(Duration.ofSeconds(2))),
					(exchange) -> {
						exchange.channel().inputStream().transferTo(exchange.channel().outputStream());
						return PipeReply.empty();
					});
			PipeChannel talking = raw.connect();
			talking.write(Pipes.bytes(1));
			PipeChannel silent = raw.connect();
			assertThat(ContainerFixture.isEnded(silent)).isTrue();
			await().untilAsserted(() -> assertThat(raw.log.clientLines()).singleElement()
				.asString()
				.endsWith("was closed: Waiting for the first byte took longer than 2000 ms (read-timeout)"));
			// After the first byte, the handler limits the time.
			talking.write(Pipes.bytes(2));
			assertThat(talking.inputStream().readNBytes(2)).containsExactly(1, 2);
		}
	}

}
