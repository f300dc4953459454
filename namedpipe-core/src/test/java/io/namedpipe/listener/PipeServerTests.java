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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.namedpipe.listener.PipeServerFixture.Client;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.ProtocolCapabilities.Feature;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.security.IdentityNotRestoredError;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What happens between a start and a stop: threads, clients, requests, and the stop
 * itself.
 */
@Timeout(120)
class PipeServerTests {

	private final PipeServerFixture fixture = new PipeServerFixture();

	@AfterEach
	void close() {
		this.fixture.close();
	}

	@ParameterizedTest
	@CsvSource({ "3, 8, 6", "3, 2, 4", "1, 8, 2" })
	void asManyThreadsWaitForClientsAsThereAreInstancesOfEachListener(int instances, int maxConnections, int threads) {
		this.fixture.ends.add(new ScriptedEnd());
		this.fixture.settings = (settings) -> settings.maxConnections(maxConnections)
			.serverOptions(PipeServerOptions.builder().instances(instances).build());
		PipeServer server = this.fixture.start();
		assertThat(this.fixture.threads()).hasSize(threads);
		assertThat(server.locations()).containsExactly("end", "end");
	}

	@Test
	void eachClientIsServedAndCountedUntilItsSessionEnds() throws Exception {
		PipeServer server = this.fixture.start();
		Client first = this.fixture.connect();
		assertThat(this.fixture.serving().channel()).isSameAs(first);
		Client second = this.fixture.connect();
		assertThat(this.fixture.serving().channel()).isSameAs(second);
		assertThat(server.activeConnections()).isEqualTo(2);
		assertThat(first.isOpen()).isTrue();
		this.fixture.released.countDown();
		await().until(() -> server.activeConnections() == 0);
		assertThat(first.isOpen()).isFalse();
		assertThat(second.isOpen()).isFalse();
		assertThat(this.fixture.failures).isEmpty();
	}

	@Test
	void clientThatWaitedIsServedByTheThreadThatComesFreeWithoutItsInterrupt() throws Exception {
		List<Thread> threads = new CopyOnWriteArrayList<>();
		List<Boolean> interrupts = new CopyOnWriteArrayList<>();
		this.fixture.settings = (settings) -> settings.maxConnections(1).maxConnectionsPerUser(2);
		this.fixture.session = (connection, exchanges) -> {
			interrupts.add(Thread.currentThread().isInterrupted());
			threads.add(Thread.currentThread());
			this.fixture.awaitRelease();
			Thread.currentThread().interrupt();
		};
		this.fixture.start();
		this.fixture.connect();
		this.fixture.serving();
		Client second = waitingClient();
		this.fixture.released.countDown();
		assertThat(this.fixture.serving().channel()).isSameAs(second);
		await().until(() -> interrupts.size() == 2);
		assertThat(interrupts).containsOnly(false);
		assertThat(threads).containsOnly(threads.get(0));
	}

	// The first client beyond the limit.
	private Client waitingClient() {
		Client client = this.fixture.connect();
		await().until(() -> this.fixture.events.contains("limit"));
		assertThat(this.fixture.isAnotherServed()).isFalse();
		return client;
	}

	@Test
	void errorOfASessionIsLoggedAndTheNextClientServed() throws Exception {
		this.fixture.session = (connection, exchanges) -> {
			throw new StackOverflowError("of a session");
		};
		this.fixture.start();
		for (int i = 0; i < 3; i++) {
			Client client = this.fixture.connect();
			this.fixture.serving();
			await().until(() -> !client.isOpen());
		}
		await().until(() -> !this.fixture.log.lines().isEmpty());
		assertThat(this.fixture.log.lines())
			.containsExactly("ERROR Pipe '%s': a connection ended in an unexpected way".formatted(this.fixture.id));
		assertThat(this.fixture.failures).isEmpty();
	}

	@Test
	void threadThatKeepsAnotherIdentityEndsAndClosesTheClientThatWaitedForIt() throws Exception {
		IdentityNotRestoredError error = new IdentityNotRestoredError(new IllegalStateException("kept"));
		this.fixture.settings = (settings) -> settings.maxConnections(1).maxConnectionsPerUser(2);
		this.fixture.session = (connection, exchanges) -> {
			this.fixture.awaitRelease();
			throw error;
		};
		this.fixture.start();
		this.fixture.connect();
		this.fixture.serving();
		Client second = waitingClient();
		int threads = this.fixture.threads().size();
		this.fixture.released.countDown();
		await().until(() -> !second.isOpen());
		await().until(() -> this.fixture.threads().size() == threads - 1);
		assertThat(this.fixture.isAnotherServed()).isFalse();
		assertThat(this.fixture.failures).containsExactly(error);
	}

