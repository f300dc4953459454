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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.protocol.PipeReply;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeBusyException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeInUseException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Starting, stopping, pausing.
 */
@Timeout(120)
@ParameterizedClass
@ValueSource(strings = { "memory", "unix" })
class ContainerLifecycleTests {

	private final ContainerFixture fixture;

	ContainerLifecycleTests(String transport) {
		this.fixture = new ContainerFixture(transport);
	}

	@AfterEach
	void close() throws Exception {
		this.fixture.close();
	}

	@Test
	void listensWhenStartReturns() {
		PipeListenerContainer container = this.fixture.create((settings) -> settings, ContainerFixture.ECHO);
		assertThat(container.state()).isEqualTo(ContainerState.NEW);
		assertThat(container.isRunning()).isFalse();
		container.start();
		assertThat(container.state()).isEqualTo(ContainerState.RUNNING);
		assertThat(container.isRunning()).isTrue();
		assertThat(container.id()).isEqualTo(this.fixture.id);
		assertThat(this.fixture.ask("hello")).isEqualTo("echo hello");
		assertThat(this.fixture.log.lines()).first().asString().contains("listens on " + this.fixture.id);
	}

	@Test
	void startOnATakenNameFailsReadablyAndCanBeTriedAgain() {
		PipeServerChannel other = this.fixture.transport.bind(this.fixture.address, PipeServerOptions.defaults());
		PipeListenerContainer container = this.fixture.create((settings) -> settings, ContainerFixture.ECHO);
		assertThatExceptionOfType(PipeListenerStartupException.class).isThrownBy(container::start)
			.withMessageStartingWith("The pipe with the id '%s' cannot be served: ", this.fixture.id)
			.withCauseInstanceOf(PipeInUseException.class)
			.satisfies((ex) -> assertThat(ex.getPipeId()).isEqualTo(this.fixture.id))
			.satisfies((ex) -> assertThat(ex.getPipeName()).isEqualTo(this.fixture.id));
		assertThat(container.state()).isEqualTo(ContainerState.FAILED);
		assertThat(container.isRunning()).isFalse();
		assertThat(this.fixture.threads()).isEmpty();
		other.close();
		container.start();
		assertThat(this.fixture.ask("again")).isEqualTo("echo again");
	}

	@Test
	void secondStartDoesNothing() {
		PipeListenerContainer container = this.fixture.start(ContainerFixture.ECHO);
		int threads = this.fixture.threads().size();
		container.start();
		assertThat(this.fixture.threads()).hasSize(threads);
		assertThat(this.fixture.ask("hello")).isEqualTo("echo hello");
	}

	@Test
	void startsAndStopsAgainAndAgainAndLeavesNoThreads() throws Exception {
		PipeListenerContainer container = this.fixture.create((settings) -> settings, ContainerFixture.ECHO);
		for (int round = 0; round < 5; round++) {
			container.start();
			assertThat(this.fixture.ask("round " + round)).isEqualTo("echo round " + round);
			ContainerFixture.stop(container);
			assertThat(container.state()).isEqualTo(ContainerState.STOPPED);
			assertThat(container.isRunning()).isFalse();
			assertThat(container.activeConnections()).isZero();
			assertThatExceptionOfType(PipeNotFoundException.class).isThrownBy(this.fixture::connect);
		}
		await().untilAsserted(() -> assertThat(this.fixture.threads()).isEmpty());
	}

	@Test
	void stopBeforeStartCallsBack() {
		AtomicInteger callbacks = new AtomicInteger();
		PipeListenerContainer container = this.fixture.create((settings) -> settings, ContainerFixture.ECHO);
		container.stop(callbacks::incrementAndGet);
		assertThat(callbacks).hasValue(1);
		assertThat(container.state()).isEqualTo(ContainerState.NEW);
	}

	@Test
	void everyStopCallsBackOnce() throws Exception {
		PipeListenerContainer container = this.fixture.start(ContainerFixture.ECHO);
		AtomicInteger callbacks = new AtomicInteger();
		ContainerFixture.stop(container);
		container.stop(callbacks::incrementAndGet);
		container.stop(callbacks::incrementAndGet);
		assertThat(callbacks).hasValue(2);
	}

