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

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.protocol.PipeNoReplyException;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.testing.Background;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeTimeoutException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Kept connections: their number, their time, their end, and what happens when the server
 * has ended them.
 */
@Timeout(120)
@ParameterizedClass
@ValueSource(strings = { "memory", "unix" })
class ConnectionPoolTests {

	private final String transport;

	private final Events events = new Events();

	private HttpPeer peer;

	ConnectionPoolTests(String transport) {
		this.transport = transport;
	}

	private PipeTemplate serve(PipePoolOptions pool, HttpPeer.Conversation conversation) {
		this.peer = new HttpPeer(this.transport, conversation);
		return this.peer.builder().pool(pool).listeners(List.of(this.events)).build();
	}

	@AfterEach
	void close() {
		if (this.peer != null) {
			this.peer.close();
			assertThat(this.peer.failures).isEmpty();
		}
	}

	private static PipePoolOptions pool(int maxSize, long idleMillis, long acquireMillis) {
		return new PipePoolOptions(maxSize, Duration.ofMillis(idleMillis), Duration.ofMillis(acquireMillis));
	}

	private static void answerAll(HttpPeer.Client client) {
		while (!client.readHead().isEmpty()) {
			client.answer("ok");
		}
	}

	@Test
	void requestsShareAConnection() {
		try (PipeTemplate template = serve(PipePoolOptions.defaults(), ConnectionPoolTests::answerAll)) {
			for (int i = 0; i < 10; i++) {
				assertThat(template.route("x").retrieve(String.class)).isEqualTo("ok");
			}
			assertThat(this.peer.connections).hasValue(1);
			assertThat(this.events.opened).hasValue(1);
			assertThat(this.events.closed).hasValue(0);
		}
		assertThat(this.events.closed).hasValue(1);
	}

	@Test
	void noMoreConnectionsThanAllowedServeAllRequests() throws Exception {
		AtomicInteger atOnce = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		CountDownLatch three = new CountDownLatch(3);
		try (PipeTemplate template = serve(pool(3, 30_000, 30_000), (client) -> {
			while (!client.readHead().isEmpty()) {
				most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
				three.countDown();
				three.await();
				atOnce.decrementAndGet();
				client.answer("ok");
			}
		})) {
			List<CompletableFuture<String>> replies = new ArrayList<>();
			for (int i = 0; i < 100; i++) {
				replies.add(template.route("x").async().retrieve(String.class));
			}
			for (CompletableFuture<String> reply : replies) {
				assertThat(Background.get(reply)).isEqualTo("ok");
			}
			assertThat(this.peer.connections).hasValueLessThanOrEqualTo(3);
			assertThat(most).hasValue(3);
		}
	}

	@Test
	void waitForAConnectionHasAnEnd() throws IOException {
		try (PipeTemplate template = serve(pool(1, 30_000, 50), ConnectionPoolTests::streamAll)) {
			InputStream content = template.route("x").body();
			assertThatExceptionOfType(PipeTimeoutException.class)
				.isThrownBy(() -> template.route("x").retrieve(String.class))
				.withMessageContaining("All 1 connections")
				.withMessageContaining("pool.acquire-timeout")
				.withMessageContaining("until it is closed");
			content.close();
			assertThat(template.route("x").body().readAllBytes()).hasSize(6);
		}
	}

	private static void streamAll(HttpPeer.Client client) {
		while (!client.readHead().isEmpty()) {
			client.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nstream\r\n0\r\n\r\n");
		}
	}

