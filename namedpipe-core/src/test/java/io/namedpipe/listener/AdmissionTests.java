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

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.namedpipe.listener.Admission.RefusedException;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Which clients are served, which wait, and which are refused.
 */
class AdmissionTests {

	private static final String ROOT = "0";

	private final List<String> events = new ArrayList<>();

	private Predicate<@Nullable ClientUser> evictor = (user) -> false;

	private final Admission admission = admission(4, 2);

	private Admission admission(int connections, int perUser) {
		PipeContainerSettings settings = PipeContainerSettings
			.of("files", PipeAddress.of("files"), new StreamStringProtocol())
			.maxConnections(connections)
			.maxConnectionsPerUser(perUser)
			.reservedConnections(1)
			.build();
		return new Admission(settings, new PipeServerListener() {

			@Override
			public void connectionLimitReached(String pipeId, int maxConnections) {
				AdmissionTests.this.events.add("limit %s %d".formatted(pipeId, maxConnections));
			}

		}, (user) -> {
			this.events.add("evict " + ((user != null) ? user.id() : "any"));
			return this.evictor.test(user);
		});
	}

	private static AdmittedClient client(String user) {
		return new AdmittedClient(new UserChannel(user), Set.of(ROOT));
	}

	private AdmittedClient admitted(String user) throws Exception {
		AdmittedClient client = client(user);
		assertThat(admit(this.admission, client)).isTrue();
		return client;
	}

	// By another thread than the one before: nothing stays locked.
	private static boolean admit(Admission admission, AdmittedClient client) throws Exception {
		return Background.get(Background.run(() -> admission.admit(client)));
	}

	private AdmittedClient waiting(String user) throws Exception {
		return waiting(this.admission, user);
	}

	private static AdmittedClient waiting(Admission admission, String user) throws Exception {
		AdmittedClient client = client(user);
		assertThat(admit(admission, client)).isFalse();
		return client;
	}

	@Test
	void clientThatWaitsIsServedInPlaceOfOneThatLeaves() throws Exception {
		AdmittedClient first = admitted("1001");
		AdmittedClient second = admitted("1001");
		AdmittedClient third = waiting("1001");
		AdmittedClient fourth = waiting("1001");
		assertThat(this.admission.release(first)).isSameAs(third);
		assertThat(this.admission.release(second)).isSameAs(fourth);
		assertThat(this.admission.release(third)).isNull();
	}

	@Test
	void clientOfAnotherUserIsServedWhoHasAShareLeft() throws Exception {
		admitted("1001");
		admitted("1001");
		AdmittedClient bob = admitted("1002");
		waiting("1001");
		AdmittedClient carol = waiting("1003");
		assertThat(this.admission.release(bob)).isSameAs(carol);
	}

	@Test
	void limitOfAllIsToldOnceUntilSomebodyLeaves() throws Exception {
		admitted("1001");
		AdmittedClient bob = admitted("1002");
		admitted("1003");
		waiting("1004");
		waiting("1005");
		assertThat(this.events).containsOnlyOnce("limit files 4");
		this.admission.release(bob);
		waiting("1006");
		assertThat(this.events.stream().filter("limit files 4"::equals)).hasSize(2);
	}

	@Test
	void limitOfAUserIsNotToldAsTheLimitOfAll() throws Exception {
		admitted("1001");
		admitted("1001");
		waiting("1001");
		assertThat(this.events).containsExactly("evict 1001");
	}

	@Test
	void roomIsMadeOnceForEachClientThatWaits() throws Exception {
		admitted("1001");
		admitted("1001");
		AdmittedClient alice = waiting("1001");
		admitted("1002");
		AdmittedClient bob = waiting("1002");
		assertThat(this.events).containsExactly("evict 1001", "evict 1001", "evict any", "limit files 4");
		this.events.clear();
		this.evictor = (user) -> user != null;
		this.admission.makeRoom();
		assertThat(this.events).containsExactly("evict 1001", "evict any");
		this.events.clear();
		this.evictor = (user) -> true;
		this.admission.makeRoom();
		this.admission.makeRoom();
		assertThat(this.events).containsExactly("evict any");
		assertThat(alice.limit()).isEqualTo(Shares.Outcome.ACQUIRED);
		assertThat(bob.limit()).isEqualTo(Shares.Outcome.ACQUIRED);
	}

	@Test
	void nobodyElseIsAskedIfThereIsNoIdleConnectionAtAll() throws Exception {
		admitted("1001");
		admitted("1002");
		admitted("1003");
		waiting("1004");
		waiting("1005");
		this.events.clear();
		this.admission.makeRoom();
		assertThat(this.events).containsExactly("evict any");
	}

