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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.ExchangeOutcome;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.ProtocolCapabilities;
import io.namedpipe.protocol.ProtocolCapabilities.Feature;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.ServerSession;
import io.namedpipe.protocol.ServerTimeouts;
import io.namedpipe.security.IdentityNotRestoredError;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.testing.Sessions;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeResetException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * How many requests are handled at once, and that each is answered.
 */
@Timeout(120)
class ExchangeDispatcherTests {

	private static final ClientUser ALICE = new ClientUser("1001", false);

	private static final ClientUser BOB = new ClientUser("1002", false);

	private static final ClientUser ROOT = new ClientUser("0", true);

	private final List<String> events = new ArrayList<>();

	private final List<Runnable> threads = new ArrayList<>();

	private final ScriptedChannel channel = new ScriptedChannel();

	private final ServerConnection connection = Sessions.connection(this.channel);

	private ExchangeDispatcher dispatcher(ExchangeHandler handler,
			UnaryOperator<PipeContainerSettings.Builder> settings, Feature... features) {
		return new ExchangeDispatcher(
				settings.apply(PipeContainerSettings.of("files", PipeAddress.of("files"), new NoProtocol(features)))
					.build(),
				handler, new PipeServerListener() {

					@Override
					public void exchangeStarted(PipeExchange exchange) {
						ExchangeDispatcherTests.this.events.add("started");
					}

					@Override
					public void exchangeEnded(PipeExchange exchange, ExchangeOutcome outcome, Duration duration) {
						ExchangeDispatcherTests.this.events.add("ended " + describe(outcome));
					}

				}, this.threads::add);
	}

	private ExchangeDispatcher dispatcher(ExchangeHandler handler) {
		return dispatcher(handler, UnaryOperator.identity());
	}

	private static String describe(ExchangeOutcome outcome) {
		if (outcome.failure() != null) {
			return outcome.failure().code() + " " + outcome.failure().message();
		}
		return outcome.isReplied() ? "replied" : "abandoned " + outcome.cause().getMessage();
	}

	private PipeExchange exchange() {
		return this.connection.begin(PipeRequest.of("x"), new PipeExchange.Responder() {

			@Override
			public void reply(PipeReply reply) {
			}

			@Override
			public void fail(PipeFailure failure) {
			}

		});
	}

	@Test
	void exchangeIsHandledAndItsEndTold() {
		dispatcher((exchange) -> {
			assertThat(this.events).containsExactly("started");
			exchange.reply(PipeReply.empty());
		}).handle(exchange(), ALICE);
		assertThat(this.events).containsExactly("started", "ended replied");
	}

	@Test
	void exchangeThatNobodyAnswersFailsUnlessItIsAnsweredLater() {
		dispatcher((exchange) -> {
		}).handle(exchange(), ALICE);
		assertThat(this.events).containsExactly("started", "ended INTERNAL the server failed to handle the request");
		this.events.clear();
		PipeExchange deferred = exchange();
		dispatcher(PipeExchange::defer).handle(deferred, ALICE);
		assertThat(this.events).containsExactly("started");
		deferred.reply(PipeReply.empty());
		assertThat(this.events).containsExactly("started", "ended replied");
	}

	@Test
	void exceptionOfTheHandlerFailsTheExchangeUnlessItsClientHasLeft() {
		ExchangeHandler failing = (exchange) -> {
			throw new IOException("disk");
		};
		dispatcher(failing).handle(exchange(), ALICE);
		assertThat(this.events).containsExactly("started", "ended INTERNAL disk");
		this.events.clear();
		PipeExchange left = exchange();
		this.connection.clientHasLeft();
		dispatcher(failing).handle(left, ALICE);
		assertThat(this.events).containsExactly("started",
				"ended abandoned The client has left, and the handler was interrupted");
	}

	@Test
	void errorOfTheIdentityIsNoAnswerAndGoesOn() {
		IdentityNotRestoredError lost = new IdentityNotRestoredError(new PipeResetException("lost"));
		assertThatExceptionOfType(IdentityNotRestoredError.class).isThrownBy(() -> dispatcher((exchange) -> {
			throw lost;
		}).handle(exchange(), ALICE)).isSameAs(lost);
		assertThat(this.events).containsExactly("started", "ended abandoned " + lost.getMessage());
	}

