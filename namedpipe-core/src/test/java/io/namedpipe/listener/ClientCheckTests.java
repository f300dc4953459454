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
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.namedpipe.protocol.ExchangeOutcome;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.PipeRequestException;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.protocol.tagged.TaggedProtocol;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.testing.Sessions;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The check of a client before its request is handled: whether its user is known now, and
 * has not changed.
 */
@Timeout(120)
class ClientCheckTests {

	private static final Duration AGE = Duration.ofSeconds(7);

	private static final String ALICE = "1001";

	private static final String BOB = "1002";

	private static final PipeFailure TOO_MANY = new PipeFailure(Code.BUSY,
			"the user already has 1 connections, and others that wait (max-connections-per-user)");

	private final List<String> events = new ArrayList<>();

	private final List<PipeExchange> handled = new ArrayList<>();

	private final LateChannel channel = new LateChannel();

	private final ServerConnection connection = Sessions.connection(this.channel);

	private PipeContainerSettings settings(PipeProtocol protocol, Duration maxAge) {
		return PipeContainerSettings.of("files", PipeAddress.of("files"), protocol)
			.maxConnectionsPerUser(1)
			.maxConcurrentRequestsPerUser(1)
			.identityMaxAge(maxAge)
			.build();
	}

	private PipeExchange exchange() {
		return exchange(this.connection);
	}

	private static PipeExchange exchange(ServerConnection connection) {
		return connection.begin(PipeRequest.of("x"), new PipeExchange.Responder() {

			@Override
			public void reply(PipeReply reply) {
			}

			@Override
			public void fail(PipeFailure failure) {
			}

		});
	}

	private Subject subject() throws Exception {
		return new Subject(new StreamStringProtocol(), AGE);
	}

	@Test
	void requestOfAUserThatIsKnownNowIsHandledAndCountedForIt() throws Exception {
		Subject subject = subject();
		assertThat(subject.client.user().id()).isEqualTo("unknown");
		this.channel.user = ALICE;
		PipeExchange exchange = exchange();
		subject.check.handle(subject.client, exchange);
		assertThat(this.handled).containsExactly(exchange);
		assertThat(subject.client.user().id()).isEqualTo(ALICE);
		assertThat(this.channel.isOpen()).isTrue();
		// The user has its one request.
		subject.check.handle(subject.client, exchange());
		assertThat(this.events).containsExactly(
				new PipeFailure(Code.BUSY, "the server already handles 1 requests of the user; try again later")
					.toString());
	}

	@Test
	void requestOfAUserWithTooManyConnectionsIsRefusedAndItsConnectionClosed() throws Exception {
		Subject subject = subject().withOtherConnectionOf(ALICE);
		this.channel.user = ALICE;
		PipeExchange exchange = exchange();
		subject.check.handle(subject.client, exchange);
		assertThat(this.handled).isEmpty();
		assertThat(exchange.isAnswered()).isTrue();
		assertThat(this.events).containsExactly(TOO_MANY.toString());
		assertThat(this.channel.isOpen()).isFalse();
	}

	@Test
	void userIsIdentifiedOnce() throws Exception {
		this.channel.user = ALICE;
		Subject subject = subject();
		this.channel.user = BOB;
		subject.check.handle(subject.client, exchange());
		assertThat(subject.client.user().id()).isEqualTo(ALICE);
	}

	static Stream<Arguments> protocols() {
		return Stream.of(Arguments.of(new HttpProtocol(), AGE, true), Arguments.of(new TaggedProtocol(), AGE, true),
				Arguments.of(new StreamStringProtocol(), AGE, false),
				Arguments.of(new HttpProtocol(), Duration.ZERO, false),
				Arguments.of(new TaggedProtocol(), Duration.ZERO, false));
	}

	@ParameterizedTest
	@MethodSource("protocols")
	void userOfAConnectionThatMayBeKeptIsLookedUpAgain(PipeProtocol protocol, Duration maxAge, boolean again)
			throws Exception {
		Subject subject = new Subject(protocol, maxAge);
		subject.check.handle(subject.client, exchange());
		assertThat(this.channel.rechecks).isEqualTo(again ? List.of(maxAge) : List.of());
		assertThat(this.handled).hasSize(1);
	}