	@Test
	void userWithFewConnectionsHasSixteenThatWait() throws Exception {
		admitted("1001");
		admitted("1001");
		for (int i = 0; i < 16; i++) {
			waiting("1001");
		}
		assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> this.admission.admit(client("1001")))
			.satisfies((ex) -> assertThat(ex.failure()).isEqualTo(new PipeFailure(Code.BUSY,
					"the user already has 2 connections, and others that wait (max-connections-per-user)")));
		admitted("1002");
		// The total is reached, and still another user waits.
		waiting("1003");
	}

	@Test
	void userMayHaveAsManyThatWaitAsConnections() throws Exception {
		Admission large = admission(100, 20);
		for (int i = 0; i < 20; i++) {
			assertThat(large.admit(client("1001"))).isTrue();
		}
		for (int i = 0; i < 20; i++) {
			waiting(large, "1001");
		}
		assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> large.admit(client("1001")));
	}

	@Test
	void lastPlacesToWaitAreForOwners() throws Exception {
		admitted("1001");
		admitted("1002");
		admitted("1003");
		for (int i = 0; i < 960; i++) {
			waiting("user" + i);
		}
		assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> this.admission.admit(client("1004")))
			.satisfies((ex) -> assertThat(ex.failure()).isEqualTo(new PipeFailure(Code.BUSY,
					"all 4 connections are in use, and too many clients wait (max-connections)")));
		admitted(ROOT);
		for (int i = 0; i < 64; i++) {
			waiting(ROOT);
		}
		assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> this.admission.admit(client(ROOT)));
	}

	@Test
	void clientsWhoseUserIsNotKnownAreNotCountedTogether() throws Exception {
		for (int i = 0; i < 3; i++) {
			assertThat(this.admission.admit(client(""))).isTrue();
		}
		for (int i = 0; i < 20; i++) {
			assertThat(this.admission.admit(client(""))).isFalse();
		}
	}

	@Test
	void roomIsMadeAndGivenWithoutALockThatStays() throws Exception {
		AdmittedClient first = admitted("1001");
		admitted("1001");
		waiting("1001");
		this.admission.makeRoom();
		admitted("1002");
		this.admission.release(first);
		waiting("1001");
	}

	@Test
	void userThatTheTransportDoesNotSayIsNotIdentified() {
		AdmittedClient nobody = new AdmittedClient(new ScriptedChannel() {

			@Override
			public String peerId() {
				return null;
			}

			@Override
			public String presumedPeerId() {
				return "1001";
			}

		}, Set.of(ROOT));
		assertThat(nobody.isIdentified()).isFalse();
		assertThat(nobody.user()).isEqualTo(new ClientUser("1001", false));
	}

	@Test
	void clientIsCountedForTheUserThatItTurnsOutToBe() throws Exception {
		AdmittedClient later = client("");
		assertThat(this.admission.admit(later)).isTrue();
		assertThat(later.isIdentified()).isFalse();
		((UserChannel) later.channel()).user = "1001";
		this.admission.identify(later);
		assertThat(later.user()).isEqualTo(new ClientUser("1001", false));
		assertThat(later.isIdentified()).isTrue();
		admitted("1001");
		waiting("1001");
		AdmittedClient third = client("");
		assertThat(this.admission.admit(third)).isTrue();
		((UserChannel) third.channel()).user = "1001";
		assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> this.admission.identify(third))
			.satisfies((ex) -> assertThat(ex.failure().message()).contains("max-connections-per-user"));
		assertThat(third.isIdentified()).isFalse();
		assertThat(client("1001").isIdentified()).isTrue();
	}

	@Test
	void clientsThatWaitAreClosedAtTheEndAndFurtherOnesRefused() throws Exception {
		admitted("1001");
		admitted("1001");
		AdmittedClient failing = waiting("1001");
		((UserChannel) failing.channel()).closeFails = true;
		AdmittedClient last = waiting("1001");
		this.admission.close();
		assertThat(last.channel().isOpen()).isFalse();
		assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> admit(this.admission, client("1002")))
			.satisfies((ex) -> assertThat(ex.failure()).isEqualTo(new PipeFailure(Code.BUSY, "the server stops")));
		this.events.clear();
		this.admission.makeRoom();
		assertThat(this.events).isEmpty();
	}

	private static final class UserChannel extends ScriptedChannel {

		private volatile String user;

		private boolean closeFails;

		UserChannel(String user) {
			this.user = user;
		}

		@Override
		public String peerId() {
			if (this.user.isEmpty()) {
				throw new PipeException("not known yet");
			}
			return this.user;
		}

		@Override
		public void close() {
			if (this.closeFails) {
				throw new PipeException("made to fail");
			}
			super.close();
		}

	}

}
