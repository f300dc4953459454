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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.deadline.Deadlines;
import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.ProtocolCapabilities;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.ServerSession;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeTimeoutException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

/**
 * One client from the start of its session to its end.
 */
@Timeout(120)
class PipeConnectionTests {

	private static final Duration SHORT = Duration.ofMillis(30);

	private static final ExchangeHandler HANDLER = (exchange) -> {
	};

	private final List<String> events = new ArrayList<>();

	private final ScriptedChannel channel = new ScriptedChannel();

	private final Deadlines deadlines = new Deadlines("test");

	private final ServingThreads threads = new ServingThreads("pipe-test", false);

	private ServerSession session = (handler) -> this.events.add("run");

	private final CompletableFuture<Boolean> handling = new CompletableFuture<>();

	private final ExchangeDispatcher dispatcher = new ExchangeDispatcher(settings(PipeServerOptions.defaults()),
			(exchange) -> {
				this.handling.complete(true);
				new CountDownLatch(1).await();
			}, new PipeServerListener() {
			}, Runnable::run);

	private final PipeConnection connection = connection(PipeServerOptions.defaults());

	@AfterEach
	void close() {
		this.deadlines.close();
	}

	private PipeContainerSettings settings(PipeServerOptions options) {
		return PipeContainerSettings.of("files", PipeAddress.of("files"), new SessionOfTheTest())
			.serverOptions(options)
			.build();
	}

	private PipeConnection connection(PipeServerOptions options) {
		return new PipeConnection(settings(options), new AdmittedClient(this.channel, Set.of()), this.deadlines,
				this.threads, this.dispatcher);
	}

	private void serve() {
		this.connection.serve(HANDLER, new PipeServerListener() {

			@Override
			public void connectionOpened(ServerConnection connection) {
				PipeConnectionTests.this.events.add("opened");
			}

			@Override
			public void connectionClosed(ServerConnection connection, @Nullable RuntimeException cause) {
				PipeConnectionTests.this.events.add("closed " + cause);
			}

		});
	}

	@Test
	void sessionIsToldAndItsChannelClosed() {
		serve();
		assertThat(this.events).containsExactly("opened", "run", "closed null");
		assertThat(this.channel.isOpen()).isFalse();
		assertThat(this.connection.connection().pipeId()).isEqualTo("files");
		assertThat(this.connection.client().channel()).isSameAs(this.channel);
	}

	@Test
	void failureOfASessionIsToldAndGoesNoFurther() {
		for (RuntimeException failure : List.of(new PipeException("reset"), new IllegalStateException("odd"))) {
			this.events.clear();
			this.session = (handler) -> {
				throw failure;
			};
			serve();
			assertThat(this.events).containsExactly("opened", "closed " + failure);
		}
	}

	@Test
	void errorOfASessionIsToldToTheOneThatServes() {
		this.session = (handler) -> {
			throw new AssertionError("lost");
		};
		assertThatExceptionOfType(AssertionError.class).isThrownBy(this::serve);
		assertThat(this.events).containsExactly("opened", "closed null");
		assertThat(this.channel.isOpen()).isFalse();
	}

	@Test
	void deadlineOfASessionThatIsOverDoesNotExpire() {
		Duration ample = Duration.ofSeconds(2);
		this.session = (handler) -> this.connection.connection().deadline().arm("Late", ample, "read-timeout");
		serve();
		await().during(ample.plus(SHORT)).until(() -> !this.connection.connection().deadline().isExpired());
	}

	@Test
	void timeThatIsOverClosesTheChannelAndIsTheCause() {
		this.session = (handler) -> {
			this.connection.connection().deadline().arm("Reading", SHORT, "read-timeout");
			await().until(() -> !this.channel.isOpen());
			throw new PipeException("closed");
		};
		serve();
		assertThat(this.events).containsExactly("opened",
				"closed " + new PipeTimeoutException("Reading took longer than 30 ms (read-timeout)"));
	}

	@Test
	void clientIsToldThatTheTimeIsOverByAnotherThreadThanThatOfTheDeadlines() throws Exception {
		CompletableFuture<Thread> answering = new CompletableFuture<>();
		this.connection.connection().setTimeoutAnswer(() -> {
			answering.complete(Thread.currentThread());
			throw new PipeException("does not read");
		});
		expire();
		assertThat(Background.get(answering).getName()).startsWith("pipe-test-");
		await().until(() -> !this.channel.isOpen());
	}

	private void expire() {
		this.connection.connection().deadline().arm("Reading", SHORT, "read-timeout");
	}

	@Test
	void handlerThatIsTooLateIsInterruptedAfterTheAnswer() throws Exception {
		CompletableFuture<Boolean> interruptedBefore = new CompletableFuture<>();
		PipeExchange exchange = this.connection.connection()
			.begin(PipeRequest.of("x"), mock(PipeExchange.Responder.class));
		CompletableFuture<String> handled = Background.run(() -> {
			this.dispatcher.handle(exchange, new ClientUser("1001", false));
			return "interrupted";
		});
		Background.get(this.handling);
		this.connection.connection().setTimeoutAnswer(() -> interruptedBefore.complete(handled.isDone()));
		expire();
		assertThat(Background.get(handled)).isEqualTo("interrupted");
		assertThat(Background.get(interruptedBefore)).isFalse();
	}

	@Test
	void clientThatDoesNotTakeTheAnswerHasASecond() {
		CountDownLatch closed = new CountDownLatch(1);
		this.connection.connection().setTimeoutAnswer(() -> await().until(() -> {
			boolean open = this.channel.isOpen();
			if (!open) {
				closed.countDown();
			}
			return !open;
		}));
		long before = System.nanoTime();
		expire();
		await().until(() -> closed.getCount() == 0);
		assertThat(System.nanoTime() - before).isGreaterThan(Duration.ofMillis(900).toNanos());
	}

	@Test
	void clientIsToldThatItIsRefusedIfThatCannotWait() {
		this.session = new ServerSession() {

			@Override
			public void run(ExchangeHandler handler) {
			}

			@Override
			public void refuse(PipeFailure failure) {
				PipeConnectionTests.this.events.add("refused " + failure.message());
			}

		};
		PipeFailure failure = new PipeFailure(Code.BUSY, "full");
		connection(PipeServerOptions.builder().outBufferSize(4095).build()).refuse(failure);
		assertThat(this.events).isEmpty();
		assertThat(this.channel.closes()).isOne();
		connection(PipeServerOptions.builder().outBufferSize(4096).build()).refuse(failure);
		assertThat(this.events).containsExactly("refused full");
		assertThat(this.channel.closes()).isEqualTo(2);
	}

	private final class SessionOfTheTest implements PipeProtocol {

		@Override
		public String name() {
			return "test";
		}

		@Override
		public ProtocolCapabilities capabilities() {
			return ProtocolCapabilities.of();
		}

		@Override
		public ServerSession serve(ServerConnection connection) {
			return PipeConnectionTests.this.session;
		}

		@Override
		public ClientSession open(ClientConnection connection) {
			throw new UnsupportedOperationException();
		}

	}

}
