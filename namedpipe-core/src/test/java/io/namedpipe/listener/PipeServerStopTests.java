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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.listener.PipeServerFixture.Client;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.testing.Background;
import io.namedpipe.transport.PipeServerOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The stop of a server: connections that end at once, requests that it waits for, and the
 * time limits.
 */
@Timeout(120)
class PipeServerStopTests {

	private final PipeServerFixture fixture = new PipeServerFixture();

	@AfterEach
	void close() {
		this.fixture.close();
	}

	// The first client has a request, further ones are silent.
	private PipeServer startWithARequest() throws Exception {
		this.fixture.session = (connection, exchanges) -> {
			if (connection.peer().id().equals("busy")) {
				PipeServerFixture.request(connection, exchanges);
			}
			else {
				Client.of(connection).awaitClosed();
			}
		};
		PipeServer server = this.fixture.start();
		this.fixture.connect("busy");
		return server;
	}

	@Test
	void requestsAreWaitedForAndTheRestIsClosedAtOnce() throws Exception {
		this.fixture.ends.add(new ScriptedEnd());
		this.fixture.settings = (settings) -> settings.maxConnections(2).maxConnectionsPerUser(2);
		PipeServer server = startWithARequest();
		ServerConnection busy = this.fixture.serving();
		await().until(() -> !busy.exchangesInFlight().isEmpty());
		Client silent = this.fixture.connect();
		this.fixture.serving();
		Client waiting = this.fixture.connect();
		await().until(() -> this.fixture.events.contains("limit"));
		CompletableFuture<Boolean> stopped = Background.run(server::stop);
		silent.awaitClosed();
		waiting.awaitClosed();
		assertThat(this.fixture.ends).noneMatch(ScriptedEnd::isOpen);
		assertThat(busy.isStopping()).isTrue();
		await().until(() -> server.activeConnections() == 1);
		assertThat(busy.channel().isOpen()).isTrue();
		assertThat(stopped).isNotDone();
		this.fixture.released.countDown();
		assertThat(Background.get(stopped)).isTrue();
		assertThat(this.fixture.interrupted).isEmpty();
		assertThat(this.fixture.isAnotherServed()).isFalse();
		assertThat(this.fixture.log.lines()).isEmpty();
		await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
			.noneMatch((thread) -> thread.getName().startsWith("pipe-" + this.fixture.id)));
	}

	@Test
	void requestsThatGoOnAfterTheGracePeriodAreCutOff() throws Exception {
		this.fixture.settings = (settings) -> settings.gracePeriod(Duration.ofMillis(1));
		PipeServer server = startWithARequest();
		ServerConnection busy = this.fixture.serving();
		await().until(() -> !busy.exchangesInFlight().isEmpty());
		assertThat(server.stop()).isTrue();
		assertThat(busy.channel().isOpen()).isFalse();
		assertThat(this.fixture.interrupted).hasSize(1);
		assertThat(this.fixture.log.lines())
			.containsExactly("WARN Pipe '%s': 1 requests did not finish within 1 ms, and their connections are closed"
				.formatted(this.fixture.id));
	}

	@Test
	void handlersWithTheConnectionAreInterruptedAfterTheGracePeriod() throws Exception {
		this.fixture.settings = (settings) -> settings.gracePeriod(Duration.ofMillis(1));
		this.fixture.session = (connection, exchanges) -> connection.exchange(exchanges, PipeRequest.of("x"),
				connection.channel(), PipeServerFixture.RESPONDER);
		PipeServer server = this.fixture.start();
		this.fixture.connect();
		ServerConnection busy = this.fixture.serving();
		await().until(() -> !busy.exchangesInFlight().isEmpty());
		assertThat(server.stop()).isTrue();
		assertThat(this.fixture.interrupted).hasSize(1);
	}

	@Test
	void handlersThatWaitForTheirClientsAreCutOffByTheClose() throws Exception {
		this.fixture.settings = (settings) -> settings.gracePeriod(Duration.ofMillis(1));
		BlockingQueue<Boolean> ended = new LinkedBlockingQueue<>();
		CompletableFuture<ServerConnection> connection = new CompletableFuture<>();
		this.fixture.handler = (exchange) -> {
			// Deaf to interrupts.
			while (!connection.isDone() || connection.join().channel().isOpen()) {
				Thread.onSpinWait();
			}
			ended.add(true);
			exchange.reply(PipeReply.empty());
		};
		PipeServer server = startWithARequest();
		ServerConnection busy = this.fixture.serving();
		connection.complete(busy);
		await().until(() -> !busy.exchangesInFlight().isEmpty());
		assertThat(server.stop()).isTrue();
		assertThat(ended).hasSize(1);
	}

	@Test
	void connectionThatHasBeenIdleIsClosedWithoutTheWaitForRequestsThatArrive() throws Exception {
		// On a machine that is busy, once in a few attempts.
		assertThat(IntStream.range(0, 5).mapToObj((attempt) -> stopOfAnIdleConnection()))
			.anyMatch((duration) -> duration.toMillis() < 400);
	}

	private static Duration stopOfAnIdleConnection() {
		try (PipeServerFixture idle = new PipeServerFixture()) {
			idle.session = (connection, exchanges) -> Client.of(connection).awaitClosed();
			PipeServer server = idle.start();
			idle.connect();
			ServerConnection connection = idle.serving();
			await().until(() -> connection.idleTime().toMillis() > 500);
			long start = System.nanoTime();
			assertThat(server.stop()).isTrue();
			return Duration.ofNanos(System.nanoTime() - start);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void threadThatDoesNotEndIsSaid() throws Exception {
		this.fixture.settings = (settings) -> settings.gracePeriod(Duration.ZERO);
		PipeServer server = this.fixture.start();
		this.fixture.connect();
		this.fixture.serving();
		assertThat(server.stop()).isFalse();
	}

	@Test
	void listenerThatCannotBeClosedKeepsNothingElseFromStopping() throws Exception {
		this.fixture.ends.add(new ScriptedEnd());
		this.fixture.ends.get(0).closeFails = true;
		PipeServer server = startWithARequest();
		this.fixture.serving();
		Client silent = this.fixture.connect();
		this.fixture.released.countDown();
		assertThat(server.stop()).isTrue();
		assertThat(this.fixture.ends).noneMatch(ScriptedEnd::isOpen);
		assertThat(silent.isOpen()).isFalse();
		assertThat(this.fixture.log.lines())
			.containsExactly("ERROR Pipe '%s': the name stays".formatted(this.fixture.id));
	}

	@Test
	void threadThatStopsTheServerIsNotWaitedFor() throws Exception {
		BlockingQueue<Boolean> stopped = new LinkedBlockingQueue<>();
		this.fixture.session = (connection, exchanges) -> {
			PipeServer server = this.fixture.server();
			server.excuseCaller();
			stopped.add(server.stop());
		};
		this.fixture.start();
		this.fixture.connect();
		assertThat(PipeServerFixture.next(stopped)).isTrue();
		assertThat(this.fixture.log.lines()).isEmpty();
	}

	@Test
	void clientOfAPauseIsServedAfterwards() throws Exception {
		PipeServer server = this.fixture.start();
		server.gate().close();
		this.fixture.connect();
		await().until(() -> server.activeConnections() == 1);
		assertThat(this.fixture.isAnotherServed()).isFalse();
		server.gate().open();
		assertThat(this.fixture.serving().channel().isOpen()).isTrue();
	}

	@Test
	void clientOfAPauseIsClosedByAStopBeforeItsSessionBegins() throws Exception {
		BlockingQueue<Boolean> open = new LinkedBlockingQueue<>();
		this.fixture.session = (connection, exchanges) -> open.add(connection.channel().isOpen());
		PipeServer server = this.fixture.start();
		server.gate().close();
		this.fixture.connect();
		await().until(() -> server.activeConnections() == 1);
		assertThat(server.stop()).isTrue();
		assertThat(List.copyOf(open)).containsExactly(false);
	}

	@Test
	void clientThatComesDuringAStopIsRefusedAndBringsNoThread() throws Exception {
		ScriptedEnd end = this.fixture.ends.get(0);
		end.closesLate = true;
		this.fixture.settings = (settings) -> settings.serverOptions(PipeServerOptions.builder().instances(1).build());
		PipeServer server = this.fixture.start();
		this.fixture.connect();
		ServerConnection connection = this.fixture.serving();
		CompletableFuture<Boolean> stopped = Background.run(server::stop);
		await().until(connection::isStopping);
		this.fixture.connect().awaitClosed();
		assertThat(this.fixture.events).containsExactly("refused 1001 BUSY", "told the server stops");
		assertThat(this.fixture.threads()).hasSize(2);
		end.closesLate = false;
		end.close();
		this.fixture.released.countDown();
		assertThat(Background.get(stopped)).isTrue();
	}

}