	@Test
	void userThatIsNotWhatItWasIsRefused() throws Exception {
		Subject subject = new Subject(new HttpProtocol(), AGE);
		this.channel.recheckFailure = new PipeAccessDeniedException("the user was removed");
		subject.check.handle(subject.client, exchange());
		assertThat(this.handled).isEmpty();
		assertThat(this.events).containsExactly(PipeFailure.of(this.channel.recheckFailure).toString());
		assertThat(this.channel.isOpen()).isFalse();
	}

	@Test
	void requestThatWasHandedOverBeforeItsUserWasKnownIsCountedForTheUserThen() throws Exception {
		Subject subject = subject();
		PipeExchange exchange = exchange();
		subject.check.handle(subject.client, exchange);
		this.channel.user = ALICE;
		subject.check.identify(subject.client, this.connection);
		assertThat(subject.client.user().id()).isEqualTo(ALICE);
		assertThat(exchange.isAnswered()).isFalse();
		subject.check.handle(subject.client, exchange(Sessions.connection(this.channel)));
		assertThat(this.events).singleElement().asString().contains("handles 1 requests of the user");
	}

	@Test
	void requestInFlightOfAUserWithTooManyConnectionsFails() throws Exception {
		Subject subject = subject().withOtherConnectionOf(ALICE);
		PipeExchange exchange = exchange();
		subject.check.handle(subject.client, exchange);
		this.channel.user = ALICE;
		assertRefused(subject, TOO_MANY);
		assertThat(exchange.isAnswered()).isTrue();
	}

	@Test
	void requestInFlightOfAUserWithTooManyRequestsFails() throws Exception {
		Subject subject = subject();
		PipeExchange exchange = exchange();
		subject.check.handle(subject.client, exchange);
		// The same user's other request, on a connection that is not counted here.
		LateChannel other = new LateChannel();
		other.user = ALICE;
		subject.check.handle(new AdmittedClient(other, Set.of()), exchange(Sessions.connection(other)));
		this.channel.user = ALICE;
		assertRefused(subject,
				new PipeFailure(Code.BUSY, "the server already handles 1 requests of the user; try again later"));
		assertThat(exchange.isAnswered()).isTrue();
	}

	private void assertRefused(Subject subject, PipeFailure failure) {
		assertThatExceptionOfType(PipeRequestException.class)
			.isThrownBy(() -> subject.check.identify(subject.client, this.connection))
			.satisfies((ex) -> assertThat(PipeFailure.of(ex)).isEqualTo(failure));
		assertThat(this.events).containsExactly(failure.toString());
	}

	/**
	 * A check with a container's parts around it, and a client that was admitted.
	 */
	private final class Subject {

		private final Admission admission;

		private final ClientCheck check;

		private final AdmittedClient client = new AdmittedClient(ClientCheckTests.this.channel, Set.of("0"));

		Subject(PipeProtocol protocol, Duration maxAge) throws Exception {
			PipeContainerSettings settings = settings(protocol, maxAge);
			PipeServerListener listener = new PipeServerListener() {

				@Override
				public void exchangeEnded(PipeExchange exchange, ExchangeOutcome outcome, Duration duration) {
					ClientCheckTests.this.events
						.add((outcome.failure() != null) ? outcome.failure().toString() : "replied");
				}

			};
			this.admission = new Admission(settings, listener, (user) -> false);
			// A handler that answers later.
			ExchangeDispatcher dispatcher = new ExchangeDispatcher(settings, (exchange) -> {
				exchange.defer();
				ClientCheckTests.this.handled.add(exchange);
			}, listener, Runnable::run);
			this.check = new ClientCheck(settings, this.admission, dispatcher);
			assertThat(this.admission.admit(this.client)).isTrue();
		}

		// Another client with the only connection that the user may have.
		Subject withOtherConnectionOf(String user) throws Exception {
			LateChannel other = new LateChannel();
			other.user = user;
			assertThat(this.admission.admit(new AdmittedClient(other, Set.of()))).isTrue();
			return this;
		}

	}

	/**
	 * A channel that learns its user later.
	 */
	private static final class LateChannel extends ScriptedChannel {

		private final List<Duration> rechecks = new ArrayList<>();

		private volatile @Nullable String user;

		private @Nullable PipeException recheckFailure;

		@Override
		public @Nullable String peerId() {
			return this.user;
		}

		@Override
		public void recheckPeer(Duration maxAge) {
			this.rechecks.add(maxAge);
			if (this.recheckFailure != null) {
				throw this.recheckFailure;
			}
		}

	}

}
