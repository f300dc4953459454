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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.FakeImpersonation;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.DelegatingPipeChannel;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.memory.MemoryPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The shares of several users in a pipe's connections and requests.
 */
@Timeout(120)
class SharesOfUsersTests {

	private static final String ALICE = "1001";

	private static final String BOB = "1002";

	private static final String OWNER = System.getProperty("user.name");

	private final AtomicReference<String> user = new AtomicReference<>(OWNER);

	private ContainerFixture fixture = new ContainerFixture(new MemoryPipeTransport(this::caller, this::impersonation));

	private PeerIdentity caller() {
		return PeerIdentity.of(PeerIdentity.Kind.UNIX, this.user.get()).build();
	}

	private FakeImpersonation impersonation(PeerIdentity peer) {
		return new FakeImpersonation();
	}

	@AfterEach
	void close() throws Exception {
		this.fixture.close();
	}

	private PipeChannel connect(String user) {
		this.user.set(user);
		return this.fixture.connect();
	}

	private List<PipeChannel> connect(String user, int count) {
		List<PipeChannel> channels = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			channels.add(connect(user));
		}
		return channels;
	}

	private @Nullable String ask(String user, String text) {
		try (PipeChannel client = connect(user)) {
			return (Pipes.readFrame(client) != null) ? ask(client, text) : null;
		}
	}

	private static @Nullable String ask(PipeChannel client, String text) {
		client.write(Pipes.frame(text));
		return Pipes.readFrame(client);
	}

	private CompletableFuture<String> greeting(PipeChannel client) {
		return Background.run(() -> Pipes.readFrame(client));
	}

	@Test
	void userThatHoldsAllItCanTakesNothingFromAnother() throws Exception {
		PipeListenerContainer container = this.fixture
			.start((settings) -> settings.maxConnections(8).maxConnectionsPerUser(2), ContainerFixture.ECHO);
		List<PipeChannel> alices = connect(ALICE, 120);
		assertThat(ask(BOB, "one")).isEqualTo("echo one");
		await().until(() -> container.activeConnections() == 2);
		// Two are served and sixteen wait; the others are closed.
		await().until(() -> alices.stream().filter(PipeChannel::isPeerGone).count(), Predicate.isEqual(102L));
		assertThat(ask(BOB, "two")).isEqualTo("echo two");
		await().untilAsserted(() -> assertThat(this.fixture.log.clientLines()).singleElement()
			.asString()
			.isEqualTo(
					"WARN Pipe '%s': a client of the user 1001 was refused, BUSY: the user already has 2 connections, and others that wait (max-connections-per-user)"
						.formatted(this.fixture.id)));
	}

	@Test
	void clientBeyondItsShareIsServedWhenAnotherOfItsUserLeaves() throws Exception {
		this.fixture.start((settings) -> settings.maxConnections(8).maxConnectionsPerUser(1), ContainerFixture.ECHO);
		PipeChannel first = connect(ALICE);
		assertThat(Pipes.readFrame(first)).isEqualTo(ContainerFixture.GREETING);
		PipeChannel second = connect(ALICE);
		CompletableFuture<String> greeting = greeting(second);
		// Bob's connection shows that Alice's came before and waits.
		assertThat(ask(BOB, "x")).isEqualTo("echo x");
		assertThat(greeting).isNotDone();
		assertThat(ask(first, "y")).isEqualTo("echo y");
		assertThat(Background.get(greeting)).isEqualTo(ContainerFixture.GREETING);
		assertThat(ask(second, "z")).isEqualTo("echo z");
	}

	@Test
	void reserveIsForTheOwnerAlone() throws Exception {
		PipeListenerContainer container = this.fixture.start(
				(settings) -> settings.maxConnections(4).maxConnectionsPerUser(4).reservedConnections(1),
				ContainerFixture.ECHO);
		List<PipeChannel> alices = connect(ALICE, 3);
		assertThat(alices).allMatch((each) -> ContainerFixture.GREETING.equals(Pipes.readFrame(each)));
		CompletableFuture<String> bob = greeting(connect(BOB));
		assertThat(ask(OWNER, "x")).isEqualTo("echo x");
		assertThat(container.activeConnections()).isLessThanOrEqualTo(4);
		assertThat(bob).isNotDone();
		assertThat(ask(alices.get(0), "y")).isEqualTo("echo y");
		assertThat(Background.get(bob)).isEqualTo(ContainerFixture.GREETING);
	}

	@Test
	void ownerHasNoShareOfItsOwn() {
		this.fixture.start((settings) -> settings.maxConnections(8).maxConnectionsPerUser(1), ContainerFixture.ECHO);
		assertThat(connect(OWNER, 8)).allMatch((each) -> ContainerFixture.GREETING.equals(Pipes.readFrame(each)));
	}

	@Test
	void requestsOfOneUserLeaveRoomForOthers() throws Exception {
		Gate gate = new Gate();
		this.fixture.start((settings) -> settings.maxConcurrentRequests(4).maxConcurrentRequestsPerUser(2), gate);
		List<CompletableFuture<String>> held = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			PipeChannel client = connect(ALICE);
			held.add(Background.run(() -> (Pipes.readFrame(client) != null) ? ask(client, "wait") : null));
		}
		gate.awaitEntered(2);
		assertThat(ask(ALICE, "third")).isNull();
		assertThat(this.fixture.log.clientLines()).singleElement()
			.asString()
			.endsWith("refused, BUSY: the server already handles 2 requests of the user; try again later");
		assertThat(ask(BOB, "x")).isEqualTo("done x");
		gate.open();
		for (CompletableFuture<String> each : held) {
			assertThat(Background.get(each)).isEqualTo("done wait");
		}
		await().until(() -> "done fourth".equals(ask(ALICE, "fourth")));
	}

	@Test
	void clientsThatWaitAreClosedByAStop() throws Exception {
		PipeListenerContainer container = this.fixture
			.start((settings) -> settings.maxConnections(8).maxConnectionsPerUser(1), ContainerFixture.ECHO);
		assertThat(Pipes.readFrame(connect(ALICE))).isEqualTo(ContainerFixture.GREETING);
		PipeChannel waiting = connect(ALICE);
		CompletableFuture<String> greeting = greeting(waiting);
		assertThat(ask(BOB, "x")).isEqualTo("echo x");
		ContainerFixture.stop(container);
		assertThat(Background.get(greeting)).isNull();
	}

	@Test
	void userThatIsNoLongerWhatItWasIsRefusedAndItsConnectionClosed() throws Exception {
		AtomicBoolean removed = new AtomicBoolean();
		this.fixture.close();
		this.fixture = new ContainerFixture(new WrappedTransport() {

			@Override
			PipeChannel accept(PipeServerChannel bound) {
				return new DelegatingPipeChannel(bound.accept()) {

					@Override
					public void recheckPeer(Duration maxAge) {
						assertThat(maxAge).hasSeconds(7);
						if (removed.get()) {
							throw new PipeAccessDeniedException("The user has been removed");
						}
					}

				};
			}

		}, new HttpProtocol());
		this.fixture.start((settings) -> settings.identityMaxAge(Duration.ofSeconds(7)),
				(exchange) -> PipeReply.empty());
		PipeChannel client = this.fixture.connect();
		assertThat(get(client)).startsWith("HTTP/1.1 204");
		assertThat(get(client)).startsWith("HTTP/1.1 204");
		removed.set(true);
		assertThat(get(client)).startsWith("HTTP/1.1 403");
		assertThat(new String(client.inputStream().readAllBytes(), StandardCharsets.UTF_8))
			.contains("The user has been removed");
		assertThat(this.fixture.log.clientLines()).first().asString().contains("refused, ACCESS_DENIED");
	}

	private void useHttp() throws Exception {
		this.fixture.close();
		this.fixture = new ContainerFixture(new MemoryPipeTransport(this::caller, this::impersonation),
				new HttpProtocol());
	}

	private static String get(PipeChannel client) throws IOException {
		client.write(ByteBuffer.wrap("GET /x HTTP/1.1\r\nHost: pipe\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
		return readHead(client);
	}

	private static String readHead(PipeChannel client) throws IOException {
		StringBuilder head = new StringBuilder();
		int next;
		while (!head.toString().endsWith("\r\n\r\n") && (next = client.inputStream().read()) >= 0) {
			head.append((char) next);
		}
		return head.toString();
	}

	@Test
	void fullPipeClosesTheConnectionThatHasBeenIdleLongestForANewClient() throws Exception {
		useHttp();
		this.fixture.start((settings) -> settings.maxConnections(2), (exchange) -> PipeReply.empty());
		PipeChannel first = connect(OWNER);
		PipeChannel second = connect(OWNER);
		for (PipeChannel each : List.of(first, second)) {
			assertThat(get(each)).startsWith("HTTP/1.1 204");
			// It is idle a moment after its client has the answer.
			this.fixture.awaitReading("HttpServerSession.receiveHead", 2);
		}
		assertThat(get(connect(OWNER))).startsWith("HTTP/1.1 204");
		assertThat(ContainerFixture.isEnded(first)).isTrue();
		assertThat(get(second)).startsWith("HTTP/1.1 204");
	}

	@Test
	void userWithItsShareLosesItsOwnIdleConnectionAndNoOther() throws Exception {
		useHttp();
		this.fixture.start((settings) -> settings.maxConnections(8).maxConnectionsPerUser(1),
				(exchange) -> PipeReply.empty());
		PipeChannel bob = connect(BOB);
		assertThat(get(bob)).startsWith("HTTP/1.1 204");
		PipeChannel first = connect(ALICE);
		assertThat(get(first)).startsWith("HTTP/1.1 204");
		assertThat(get(connect(ALICE))).startsWith("HTTP/1.1 204");
		assertThat(ContainerFixture.isEnded(first)).isTrue();
		assertThat(get(bob)).startsWith("HTTP/1.1 204");
	}

	@Test
	void refusedClientOfHttpIsTold() throws Exception {
		useHttp();
		Gate gate = new Gate();
		this.fixture.start((settings) -> settings.maxConnections(8).maxConnectionsPerUser(1), (exchange) -> {
			gate.handle(exchange);
			return PipeReply.empty();
		});
		List<PipeChannel> alices = connect(ALICE, 18);
		// One is served, and sixteen wait.
		await().until(() -> alices.stream().anyMatch(PipeChannel::isPeerGone));
		PipeChannel refused = alices.stream().filter(PipeChannel::isPeerGone).findFirst().orElseThrow();
		String refusal = readHead(refused);
		assertThat(refusal).startsWith("HTTP/1.1 503").contains("Retry-After: 1\r\n", "Connection: close\r\n");
		assertThat(new String(refused.inputStream().readAllBytes(), StandardCharsets.UTF_8)).contains("BUSY");
		gate.open();
	}

}