	@Test
	void stopsAtOnceAllCallBackOnce() throws Exception {
		Gate gate = new Gate();
		PipeListenerContainer container = this.fixture.start(gate);
		CompletableFuture<String> reply = Background.run(() -> this.fixture.ask("wait"));
		gate.awaitEntered(1);
		List<AtomicInteger> callbacks = new ArrayList<>();
		List<CompletableFuture<Void>> stops = new ArrayList<>();
		CountDownLatch go = new CountDownLatch(1);
		for (int i = 0; i < 16; i++) {
			AtomicInteger callback = new AtomicInteger();
			callbacks.add(callback);
			stops.add(Background.run(() -> {
				go.await();
				container.stop(callback::incrementAndGet);
				return null;
			}));
		}
		go.countDown();
		for (CompletableFuture<Void> stop : stops) {
			Background.get(stop);
		}
		assertThat(callbacks).allSatisfy((callback) -> assertThat(callback).hasValue(0));
		gate.open();
		assertThat(Background.get(reply)).isEqualTo("done wait");
		await().untilAsserted(() -> assertThat(callbacks).allSatisfy((callback) -> assertThat(callback).hasValue(1)));
	}

	@Test
	void stopFromAHandlerDoesNotWaitForItself() throws Exception {
		AtomicInteger callbacks = new AtomicInteger();
		PipeListenerContainer[] container = new PipeListenerContainer[1];
		container[0] = this.fixture.start((context) -> {
			container[0].stop(callbacks::incrementAndGet);
			return PipeReply.of("bye");
		});
		assertThat(this.fixture.ask("stop")).isEqualTo("bye");
		await().untilAtomic(callbacks, (value) -> assertThat(value.intValue()).isOne());
		assertThat(container[0].state()).isEqualTo(ContainerState.STOPPED);
	}

	@Test
	void callbackThatFailsDoesNotKeepOthersFromTheirCall() throws Exception {
		Gate gate = new Gate();
		PipeListenerContainer container = this.fixture.start(gate);
		CompletableFuture<String> reply = Background.run(() -> this.fixture.ask("wait"));
		gate.awaitEntered(1);
		AtomicInteger callbacks = new AtomicInteger();
		container.stop(() -> {
			throw new IllegalStateException("not mine");
		});
		container.stop(callbacks::incrementAndGet);
		gate.open();
		assertThat(Background.get(reply)).isEqualTo("done wait");
		await().untilAsserted(() -> assertThat(callbacks).hasValue(1));
	}

	@Test
	void stopLetsTheRequestInFlightFinish() throws Exception {
		Gate gate = new Gate();
		PipeListenerContainer container = this.fixture.start(gate);
		CompletableFuture<String> reply = Background.run(() -> this.fixture.ask("wait"));
		gate.awaitEntered(1);
		AtomicInteger callbacks = new AtomicInteger();
		container.stop(callbacks::incrementAndGet);
		// On Windows the name lives on through the connection that is open: nobody is
		// there
		// to accept, and no instance is free.
		await().untilAsserted(() -> assertThatExceptionOfType(PipeException.class)
			.isThrownBy(() -> this.fixture.connect(Duration.ofMillis(100)))
			.isInstanceOfAny(PipeNotFoundException.class, PipeBusyException.class));
		assertThat(container.state()).isEqualTo(ContainerState.STOPPING);
		assertThat(container.isRunning()).isTrue();
		assertThat(container.activeConnections()).isOne();
		assertThat(callbacks).hasValue(0);
		assertThatIllegalStateException().isThrownBy(container::start).withMessageContaining("still stopping");
		gate.open();
		assertThat(Background.get(reply)).isEqualTo("done wait");
		await().untilAsserted(() -> assertThat(callbacks).hasValue(1));
		assertThat(container.state()).isEqualTo(ContainerState.STOPPED);
	}

