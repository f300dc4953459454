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

package io.namedpipe.protocol.tagged;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.deadline.Deadlines;
import io.namedpipe.listener.PipeContainerSettings;
import io.namedpipe.listener.PipeListenerContainer;
import io.namedpipe.listener.PipeListenerContainerFactory;
import io.namedpipe.listener.PipeServerListener;
import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.ExchangeOutcome;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.PipeRequestException;
import io.namedpipe.protocol.ServerTimeouts;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.memory.MemoryPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What the seam between protocols and containers carries: exchanges at once, answered out
 * of order and by any thread.
 */
@Timeout(120)
@ParameterizedClass
@ValueSource(strings = { "memory", "system" })
class TaggedProtocolTests {

	private final PipeTransport transport;

	private final PipeAddress address = Pipes.uniqueAddress();

	private final Deadlines deadlines = new Deadlines("test-" + this.address);

	private final Map<PipeExchange, ExchangeOutcome> outcomes = new ConcurrentHashMap<>();

	private PipeListenerContainer container;

	TaggedProtocolTests(String transport) {
		this.transport = transport.equals("memory") ? new MemoryPipeTransport() : Pipes.systemTransport();
	}

	private void serve(int maxConcurrentRequests, ExchangeHandler handler) {
		serve(maxConcurrentRequests, ServerTimeouts.DEFAULTS, handler);
	}

	private void serve(int maxConcurrentRequests, ServerTimeouts timeouts, ExchangeHandler handler) {
		this.container = new PipeListenerContainerFactory(List.of(this.transport), List.of(new PipeServerListener() {

			@Override
			public void exchangeEnded(PipeExchange exchange, ExchangeOutcome outcome, Duration duration) {
				assertThat(TaggedProtocolTests.this.outcomes.put(exchange, outcome)).isNull();
			}

		})).create(PipeContainerSettings.of("tagged", this.address, new TaggedProtocol())
			.maxConcurrentRequests(maxConcurrentRequests)
			.timeouts(timeouts)
			.build(), handler);
		this.container.start();
	}

	private ClientSession open() {
		PipeChannel channel = this.transport.connect(this.address, PipeClientOptions.defaults());
		return new TaggedProtocol().open(new ClientConnection(this.address, channel,
				this.deadlines.watch(channel::close), Duration.ofSeconds(30), Duration.ofSeconds(30)));
	}

	private static CompletableFuture<String> ask(ClientSession session, String text) {
		return Background.run(() -> session.exchange(PipeRequest.of(text)).body().text());
	}

	@AfterEach
	void close() throws Exception {
		CountDownLatch stopped = new CountDownLatch(1);
		this.container.stop(stopped::countDown);
		assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();
		this.deadlines.close();
		this.transport.close();
	}

