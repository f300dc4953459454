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

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.raw.RawProtocol;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.testing.Background;
import io.namedpipe.transport.DelegatingPipeChannel;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeServerChannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Clients whose user is known only after the first bytes, as on Windows.
 */
@Timeout(120)
class UsersKnownLaterTests {

	private static final String ALICE = "1001";

	private static final String BOB = "1002";

	private static final String OWNER = System.getProperty("user.name");

	private ContainerFixture fixture = new ContainerFixture("memory");

	@AfterEach
	void close() throws Exception {
		this.fixture.close();
	}

	private List<PipeChannel> connect(int count) {
		List<PipeChannel> channels = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			channels.add(this.fixture.connect());
		}
		return channels;
	}

	@Test
	void userThatIsKnownOnlyAfterItsFirstBytesIsCountedThen() throws Exception {
		useLateChannels(new StreamStringProtocol(), null);
		Gate gate = new Gate();
		this.fixture.start((settings) -> settings.maxConnections(8).maxConnectionsPerUser(1), gate);
		CompletableFuture<String> first = Background.run(() -> this.fixture.ask("wait"));
		gate.awaitEntered(1);
		assertThat(this.fixture.ask("second")).isNull();
		assertThat(this.fixture.log.clientLines()).singleElement()
			.asString()
			.contains("request of %s refused, BUSY: the user already has 1 connections".formatted(OWNER));
		gate.open();
		assertThat(Background.get(first)).isEqualTo("done wait");
		await().until(() -> "done third".equals(this.fixture.ask("third")));
	}

	private void useLateChannels(PipeProtocol protocol, @Nullable String presumed) throws Exception {
		this.fixture.close();
		this.fixture = new ContainerFixture(new WrappedTransport() {

			@Override
			PipeChannel accept(PipeServerChannel bound) {
				return new LateChannel(bound.accept(), presumed);
			}

		}, protocol);
	}

	private static PipeReply echoByte(PipeExchange exchange) {
		ByteBuffer content = ByteBuffer.allocate(1);
		PipeChannel channel = Objects.requireNonNull(exchange.channel());
		while (channel.read(content.clear()) > 0) {
			channel.write(content.flip());
		}
		return PipeReply.empty();
	}

	private static int echo(PipeChannel client) {
		client.write(ByteBuffer.wrap(new byte[] { 7 }));
		return client.read(ByteBuffer.allocate(1));
	}

	@Test
	void clientOfARawPipeIsCountedForItsUserFromItsFirstByteOn() throws Exception {
		useLateChannels(new RawProtocol(), null);
		this.fixture.start((settings) -> settings.maxConnections(8).maxConnectionsPerUser(1),
				UsersKnownLaterTests::echoByte);
		PipeChannel silent = this.fixture.connect();
		PipeChannel first = this.fixture.connect();
		assertThat(echo(first)).isEqualTo(1);
		assertThat(echo(silent)).isEqualTo(-1);
		assertThat(this.fixture.log.clientLines()).singleElement()
			.asString()
			.contains("BUSY: the user already has 1 connections");
		assertThat(echo(first)).isEqualTo(1);
		first.close();
		await().until(() -> echo(this.fixture.connect()) == 1);
	}

	@Test
	void requestOfARawPipeIsCountedForItsUserFromItsFirstByteOn() throws Exception {
		useLateChannels(new RawProtocol(), null);
		this.fixture.start(
				(settings) -> settings.maxConnections(8).maxConnectionsPerUser(8).maxConcurrentRequestsPerUser(1),
				UsersKnownLaterTests::echoByte);
		PipeChannel first = this.fixture.connect();
		assertThat(echo(first)).isEqualTo(1);
		assertThat(echo(this.fixture.connect())).isEqualTo(-1);
		assertThat(this.fixture.log.clientLines()).singleElement()
			.asString()
			.contains("BUSY: the server already handles 1 requests of the user");
		first.close();
		await().until(() -> echo(this.fixture.connect()) == 1);
	}

	@Test
	void silentClientIsCountedForTheUserThatItsProcessHas() throws Exception {
		useLateChannels(new StreamStringProtocol(), BOB);
		PipeListenerContainer container = this.fixture
			.start((settings) -> settings.maxConnections(8).maxConnectionsPerUser(1), ContainerFixture.ECHO);
		List<PipeChannel> silent = connect(20);
		// One is served and sixteen wait.
		await().until(() -> silent.stream().filter(PipeChannel::isPeerGone).count(), Predicate.isEqual(3L));
		assertThat(container.activeConnections()).isEqualTo(1);
	}

	@Test
	void silentClientsOfTheOwnerHaveTheReserve() throws Exception {
		useLateChannels(new RawProtocol(), OWNER);
		PipeListenerContainer container = this.fixture
			.start((settings) -> settings.maxConnections(16).reservedConnections(2), UsersKnownLaterTests::echoByte);
		List<PipeChannel> silent = connect(16);
		await().until(() -> container.activeConnections() == 16);
		assertThat(silent).noneMatch(PipeChannel::isPeerGone);
	}

	/**
	 * A channel that tells its peer after the first read, as on Windows.
	 */
	private static final class LateChannel extends DelegatingPipeChannel {

		private volatile boolean received;

		private final @Nullable String presumed;

		LateChannel(PipeChannel delegate, @Nullable String presumed) {
			super(delegate);
			this.presumed = presumed;
		}

		@Override
		public int read(ByteBuffer destination) {
			int count = super.read(destination);
			this.received = true;
			return count;
		}

		@Override
		public @Nullable String peerId() {
			return this.received ? ALICE : null;
		}

		@Override
		public @Nullable String presumedPeerId() {
			return this.received ? ALICE : this.presumed;
		}

	}

}