	@Test
	void userHasItsShareOfTheRequestsAndGetsItBack() {
		ExchangeDispatcher dispatcher = dispatcher(PipeExchange::defer,
				(settings) -> settings.maxConcurrentRequests(4).maxConcurrentRequestsPerUser(2));
		PipeExchange first = exchange();
		dispatcher.handle(first, ALICE);
		dispatcher.handle(exchange(), ALICE);
		assertThat(this.events).doesNotContain("ended");
		this.events.clear();
		dispatcher.handle(exchange(), ALICE);
		assertThat(this.events).containsExactly("started",
				"ended BUSY the server already handles 2 requests of the user; try again later");
		first.reply(PipeReply.empty());
		this.events.clear();
		dispatcher.handle(exchange(), ALICE);
		assertThat(this.events).containsExactly("started");
	}

	@Test
	void sixteenthOfTheRequestsIsForOwners() {
		ExchangeDispatcher dispatcher = dispatcher(PipeExchange::defer,
				(settings) -> settings.maxConcurrentRequests(16).maxConcurrentRequestsPerUser(15));
		for (int i = 0; i < 15; i++) {
			dispatcher.handle(exchange(), ALICE);
		}
		this.events.clear();
		dispatcher.handle(exchange(), BOB);
		assertThat(this.events).containsExactly("started",
				"ended BUSY the server already handles 16 requests; try again later");
		this.events.clear();
		dispatcher.handle(exchange(), ROOT);
		assertThat(this.events).containsExactly("started");
	}

	@Test
	void exchangeIsCountedForTheUserThatItsClientTurnsOutToBe() {
		ExchangeDispatcher dispatcher = dispatcher(PipeExchange::defer,
				(settings) -> settings.maxConcurrentRequests(8).maxConcurrentRequestsPerUser(1));
		PipeExchange first = exchange();
		dispatcher.handle(first, BOB);
		assertThat(dispatcher.identify(first, ALICE)).isNull();
		PipeExchange second = exchange();
		dispatcher.handle(second, BOB);
		assertThat(dispatcher.identify(second, ALICE)).isEqualTo(
				new PipeFailure(Code.BUSY, "the server already handles 1 requests of the user; try again later"));
		// It is still counted for its user before.
		second.reply(PipeReply.empty());
		PipeExchange third = exchange();
		dispatcher.handle(third, BOB);
		assertThat(third.isAnswered()).isFalse();
		first.reply(PipeReply.empty());
		assertThat(dispatcher.identify(third, ALICE)).isNull();
		assertThat(dispatcher.identify(exchange(), ALICE)).isNull();
	}

	@Test
	void exchangeThatIsRefusedIsToldLikeAnyOther() {
		dispatcher((exchange) -> this.events.add("handled")).refuse(exchange(), new PipeFailure(Code.BUSY, "later"));
		assertThat(this.events).containsExactly("started", "ended BUSY later");
	}

	@Test
	void concurrentExchangesAreHandledByThreadsOfTheirOwn() {
		ExchangeDispatcher dispatcher = dispatcher((exchange) -> exchange.reply(PipeReply.empty()),
				UnaryOperator.identity(), Feature.CONCURRENT_EXCHANGES);
		dispatcher.handle(exchange(), ALICE);
		assertThat(this.events).containsExactly("started");
		this.threads.forEach(Runnable::run);
		assertThat(this.events).containsExactly("started", "ended replied");
	}

	@Test
	void handlerIsInterruptedOnce() throws Exception {
		CountDownLatch handling = new CountDownLatch(1);
		List<String> interrupts = new ArrayList<>();
		ExchangeDispatcher dispatcher = dispatcher((exchange) -> {
			handling.countDown();
			for (int i = 0; i < 2; i++) {
				try {
					// The second one must not come.
					interrupts
						.add(new CountDownLatch(1).await((i == 0) ? 20_000 : 50, TimeUnit.MILLISECONDS) ? "" : "none");
				}
				catch (InterruptedException ex) {
					interrupts.add("interrupted");
				}
			}
			exchange.reply(PipeReply.empty());
		});
		PipeExchange exchange = exchange();
		CompletableFuture<String> handled = Background.run(() -> {
			dispatcher.handle(exchange, ALICE);
			return "";
		});
		handling.await();
		dispatcher.interrupt(exchange);
		dispatcher.interrupt(exchange);
		Background.get(handled);
		assertThat(interrupts).containsExactly("interrupted", "none");
	}