	@Test
	void exchangesAreAnsweredOutOfOrderByOtherThreads() throws Exception {
		Map<String, PipeExchange> waiting = new ConcurrentHashMap<>();
		serve(64, (exchange) -> {
			exchange.defer();
			waiting.put(exchange.request().body().text(), exchange);
		});
		try (ClientSession session = open()) {
			List<CompletableFuture<String>> replies = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				replies.add(ask(session, "request " + i));
			}
			await().until(() -> waiting.size() == 20);
			assertThat(replies).noneMatch(CompletableFuture::isDone);
			for (int i = 19; i >= 0; i--) {
				PipeExchange exchange = waiting.get("request " + i);
				String text = "reply " + i;
				Background.get(Background.run(() -> exchange.reply(PipeReply.of(text))));
				assertThat(Background.get(replies.get(i))).isEqualTo(text);
				assertThat(exchange.reply(PipeReply.of("another"))).isFalse();
			}
			assertThat(this.outcomes).hasSize(20)
				.allSatisfy((exchange, outcome) -> assertThat(outcome.isReplied()).isTrue());
		}
	}

	@Test
	void slowHandlerKeepsNoOtherExchangeOfItsConnectionWaiting() throws Exception {
		CountDownLatch opened = new CountDownLatch(1);
		serve(64, (exchange) -> {
			String text = exchange.request().body().text();
			if (text.equals("slow")) {
				opened.await();
			}
			exchange.reply(PipeReply.of("done " + text));
		});
		try (ClientSession session = open()) {
			CompletableFuture<String> slow = ask(session, "slow");
			assertThat(Background.get(ask(session, "quick"))).isEqualTo("done quick");
			assertThat(slow).isNotDone();
			opened.countDown();
			assertThat(Background.get(slow)).isEqualTo("done slow");
		}
	}

	@Test
	void failuresReachTheirRequestsAndTheSessionGoesOn() throws Exception {
		Queue<PipeExchange> held = new ConcurrentLinkedQueue<>();
		serve(1, (exchange) -> {
			switch (exchange.request().body().text()) {
				case "missing" -> throw new PipeRequestException(Code.NOT_FOUND, "there is none");
				case "forgotten" -> {
				}
				case "hold" -> {
					exchange.defer();
					held.add(exchange);
				}
				default -> exchange.reply(PipeReply.of("fine"));
			}
		});
		try (ClientSession session = open()) {
			assertFails(session, "missing", Code.NOT_FOUND);
			assertFails(session, "forgotten", Code.INTERNAL);
			CompletableFuture<String> holding = ask(session, "hold");
			await().until(() -> !held.isEmpty());
			assertFails(session, "one too many", Code.BUSY);
			held.remove().reply(PipeReply.of("released"));
			assertThat(Background.get(holding)).isEqualTo("released");
			assertThat(Background.get(ask(session, "x"))).isEqualTo("fine");
		}
	}

	@Test
	void handlersOverTheRequestTimeoutFailAndAreInterruptedAndTheSessionGoesOn() throws Exception {
		assertTimesOut(ServerTimeouts.DEFAULTS.withRequest(Duration.ofSeconds(1)), "request-timeout");
	}

	@Test
	void handlersOverTheTotalTimeoutFailAndAreInterruptedAndTheSessionGoesOn() throws Exception {
		assertTimesOut(ServerTimeouts.DEFAULTS.withTotal(Duration.ofSeconds(1)), "total-timeout");
	}

	private void assertTimesOut(ServerTimeouts timeouts, String setting) throws Exception {
		CountDownLatch interrupted = new CountDownLatch(1);
		serve(64, timeouts, (exchange) -> {
			switch (exchange.request().body().text()) {
				case "slow" -> {
					try {
						new CountDownLatch(1).await();
					}
					catch (InterruptedException ex) {
						interrupted.countDown();
						throw ex;
					}
				}
				case "deferred" -> exchange.defer();
				default -> exchange.reply(PipeReply.of("fine"));
			}
		});
		try (ClientSession session = open()) {
			assertFails(session, "slow", Code.TIMEOUT);
			assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
			assertFails(session, "deferred", Code.TIMEOUT);
			assertThat(Background.get(ask(session, "quick"))).isEqualTo("fine");
		}
		assertThat(this.outcomes.values()).map(ExchangeOutcome::failure)
			.filteredOn((failure) -> failure != null && failure.message().contains(setting))
			.hasSize(2);
	}

	private static void assertFails(ClientSession session, String text, Code code) {
		assertThatExceptionOfType(PipeRequestException.class).isThrownBy(() -> Background.get(ask(session, text)))
			.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(code));
	}

	@Test
	void exchangesOfAClientThatHasLeftKnowIt() {
		Queue<PipeExchange> held = new ConcurrentLinkedQueue<>();
		CountDownLatch cancelled = new CountDownLatch(2);
		serve(64, (exchange) -> {
			exchange.defer();
			exchange.onClientGone(cancelled::countDown);
			held.add(exchange);
		});
		ClientSession session = open();
		ask(session, "a");
		ask(session, "b");
		await().until(() -> held.size() == 2);
		assertThat(held).noneMatch(PipeExchange::isClientGone);
		session.close();
		await().until(() -> cancelled.getCount() == 0);
		assertThat(held).allMatch(PipeExchange::isClientGone);
		held.forEach((exchange) -> exchange.reply(PipeReply.of("too late")));
		// An exchange that the server gives up at this moment is told of by its own
		// thread.
		await()
			.untilAsserted(() -> assertThat(this.outcomes.values()).hasSize(2).allMatch(ExchangeOutcome::isAbandoned));
	}

	@Test
	void oneOfManyAnswersWins() throws Exception {
		Map<String, Integer> wins = new ConcurrentHashMap<>();
		serve(64, (exchange) -> {
			exchange.defer();
			CountDownLatch together = new CountDownLatch(4);
			for (int i = 0; i < 4; i++) {
				String answer = "answer " + i;
				Background.run(() -> {
					together.countDown();
					together.await();
					if (exchange.reply(PipeReply.of(answer))) {
						wins.merge(exchange.request().body().text(), 1, Integer::sum);
					}
					return null;
				});
			}
		});
		try (ClientSession session = open()) {
			for (int i = 0; i < 50; i++) {
				assertThat(Background.get(ask(session, "race " + i))).startsWith("answer ");
			}
		}
		await().until(() -> wins.size() == 50);
		assertThat(wins.values()).allMatch((count) -> count == 1);
	}

}
