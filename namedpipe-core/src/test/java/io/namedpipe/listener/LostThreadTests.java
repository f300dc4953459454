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

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.client.PipeTemplate;
import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.ExchangeOutcome;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.protocol.tagged.TaggedProtocol;
import io.namedpipe.security.IdentityNotRestoredError;
import io.namedpipe.security.ImpersonationExecutor;
import io.namedpipe.security.PipeThread;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.FakeImpersonation;
import io.namedpipe.testing.LogCapture;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.memory.MemoryPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Threads of a pipe that keep the identity of a client: they serve no client any more,
 * and the container fails, even if a handler catches the error.
 */
@Timeout(120)
class LostThreadTests {

	private static final PeerIdentity ALICE = PeerIdentity.of(PeerIdentity.Kind.UNIX, "1001").name("alice").build();

	private final String id = Pipes.uniqueName();

	private final PipeAddress address = PipeAddress.of(this.id);

	private final FakeImpersonation impersonation = new FakeImpersonation().failOnLeave();

	private final MemoryPipeTransport transport = new MemoryPipeTransport(() -> ALICE, (peer) -> this.impersonation);

	private final ImpersonationExecutor executor = new ImpersonationExecutor(1);

	private final Map<PipeExchange, ExchangeOutcome> outcomes = new ConcurrentHashMap<>();

	private final CountDownLatch clientWaits = new CountDownLatch(1);

	private PipeListenerContainer container;

	@AfterEach
	void close() {
		this.container.stop(() -> {
		});
		await().until(() -> !this.container.isRunning());
		this.transport.close();
		this.executor.destroy();
	}

	private void start(PipeProtocol protocol, UnaryOperator<PipeContainerSettings.Builder> settings,
			ExchangeHandler handler) {
		this.container = new PipeListenerContainerFactory(List.of(this.transport), List.of(new PipeServerListener() {

			@Override
			public void exchangeEnded(PipeExchange exchange, ExchangeOutcome outcome, Duration duration) {
				LostThreadTests.this.outcomes.put(exchange, outcome);
			}

			@Override
			public void connectionLimitReached(String pipeId, int maxConnections) {
				LostThreadTests.this.clientWaits.countDown();
			}

		})).create(settings.apply(PipeContainerSettings.of(this.id, this.address, protocol)).build(), handler);
		this.container.start();
	}

	private PipeTemplate client(PipeProtocol protocol) {
		return PipeTemplate.builder(this.transport).address(this.address).protocol(protocol).build();
	}

	// Ends with the thread unable to leave the scope.
	private void actAsTheClient(PipeExchange exchange) throws Exception {
		this.executor.call(exchange.impersonation(), () -> "", UnaryOperator.identity());
	}

	private static PipeProtocol protocol(String name) {
		return switch (name) {
			case "http" -> new HttpProtocol();
			case "tagged" -> new TaggedProtocol();
			default -> new StreamStringProtocol();
		};
	}

	@ParameterizedTest
	@ValueSource(strings = { "stream-string", "http", "tagged" })
	void errorIsNotAnsweredLikeAFailureOfTheHandler(String name) throws Exception {
		PipeProtocol protocol = protocol(name);
		start(protocol, UnaryOperator.identity(), this::actAsTheClient);
		try (LogCapture log = LogCapture.of("'" + this.id + "'"); PipeTemplate client = client(protocol)) {
			assertThatExceptionOfType(PipeException.class).isThrownBy(() -> client.exchange(PipeRequest.of("x")));
			await().until(() -> this.container.state() == ContainerState.FAILED);
			assertThat(log.lines()).filteredOn((line) -> line.startsWith("ERROR"))
				.singleElement()
				.asString()
				.contains("cannot be given its own one back");
		}
		assertThat(this.outcomes.values()).singleElement().satisfies((outcome) -> {
			assertThat(outcome.isAbandoned()).isTrue();
			assertThat(outcome.cause()).isInstanceOf(IdentityNotRestoredError.class);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "stream-string", "http", "tagged" })
	void errorThatTheHandlerSwallowsFailsThePipeBeforeTheNextRequestOfTheConnection(String name) throws Exception {
		PipeProtocol protocol = protocol(name);
		CompletableFuture<Thread> lost = new CompletableFuture<>();
		start(protocol, UnaryOperator.identity(), (exchange) -> {
			try {
				actAsTheClient(exchange);
			}
			catch (IdentityNotRestoredError ex) {
				// A handler should not do this.
			}
			assertThat(PipeThread.class.cast(Thread.currentThread()).isTainted()).isTrue();
			assertThat(lost.complete(Thread.currentThread())).isTrue();
			exchange.reply(PipeReply.of("all is well"));
		});
		try (PipeTemplate client = client(protocol)) {
			assertThat(client.exchange(PipeRequest.of("x")).body().bytes(100)).asString().isEqualTo("all is well");
			await().until(() -> this.container.state() == ContainerState.FAILED);
		}
		Background.get(lost).join(20_000);
		assertThat(lost.join().isAlive()).isFalse();
	}

	@Test
	void clientThatWaitsIsNotServedByAThreadThatIsLost() throws Exception {
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch opened = new CountDownLatch(1);
		start(new StreamStringProtocol(),
				(settings) -> settings.maxConnections(1).maxConnectionsPerUser(2).reservedConnections(0),
				(exchange) -> {
					entered.countDown();
					opened.await();
					actAsTheClient(exchange);
				});
		try (PipeTemplate client = client(new StreamStringProtocol())) {
			CompletableFuture<PipeReply> first = Background.run(() -> client.exchange(PipeRequest.of("x")));
			entered.await();
			try (PipeChannel waiting = this.transport.connect(this.address, PipeClientOptions.defaults())) {
				this.clientWaits.await();
				opened.countDown();
				assertThatExceptionOfType(PipeException.class).isThrownBy(() -> Background.get(first));
				assertThat(Pipes.readFrame(waiting)).as("the greeting").isNull();
			}
		}
		await().until(() -> this.container.state() == ContainerState.FAILED);
		assertThat(this.outcomes).hasSize(1);
	}

}