	@Test
	void threadThatHasHandledAnExchangeIsNotInterruptedForIt() {
		ExchangeDispatcher dispatcher = dispatcher((exchange) -> exchange.reply(PipeReply.empty()));
		PipeExchange exchange = exchange();
		dispatcher.handle(exchange, ALICE);
		dispatcher.interrupt(exchange);
		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void concurrentExchangeWhoseTimeIsOverFails() {
		assertTimeOver((timeouts) -> timeouts.withRequest(Duration.ofMillis(5)),
				"ended TIMEOUT the request was not handled within 5 ms (request-timeout)");
		assertTimeOver((timeouts) -> timeouts.withTotal(Duration.ofMillis(5)),
				"ended TIMEOUT the request was not handled within 5 ms (total-timeout)");
		assertTimeOver((timeouts) -> timeouts.withTotal(Duration.ofMillis(5)).withRequest(Duration.ofHours(1)),
				"ended TIMEOUT the request was not handled within 5 ms (total-timeout)");
	}

	private void assertTimeOver(UnaryOperator<ServerTimeouts> timeouts, String event) {
		ExchangeDispatcher dispatcher = dispatcher(PipeExchange::defer,
				(settings) -> settings.timeouts(timeouts.apply(ServerTimeouts.DEFAULTS)), Feature.CONCURRENT_EXCHANGES);
		PipeExchange exchange = exchange();
		dispatcher.handle(exchange, ALICE);
		this.threads.forEach(Runnable::run);
		this.threads.clear();
		this.events.clear();
		await().until(() -> exchange.duration().toMillis() > 5);
		dispatcher.checkTime(exchange);
		assertThat(this.events).isEmpty();
		this.threads.forEach(Runnable::run);
		assertThat(this.events).containsExactly(event);
		this.threads.clear();
		dispatcher.checkTime(exchange);
		assertThat(this.threads).isEmpty();
	}

	@Test
	void exchangeHasTheTimeThatItHas() {
		ServerTimeouts hours = ServerTimeouts.DEFAULTS.withRequest(Duration.ofHours(1)).withTotal(Duration.ofHours(1));
		PipeExchange exchange = exchange();
		await().until(() -> exchange.duration().toMillis() > 5);
		dispatcher(PipeExchange::defer, (settings) -> settings.timeouts(hours), Feature.CONCURRENT_EXCHANGES)
			.checkTime(exchange);
		// Without limits.
		dispatcher(PipeExchange::defer, UnaryOperator.identity(), Feature.CONCURRENT_EXCHANGES).checkTime(exchange);
		// One exchange after the other has the deadline of the connection.
		dispatcher(PipeExchange::defer,
				(settings) -> settings.timeouts(ServerTimeouts.DEFAULTS.withRequest(Duration.ofMillis(1))))
			.checkTime(exchange);
		assertThat(this.threads).isEmpty();
	}

	@Test
	void handlerOfAnExchangeWhoseTimeIsOverIsInterrupted() throws Exception {
		ExchangeDispatcher dispatcher = dispatcher((exchange) -> new CountDownLatch(1).await(),
				(settings) -> settings.timeouts(ServerTimeouts.DEFAULTS.withRequest(Duration.ofMillis(5))),
				Feature.CONCURRENT_EXCHANGES);
		PipeExchange exchange = exchange();
		dispatcher.handle(exchange, ALICE);
		Runnable handling = this.threads.remove(0);
		CompletableFuture<String> handled = Background.run(() -> {
			handling.run();
			return "";
		});
		await().until(() -> {
			dispatcher.checkTime(exchange);
			this.threads.forEach(Runnable::run);
			return handled.isDone();
		});
		Background.get(handled);
	}

	private record NoProtocol(ProtocolCapabilities capabilities) implements PipeProtocol {

		NoProtocol(Feature... features) {
			this(ProtocolCapabilities.of(features));
		}

		@Override
		public String name() {
			return "none";
		}

		@Override
		public ServerSession serve(ServerConnection connection) {
			throw new UnsupportedOperationException();
		}

		@Override
		public ClientSession open(ClientConnection connection) {
			throw new UnsupportedOperationException();
		}

	}

}