	@Test
	void contentThatWasReadToItsEndGivesItsConnectionBack() throws IOException {
		try (PipeTemplate template = serve(pool(1, 30_000, 50), ConnectionPoolTests::streamAll)) {
			List<InputStream> forgotten = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				InputStream content = template.route("x").body();
				assertThat(content.readAllBytes()).hasSize(6);
				forgotten.add(content);
			}
			InputStream current = template.route("x").body();
			for (InputStream content : forgotten) {
				content.close();
			}
			assertThat(current.readAllBytes()).as("not closed by those before it").hasSize(6);
			assertThat(this.peer.connections).hasValue(1);
		}
	}

	@Test
	void waitForAConnectionCanBeInterrupted() throws Exception {
		try (PipeTemplate template = serve(pool(1, 30_000, 60_000), ConnectionPoolTests::streamAll);
				InputStream content = template.route("x").body()) {
			CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
			Thread waiting = new Thread(() -> {
				try {
					template.route("x").exchange();
				}
				catch (PipeException ex) {
					interrupted.complete(Thread.currentThread().isInterrupted());
				}
			});
			waiting.start();
			await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
			waiting.interrupt();
			assertThat(Background.get(interrupted)).isTrue();
			assertThat(content.readAllBytes()).hasSize(6);
			assertThat(template.route("x").body().readAllBytes()).hasSize(6);
		}
	}

	@Test
	void idleConnectionIsClosedWhenItsTimeIsOver() {
		CountDownLatch ended = new CountDownLatch(1);
		try (PipeTemplate template = serve(pool(1, 50, 1000), (client) -> {
			answerAll(client);
			ended.countDown();
		})) {
			template.route("x").retrieve(String.class);
			await().atMost(Background.PATIENCE_SECONDS, TimeUnit.SECONDS)
				.until(() -> ended.getCount() == 0 && this.events.closed.get() == 1);
			assertThat(template.route("x").retrieve(String.class)).isEqualTo("ok");
			assertThat(this.peer.connections).hasValue(2);
		}
	}

	@Test
	void connectionIsNotKeptIfNoneShallBe() {
		try (PipeTemplate template = serve(pool(1, 0, 1000), ConnectionPoolTests::answerAll)) {
			for (int i = 1; i <= 3; i++) {
				template.route("x").retrieve(String.class);
				assertThat(this.events.closed).hasValue(i);
			}
			assertThat(this.peer.connections).hasValue(3);
		}
	}

	/** The server closes each connection after its answer, without having said so. */
	private static void answerOnce(HttpPeer.Client client) {
		client.readHead();
		client.answer("ok");
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET", "PUT", "POST", "PATCH" })
	void requestThatAStaleConnectionDoesNotTakeIsSentOnANewOne(String method) throws Exception {
		try (PipeTemplate template = serve(PipePoolOptions.defaults(), ConnectionPoolTests::answerOnce)) {
			for (int i = 0; i < 4; i++) {
				assertThat(template.route("x").method(method).payload("p").retrieve(String.class)).isEqualTo("ok");
				awaitPeerClosed(i + 1);
			}
			assertThat(this.peer.heads).hasSize(4);
			assertThat(this.events.repeated).hasValue(3);
		}
	}

	private void awaitPeerClosed(int count) {
		await().atMost(Background.PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> this.peer.ended.get() == count);
	}

	@ParameterizedTest
	@CsvSource({ "GET, 3", "POST, 2" })
	void requestThatTheServerMayHaveReadIsRepeatedOnceIfThatDoesNoHarm(String method, int heads) {
		AtomicInteger requests = new AtomicInteger();
		try (PipeTemplate template = serve(PipePoolOptions.defaults(), (client) -> {
			client.readHead();
			if (requests.getAndIncrement() == 0) {
				client.answer("ok");
				client.readHead();
			}
		})) {
			template.route("x").method(method).retrieve(String.class);
			assertThatExceptionOfType(PipeNoReplyException.class)
				.isThrownBy(() -> template.route("x").method(method).retrieve(String.class));
			assertThat(this.peer.heads).hasSize(heads);
			assertThat(this.events.repeated).hasValue(heads - 2);
		}
	}

	@Test
	void requestWithAnAnswerThatBreaksOffIsNotRepeated() {
		AtomicInteger requests = new AtomicInteger();
		try (PipeTemplate template = serve(PipePoolOptions.defaults(), (client) -> {
			client.readHead();
			client.answer("ok");
			requests.incrementAndGet();
			client.readHead();
			client.send("HTTP/1.1 200 OK\r\n");
		})) {
			template.route("x").retrieve(String.class);
			assertThatExceptionOfType(PipeException.class).isThrownBy(() -> template.route("x").retrieve(String.class));
			assertThat(this.events.repeated).hasValue(0);
			assertThat(requests).hasValue(1);
		}
	}

	@Test
	void timedOutRequestIsNotRepeated() {
		try (PipeTemplate template = serve(PipePoolOptions.defaults(), (client) -> {
			client.readHead();
			client.answer("ok");
			client.drain();
		})) {
			template.route("x").retrieve(String.class);
			assertThatExceptionOfType(PipeTimeoutException.class)
				.isThrownBy(() -> template.route("x").timeout(Duration.ofMillis(100)).retrieve(String.class));
			assertThat(this.events.repeated).hasValue(0);
		}
	}

	@Test
	void restartOfTheServerIsNotNoticed() throws Exception {
		try (HttpServerFixture server = new HttpServerFixture(this.transport, new HttpProtocol(),
				(exchange) -> exchange.reply(io.namedpipe.protocol.PipeReply.of("ok")));
				PipeTemplate template = server.builder().listeners(List.of(this.events)).build()) {
			for (int i = 0; i < 3; i++) {
				assertThat(template.route("x").payload("p").retrieve(String.class)).isEqualTo("ok");
				server.stop();
				server.start();
			}
			assertThat(template.route("x").payload("p").retrieve(String.class)).isEqualTo("ok");
		}
	}

	@Test
	void closeEndsWaitingAndIdleConnections() throws Exception {
		PipeTemplate template = serve(pool(1, 30_000, 60_000), ConnectionPoolTests::streamAll);
		InputStream content = template.route("x").body();
		CompletableFuture<?> waiting = Background.run(() -> template.route("x").exchange());
		await().until(() -> this.events.started.get() == 2);
		template.close();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> Background.get(waiting));
		assertThat(this.events.opened.get()).isEqualTo(this.events.closed.get());
		content.close();
		template.close();
		assertThat(this.events.closed).hasValue(1);
	}

	@Test
	void resourcesCloseTheirTemplates() {
		this.peer = new HttpPeer(this.transport, ConnectionPoolTests::answerAll);
		PipeClientResources resources = new PipeClientResources();
		PipeTemplate template = PipeTemplate.builder(this.peer.transport, resources)
			.address(this.peer.address)
			.protocol(new HttpProtocol())
			.listeners(List.of(this.events))
			.build();
		template.route("x").retrieve(String.class);
		assertThat(this.events.closed).hasValue(0);
		resources.close();
		assertThat(this.events.closed).hasValue(1);
		assertThatExceptionOfType(PipeClosedException.class)
			.isThrownBy(() -> template.route("x").retrieve(String.class));
	}

	@Test
	void failedConnectGivesItsPlaceBack() throws Exception {
		this.peer = new HttpPeer(this.transport, ConnectionPoolTests::answerAll);
		PipeTemplateBuilder builder = this.peer.builder().pool(pool(1, 30_000, 50));
		try (PipeTemplate template = builder.address(PipeAddress.of("np.nobody")).build()) {
			for (int i = 0; i < 3; i++) {
				assertThatExceptionOfType(io.namedpipe.transport.PipeNotFoundException.class)
					.isThrownBy(() -> template.route("x").retrieve(String.class));
			}
		}
	}

	@Test
	void connectionOfACallbackIsToldToo() {
		try (PipeTemplate template = serve(PipePoolOptions.defaults(), ConnectionPoolTests::answerAll)) {
			int opened = template.execute((channel) -> this.events.opened.get());
			assertThat(opened).isEqualTo(1);
			assertThat(this.events.closed).hasValue(1);
		}
	}

	@Test
	void optionsHaveRanges() {
		assertThatIllegalArgumentException().isThrownBy(() -> pool(0, 0, 0)).withMessageContaining("maxSize");
		assertThatIllegalArgumentException().isThrownBy(() -> pool(1, -1, 0)).withMessageContaining("maxIdleTime");
		assertThatIllegalArgumentException().isThrownBy(() -> pool(1, 0, -1)).withMessageContaining("acquireTimeout");
	}

	/**
	 * Counts the events of the client.
	 */
	private static final class Events implements PipeClientListener {

		private final AtomicInteger opened = new AtomicInteger();

		private final AtomicInteger closed = new AtomicInteger();

		private final AtomicInteger started = new AtomicInteger();

		private final AtomicInteger repeated = new AtomicInteger();

		@Override
		public void connectionOpened(PipeAddress address) {
			this.opened.incrementAndGet();
		}

		@Override
		public void connectionClosed(PipeAddress address) {
			this.closed.incrementAndGet();
		}

		@Override
		public void exchangeStarted(PipeAddress address, PipeRequest request) {
			this.started.incrementAndGet();
		}

		@Override
		public void exchangeRepeated(PipeAddress address, PipeRequest request) {
			this.repeated.incrementAndGet();
		}

	}

}
