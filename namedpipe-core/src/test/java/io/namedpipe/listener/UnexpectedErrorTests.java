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

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import io.namedpipe.testing.ChildJvm;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Unexpected errors: a container goes on serving, or reports that it has failed.
 */
@Timeout(120)
class UnexpectedErrorTests {

	private final SurprisingTransport transport = new SurprisingTransport();

	private final ContainerFixture fixture = new ContainerFixture(this.transport);

	@AfterEach
	void close() throws Exception {
		this.fixture.close();
	}

	@ParameterizedTest
	@ValueSource(classes = { NoClassDefFoundError.class, StackOverflowError.class, OutOfMemoryError.class,
			IllegalStateException.class })
	void clientThatCannotBeAdmittedIsSentAwayAndTheNextIsServed(Class<? extends Throwable> type) throws Exception {
		PipeListenerContainer container = this.fixture.start(ContainerFixture.ECHO);
		Throwable surprise = type.getConstructor(String.class).newInstance("of peerId");
		long start = System.nanoTime();
		for (int i = 0; i < 50; i++) {
			this.transport.ofPeer = surprise;
			assertThat(ContainerFixture.isEnded(this.fixture.connect())).isTrue();
			this.transport.ofPeer = null;
			assertThat(this.fixture.ask("x")).isEqualTo("echo x");
		}
		assertThat(container.isReachable()).isTrue();
		await().until(() -> container.activeConnections() == 0);
		// One line in ten seconds.
		int lines = (int) TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start) / 10 + 1;
		assertThat(this.fixture.log.clientLines()).hasSizeBetween(1, lines)
			.allSatisfy((line) -> assertThat(line).startsWith("ERROR").contains("admitted"));
		assertThat(this.fixture.log.hasStackTrace()).isTrue();
	}

	@Test
	void threadThatEndsForAnUnknownReasonIsAFailureThatAStartMends() throws Exception {
		PipeListenerContainer container = this.fixture.start(ContainerFixture.ECHO);
		Logger logger = (Logger) LoggerFactory.getLogger(Surprises.class);
		AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {

			@Override
			protected void append(ILoggingEvent event) {
				if (event.getFormattedMessage().contains(UnexpectedErrorTests.this.fixture.id)) {
					throw new StackOverflowError("of the log");
				}
			}

		};
		appender.start();
		logger.addAppender(appender);
		try {
			this.transport.ofPeer = new IllegalStateException("to be logged");
			this.fixture.connect();
			await().until(() -> container.state() == ContainerState.FAILED);
		}
		finally {
			logger.detachAppender(appender);
		}
		this.transport.ofPeer = null;
		assertThat(this.fixture.log.lines())
			.anyMatch((line) -> line.startsWith("ERROR") && line.contains("has failed and is closed: of the log"));
		container.start();
		assertThat(this.fixture.ask("x")).isEqualTo("echo x");
	}

	@Test
	void errorsOfListenersHarmNobody() throws Exception {
		PipeListenerContainer container = new PipeListenerContainerFactory(List.of(this.transport),
				List.of(failingListener()))
			.create(this.fixture.settings().build(),
					(exchange) -> exchange.reply(ContainerFixture.ECHO.handle(exchange)));
		container.start();
		this.transport.ofAccept = new PipeException("for once");
		this.fixture.connectAndLeave();
		await().until(() -> this.transport.ofAccept == null);
		for (int i = 0; i < 50; i++) {
			assertThat(this.fixture.ask("x")).isEqualTo("echo x");
		}
		container.pause();
		container.resume();
		this.transport.reachable.set(false);
		await().until(() -> this.fixture.log.lines().stream().anyMatch((line) -> line.contains("do not find it")));
		ContainerFixture.stop(container);
		assertThat(container.state()).isEqualTo(ContainerState.STOPPED);
		await().untilAsserted(() -> assertThat(this.fixture.threads()).isEmpty());
	}

	@Test
	void listenerStopsAContainerThatClientsDoNotFindAnyMore() throws Exception {
		CompletableFuture<ContainerState> stopped = new CompletableFuture<>();
		PipeListenerContainer container = new PipeListenerContainerFactory(List.of(this.transport),
				List.of(new PipeServerListener() {

					@Override
					public void reachabilityChanged(PipeListenerContainer lost, boolean reachable) {
						CompletableFuture<ContainerState> state = new CompletableFuture<>();
						lost.stop(() -> state.complete(lost.state()));
						stopped.complete(state.join());
					}

				}))
			.create(this.fixture.settings().build(), (exchange) -> {
			});
		container.start();
		this.transport.reachable.set(false);
		assertThat(stopped.get(10, TimeUnit.SECONDS)).isEqualTo(ContainerState.STOPPED);
	}

	private static PipeServerListener failingListener() {
		return (PipeServerListener) Proxy.newProxyInstance(PipeServerListener.class.getClassLoader(),
				new Class<?>[] { PipeServerListener.class }, (proxy, method, arguments) -> {
					throw new StackOverflowError("of a listener");
				});
	}

	@ParameterizedTest
	@ValueSource(classes = { IllegalStateException.class, StackOverflowError.class })
	void checkOfReachabilityThatFailsDoesNotKeepTheContainerFromStopping(Class<? extends Throwable> type)
			throws Exception {
		PipeListenerContainer container = this.fixture.start(ContainerFixture.ECHO);
		this.transport.checked = new CountDownLatch(2);
		this.transport.ofCheck = type.getConstructor(String.class).newInstance("of isReachable");
		assertThat(this.transport.checked.await(20, TimeUnit.SECONDS)).isTrue();
		ContainerFixture.stop(container);
		assertThat(container.state()).isEqualTo(ContainerState.STOPPED);
	}

	@Test
	void callbackOfAStopThatEndsWithAnErrorDoesNotKeepOthersFromTheirCall() throws Exception {
		PipeListenerContainer container = this.fixture.start(ContainerFixture.ECHO);
		container.stop(() -> {
			throw new StackOverflowError("of a callback");
		});
		ContainerFixture.stop(container);
		assertThat(container.state()).isEqualTo(ContainerState.STOPPED);
	}

	@Test
	void healthSaysSoWhileNobodyIsAccepted() {
		PipeListenerContainer container = this.fixture.start(ContainerFixture.ECHO);
		this.transport.ofEachAccept = new PipeException("Bad file descriptor");
		this.fixture.connectAndLeave();
		await().until(() -> !container.isReachable());
		assertThat(container.state()).isEqualTo(ContainerState.RUNNING);
		this.transport.ofEachAccept = null;
		await().until(container::isReachable);
		assertThat(this.fixture.ask("x")).isEqualTo("echo x");
	}

	@ParameterizedTest
	@ValueSource(classes = { IllegalStateException.class, AssertionError.class })
	void startThatFailsUnexpectedlyLeavesNothingBehind(Class<? extends Throwable> type) throws Exception {
		SurprisingTransport second = new SurprisingTransport();
		second.ofBind = (type == AssertionError.class) ? new AssertionError("of bind")
				: new IllegalStateException("of bind");
		PipeListenerContainer container = new PipeListenerContainerFactory(List.of(this.transport, second), List.of())
			.create(this.fixture.settings().build(), (exchange) -> {
			});
		assertThatExceptionOfType(type).isThrownBy(container::start).withMessageContaining("of bind");
		assertThat(container.state()).isEqualTo(ContainerState.FAILED);
		second.ofBind = null;
		container.start();
		assertThat(container.isReachable()).isTrue();
		ContainerFixture.stop(container);
	}

	@Test
	void startWithoutAClassOfThePlatformSaysWhich() {
		this.transport.ofBind = new NoClassDefFoundError("Could not initialize class X")
			.initCause(new ExceptionInInitializerError(new IllegalStateException("the reason")));
		assertThatExceptionOfType(PipeListenerStartupException.class)
			.isThrownBy(() -> this.fixture.start(ContainerFixture.ECHO))
			.withMessageContaining("(the reason)")
			.withMessageContaining("module");
	}

	@ParameterizedTest
	@ValueSource(strings = { "memory", "unix" })
	@EnabledOnOs(value = OS.LINUX, disabledReason = "limits the memory of a process")
	void processWithoutThreadsSaysSoAndServesWhenThereAreSomeAgain(String name) throws Exception {
		List<String> lines;
		try (ChildJvm child = ChildJvm.start(ThreadLimitProgram.class, Map.of("JDK_JAVA_OPTIONS", "-Xss64m"), List.of(),
				System.getProperty("java.class.path"), name)) {
			// The other lines of the output are the log.
			lines = child.lines().filter((line) -> line.startsWith("> ")).toList();
			assertThat(child.exitCode()).isZero();
		}
		assertThat(lines).hasSize(5);
		assertThat(lines.get(0)).startsWith("> FAILED").contains("thread", "ulimit -u");
		assertThat(lines.get(1)).startsWith("> call: io.namedpipe.transport.PipeException: No thread")
			.contains("ulimit -u");
		assertThat(lines.subList(2, 5)).containsExactly("> RUNNING reachable false", "> RUNNING reachable true",
				"> STOPPED");
	}

	/**
	 * A transport that fails where it can.
	 */
	private static final class SurprisingTransport extends WrappedTransport {

		private volatile Throwable ofPeer;

		private volatile PipeException ofAccept;

		private volatile PipeException ofEachAccept;

		private volatile Throwable ofCheck;

		private volatile Throwable ofBind;

		private volatile CountDownLatch checked = new CountDownLatch(0);

		private final AtomicBoolean reachable = new AtomicBoolean(true);

		@Override
		void bound(PipeServerChannel bound) {
			if (this.ofBind != null) {
				bound.close();
				throwUnchecked(this.ofBind);
			}
		}

		@Override
		PipeChannel accept(PipeServerChannel bound) {
			PipeException each = this.ofEachAccept;
			if (each != null && bound.isOpen()) {
				throw each;
			}
			PipeChannel channel = bound.accept();
			PipeException once = this.ofAccept;
			if (once != null) {
				this.ofAccept = null;
				channel.close();
				throw once;
			}
			Throwable surprise = this.ofPeer;
			return (PipeChannel) Proxy.newProxyInstance(PipeChannel.class.getClassLoader(),
					new Class<?>[] { PipeChannel.class }, (proxy, method, arguments) -> {
						if (surprise != null && method.getName().equals("peerId")) {
							throw surprise;
						}
						try {
							return method.invoke(channel, arguments);
						}
						catch (InvocationTargetException ex) {
							throw ex.getTargetException();
						}
					});
		}

		@Override
		boolean isReachable(PipeServerChannel bound) {
			this.checked.countDown();
			if (this.ofCheck != null) {
				throwUnchecked(this.ofCheck);
			}
			return super.isReachable(bound) && this.reachable.get();
		}

		private static void throwUnchecked(Throwable surprise) {
			if (surprise instanceof Error error) {
				throw error;
			}
			throw (RuntimeException) surprise;
		}

	}

}