	@Test
	void identityThatAConcurrentRequestLosesIsAFailureOfThePipe() {
		IdentityNotRestoredError error = new IdentityNotRestoredError(new IllegalStateException("kept"));
		this.fixture.features = new Feature[] { Feature.CONCURRENT_EXCHANGES };
		this.fixture.handler = (exchange) -> {
			throw error;
		};
		this.fixture.session = (connection, exchanges) -> {
			try {
				exchanges.handle(connection.begin(PipeRequest.of("x"), PipeServerFixture.RESPONDER));
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		};
		this.fixture.start();
		this.fixture.connect();
		await().until(() -> !this.fixture.failures.isEmpty());
		assertThat(this.fixture.failures).containsExactly(error);
	}

	@Test
	void clientThatIsRefusedIsToldAndClosed() throws Exception {
		this.fixture.settings = (settings) -> settings.maxConnections(8).maxConnectionsPerUser(1);
		this.fixture.start();
		this.fixture.connect();
		this.fixture.serving();
		// Sixteen wait.
		List<Client> others = Stream.generate(this.fixture::connect).limit(17).toList();
		await().until(() -> others.stream().anyMatch((each) -> !each.isOpen()));
		assertThat(this.fixture.events).containsExactly("refused 1001 BUSY",
				"told the user already has 1 connections, and others that wait (max-connections-per-user)");
		// A refused client that does not read must not affect the others.
		this.fixture.connect("1002");
		this.fixture.serving();
		assertThat(this.fixture.log.lines()).isEmpty();
	}

	@Test
	void listeningThatEndsByItselfIsAFailureOfThePipe() {
		PipeServer server = this.fixture.start();
		this.fixture.ends.get(0).close();
		await().until(() -> !this.fixture.failures.isEmpty());
		assertThat(this.fixture.failures.get(0)).isInstanceOf(PipeException.class)
			.hasMessage("The pipe is not listened on any more: closed");
		assertThat(server.isAccepting()).isTrue();
	}

	@Test
	void errorOfAcceptingIsAFailureOfThePipe() {
		this.fixture.start();
		Error error = new NoClassDefFoundError("missing");
		this.fixture.ends.get(0).clients.add(error);
		await().until(() -> !this.fixture.failures.isEmpty());
		assertThat(this.fixture.failures).containsExactly(error);
	}

	@Test
	void serverThatCannotAcceptForAWhileSaysSo() {
		this.fixture.ends.add(new ScriptedEnd());
		PipeServer server = this.fixture.start();
		ScriptedEnd end = this.fixture.ends.get(1);
		end.failure = new PipeException("no descriptors");
		// The threads that wait already still have their client.
		end.clients.addAll(Stream.generate(() -> new Client("1001")).limit(this.fixture.threads().size()).toList());
		await().until(() -> !server.isAccepting());
		assertThat(server.isReachable()).isTrue();
		end.failure = null;
		await().until(server::isAccepting);
	}

	@Test
	void clientThatCannotBeAdmittedIsClosedAndTheNextIsServed() throws Exception {
		this.fixture.start();
		Client client = new Client("1001");
		client.error = new NoClassDefFoundError("missing");
		this.fixture.connect(client).awaitClosed();
		assertThat(this.fixture.log.lines())
			.containsExactly("ERROR Pipe '%s': a client could not be admitted".formatted(this.fixture.id));
		Client next = this.fixture.connect();
		assertThat(this.fixture.serving().channel()).isSameAs(next);
	}

	@Test
	void userOfARequestThatArrivesLateIsLookedAtThen() throws Exception {
		BlockingQueue<Integer> arrived = new LinkedBlockingQueue<>();
		this.fixture.session = (connection, exchanges) -> {
			connection.begin(PipeRequest.of("x"), PipeServerFixture.RESPONDER);
			Client.of(connection).error = new NoClassDefFoundError("looked at");
			try {
				arrived.add(connection.awaitRequest(() -> 1));
			}
			catch (NoClassDefFoundError ex) {
				arrived.add(-1);
			}
		};
		this.fixture.features = new Feature[] { Feature.KEPT_CONNECTIONS };
		this.fixture.start();
		this.fixture.connect();
		assertThat(PipeServerFixture.next(arrived)).isEqualTo(-1);
	}

	@Test
	void serverIsReachableIfEachListenerIs() {
		this.fixture.ends.add(new ScriptedEnd());
		PipeServer server = this.fixture.start();
		assertThat(server.isReachable()).isTrue();
		this.fixture.ends.get(1).reachable = false;
		assertThat(server.isReachable()).isFalse();
	}

	@Test
	void handlerWhoseClientHasLeftIsInterruptedWhateverAnotherClientDoes() throws Exception {
		this.fixture.session = PipeServerFixture::request;
		this.fixture.start();
		this.fixture.connect().broken = true;
		this.fixture.serving();
		Client client = this.fixture.connect();
		ServerConnection connection = this.fixture.serving();
		await().until(() -> !this.fixture.log.lines().isEmpty() && !connection.exchangesInFlight().isEmpty());
		assertThat(this.fixture.interrupted).isEmpty();
		CountDownLatch told = new CountDownLatch(1);
		connection.exchangesInFlight().forEach((each) -> each.onClientGone(told::countDown));
		client.gone = true;
		PipeExchange exchange = PipeServerFixture.next(this.fixture.interrupted);
		assertThat(exchange.isClientGone()).isTrue();
		told.await();
		assertThat(this.fixture.log.lines())
			.containsExactly("ERROR Pipe '%s': a connection cannot be looked after".formatted(this.fixture.id));
	}

	@Test
	void handlerOfASessionThatHasReadTheEndIsInterrupted() throws Exception {
		this.fixture.session = PipeServerFixture::request;
		this.fixture.start();
		this.fixture.connect();
		ServerConnection connection = this.fixture.serving();
		await().until(() -> !connection.exchangesInFlight().isEmpty());
		PipeExchange exchange = connection.exchangesInFlight().iterator().next();
		connection.clientHasLeft();
		assertThat(PipeServerFixture.next(this.fixture.interrupted)).isSameAs(exchange);
	}

	@Test
	void handlerThatHasTheConnectionIsToldAndNotInterrupted() throws Exception {
		this.fixture.session = (connection, exchanges) -> connection.exchange(exchanges, PipeRequest.of("x"),
				connection.peer().id().equals("raw") ? connection.channel() : null, PipeServerFixture.RESPONDER);
		this.fixture.start();
		this.fixture.connect("raw").gone = true;
		ServerConnection raw = this.fixture.serving();
		// Two others, one after the other: the first one has been looked at meanwhile.
		for (int i = 0; i < 2; i++) {
			this.fixture.connect().gone = true;
			PipeExchange exchange = PipeServerFixture.next(this.fixture.interrupted);
			assertThat(exchange.channel()).isNull();
		}
		assertThat(raw.exchangesInFlight()).hasSize(1).allMatch(PipeExchange::isClientGone);
	}

	@Test
	void longestIdleConnectionGivesWay() throws Exception {
		this.fixture.settings = (settings) -> settings.maxConnections(2).maxConnectionsPerUser(2);
		List<Client> clients = keepConnections("1001", "1002", "1003");
		clients.get(0).awaitClosed();
		// Until it has ended, no other connection is closed for the client.
		await().during(Duration.ofMillis(600)).until(() -> clients.get(1).isOpen());
		this.fixture.released.countDown();
		assertThat(this.fixture.serving().channel()).isSameAs(clients.get(2));
		assertThat(clients.get(1).isOpen()).isTrue();
	}

	@Test
	void longestIdleConnectionOfAUserGivesWayToThatUser() throws Exception {
		this.fixture.settings = (settings) -> settings.maxConnections(8).maxConnectionsPerUser(1);
		List<Client> clients = keepConnections("1001", "1002", "1002");
		clients.get(1).awaitClosed();
		this.fixture.released.countDown();
		assertThat(this.fixture.serving().channel()).isSameAs(clients.get(2));
		assertThat(clients.get(0).isOpen()).isTrue();
	}

	// Clients that are idle one after the other; the last one waits.
	private List<Client> keepConnections(String... users) throws Exception {
		this.fixture.features = new Feature[] { Feature.KEPT_CONNECTIONS };
		this.fixture.session = (connection, exchanges) -> {
			Client.of(connection).awaitClosed();
			this.fixture.awaitRelease();
		};
		this.fixture.start();
		List<Client> clients = new ArrayList<>();
		for (String user : users) {
			clients.add(this.fixture.connect(user));
			if (clients.size() < users.length) {
				this.fixture.serving();
			}
		}
		return clients;
	}

}