	@Test
	void stopLetsARequestBeSentToItsEnd() throws Exception {
		PipeListenerContainer container = this.fixture.start(ContainerFixture.ECHO);
		PipeChannel client = this.fixture.greeted();
		client.write(Pipes.frame("half").limit(5));
		// A request that has not begun to arrive is lost.
		this.fixture.awaitReading("StreamStringReader.read", 1);
		AtomicInteger callbacks = new AtomicInteger();
		container.stop(callbacks::incrementAndGet);
		client.write(Pipes.frame("half").position(5));
		assertThat(Pipes.readFrame(client)).isEqualTo("echo half");
		await().untilAsserted(() -> assertThat(callbacks).hasValue(1));
	}

	@Test
	void connectionsAreClosedWhenTheGracePeriodIsOver() throws Exception {
		Gate gate = new Gate();
		PipeListenerContainer container = this.fixture.start((settings) -> settings.gracePeriod(Duration.ofMillis(100)),
				gate);
		PipeChannel silent = this.fixture.greeted();
		PipeChannel client = this.fixture.greeted();
		client.write(Pipes.frame("wait"));
		gate.awaitEntered(1);
		ContainerFixture.stop(container);
		assertThat(ContainerFixture.isEnded(client)).isTrue();
		assertThat(ContainerFixture.isEnded(silent)).isTrue();
		assertThat(container.state()).isEqualTo(ContainerState.STOPPED);
		assertThat(this.fixture.log.lines())
			.anyMatch((line) -> line.startsWith("WARN") && line.contains("1 requests did not finish within 100 ms"));
		await().untilAsserted(() -> assertThat(this.fixture.threads()).isEmpty());
	}

	@Test
	void handlerThatNeverEndsDoesNotKeepTheStopFromCallingBack() throws Exception {
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch opened = new CountDownLatch(1);
		PipeListenerContainer container = this.fixture.start((settings) -> settings.gracePeriod(Duration.ofMillis(50)),
				(context) -> {
					entered.countDown();
					while (opened.getCount() > 0) {
						try {
							opened.await();
						}
						catch (InterruptedException ex) {
							// Stubborn on purpose.
						}
					}
					return PipeReply.empty();
				});
		PipeChannel client = this.fixture.greeted();
		client.write(Pipes.frame("x"));
		entered.await();
		ContainerFixture.stop(container);
		assertThat(container.state()).isEqualTo(ContainerState.FAILED);
		assertThat(Background.get(Background.run(() -> ContainerFixture.isEnded(client)))).isTrue();
		assertThat(this.fixture.log.lines())
			.anyMatch((line) -> line.startsWith("ERROR") && line.contains("goes on although"));
		container.start();
		opened.countDown();
		assertThat(this.fixture.ask("again")).isEmpty();
	}

	@Test
	void pausedContainerLetsNewClientsWaitAndServesOldOnes() throws Exception {
		PipeListenerContainer container = this.fixture.start(ContainerFixture.ECHO);
		PipeChannel old = this.fixture.greeted();
		container.pause();
		assertThat(container.state()).isEqualTo(ContainerState.PAUSED);
		assertThat(container.isRunning()).isTrue();
		CompletableFuture<String> waiting = Background.run(() -> this.fixture.ask("new"));
		old.write(Pipes.frame("old"));
		assertThat(Pipes.readFrame(old)).isEqualTo("echo old");
		await().until(() -> container.activeConnections() > 0);
		assertThat(waiting).isNotDone();
		container.resume();
		assertThat(Background.get(waiting)).isEqualTo("echo new");
		assertThat(container.state()).isEqualTo(ContainerState.RUNNING);
	}

	@Test
	void pausedContainerCanBeStoppedAndStartedAgain() throws Exception {
		PipeListenerContainer container = this.fixture.start(ContainerFixture.ECHO);
		container.pause();
		ContainerFixture.stop(container);
		container.resume();
		assertThat(container.state()).isEqualTo(ContainerState.STOPPED);
		container.start();
		assertThat(this.fixture.ask("again")).isEqualTo("echo again");
	}

	@Test
	void pauseAndResumeOfWhatDoesNotRunDoNothing() {
		PipeListenerContainer container = this.fixture.create((settings) -> settings, ContainerFixture.ECHO);
		container.pause();
		container.resume();
		assertThat(container.state()).isEqualTo(ContainerState.NEW);
	}

}
