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

package io.namedpipe.transport.windows;

import com.sun.jna.platform.win32.WinNT;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.namedpipe.test.contract.TransportContract;
import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.ImpersonationLevel;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeImpersonationException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeUnsupportedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * The identity of a client, and impersonating it.
 */
@OnWindows
class IdentityTests extends TransportContract {

	private static final String WINE_TOKEN = "the token is always the server's own, at the level Impersonation";

	IdentityTests() {
		super(new WindowsPipeTransport());
	}

	private Pair spokenPair(ImpersonationLevel level) {
		PipeServerChannel server = bind(uniqueAddress());
		PipeChannel client = track(this.transport.connect(server.address(),
				PipeClientOptions.builder().impersonationLevel(level).build()));
		PipeChannel accepted = track(server.accept());
		client.write(bytes("x"));
		assertThat(readText(accepted, 1)).isEqualTo("x");
		return pair(client, accepted);
	}

	@Test
	void clientIsNobodyBeforeTheFirstReadExceptForItsProcess() throws Exception {
		Pair pair = connectedPair();
		PeerIdentity peer = pair.server().peer();
		assertThat(peer.id()).isEqualTo("S-1-0-0");
		assertThat(peer.level()).isEqualTo(ImpersonationLevel.ANONYMOUS);
		assertThat(peer.processId()).isEqualTo(ProcessHandle.current().pid());
		assertThat(pair.server().peerId()).isNull();
		assertThat(pair.server().presumedPeerId()).isEqualTo(AccessToken.currentUser());
		pair.client().write(bytes("x"));
		readOne(pair.server());
		assertThat(pair.server().peer().id()).isEqualTo(AccessToken.currentUser());
	}

	@Test
	void processThatDoesNotExistHasNoUser() {
		// Ids of processes are multiples of four.
		assertThat(AccessToken.userOf(0x7ffffffc)).isNull();
	}

	@Test
	void clientIsKnownAfterTheFirstRead() {
		PeerIdentity peer = spokenPair(ImpersonationLevel.IDENTIFICATION).server().peer();
		assertThat(peer.kind()).isEqualTo(PeerIdentity.Kind.WINDOWS);
		assertThat(peer.id()).isEqualTo(AccessToken.currentUser());
		assertThat(peer.name()).isEqualToIgnoringCase(System.getProperty("user.name"));
		assertThat(peer.qualifiedName()).endsWith("\\" + peer.name());
		assertThat(peer.groupIds()).contains(peer.primaryGroupId()).allMatch((group) -> group.startsWith("S-1-"));
		assertThat(peer.processId()).isEqualTo(ProcessHandle.current().pid());
		assertThat(peer.sessionId()).isNotNull();
		assertThat(peer.remote()).isFalse();
		assertThat(peer.computerName()).isNull();
		try (AccessToken own = AccessToken.ofProcess()) {
			assertThat(peer.elevated()).isEqualTo(own.isElevated());
		}
	}

	@Test
	void serverIsKnownToItsClient() throws Exception {
		PeerIdentity peer = connectedPair().client().peer();
		assertThat(peer.id()).isEqualTo(AccessToken.currentUser());
		assertThat(peer.processId()).isEqualTo(ProcessHandle.current().pid());
	}

	@Test
	void clientThatWroteAndLeftIsStillKnown() {
		Pair pair = spokenPair(ImpersonationLevel.IDENTIFICATION);
		PeerIdentity known = pair.server().peer();
		pair.client().close();
		assertThat(readOne(pair.server())).isEqualTo(-1);
		assertThat(pair.server().peer()).isEqualTo(known);
	}

	@ParameterizedTest
	@EnumSource(ImpersonationLevel.class)
	@DisabledUnderWine(WINE_TOKEN)
	void levelThatTheClientGivesIsWhatTheServerSees(ImpersonationLevel level) {
		PeerIdentity peer = spokenPair(level).server().peer();
		// Without a domain, Windows sometimes lowers Delegation to Impersonation.
		if (level == ImpersonationLevel.DELEGATION) {
			assertThat(peer.level()).isGreaterThanOrEqualTo(ImpersonationLevel.IMPERSONATION);
		}
		else {
			assertThat(peer.level()).isEqualTo(level);
		}
		assertThat(peer.id().equals("S-1-5-7")).isEqualTo(level == ImpersonationLevel.ANONYMOUS);
	}

	@Test
	@DisabledUnderWine(WINE_TOKEN)
	void clientThatOnlyLetsItselfBeIdentifiedIsNotActedAs() {
		Impersonation impersonation = spokenPair(ImpersonationLevel.IDENTIFICATION).server().impersonation();
		assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(impersonation::enter)
			.withMessageContaining("level IDENTIFICATION");
		assertThat(ThreadToken.current(WinNT.TOKEN_QUERY)).isNull();
	}

	@Test
	@DisabledUnderWine("impersonation succeeds before the first read")
	void clientCannotBeActedAsBeforeTheFirstRead() throws Exception {
		Impersonation impersonation = connectedPair().server().impersonation();
		assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(impersonation::enter)
			.withMessageContaining("before something was read");
		assertThat(ThreadToken.current(WinNT.TOKEN_QUERY)).isNull();
	}

	@Test
	void threadActsAsTheClientInsideTheScopeOnly() {
		Impersonation impersonation = spokenPair(ImpersonationLevel.IMPERSONATION).server().impersonation();
		assertThat(ThreadToken.current(WinNT.TOKEN_QUERY)).isNull();
		Impersonation.Scope scope = impersonation.enter();
		try (AccessToken token = ThreadToken.current(WinNT.TOKEN_QUERY)) {
			assertThat(token).isNotNull();
			assertThat(token.userSid()).isEqualTo(AccessToken.currentUser());
			assertThat(token.level()).isGreaterThanOrEqualTo(ImpersonationLevel.IMPERSONATION);
		}
		finally {
			scope.leave();
		}
		assertThat(ThreadToken.current(WinNT.TOKEN_QUERY)).isNull();
	}

	@Test
	void scopeIsNotEnteredTwice() {
		Impersonation impersonation = spokenPair(ImpersonationLevel.IMPERSONATION).server().impersonation();
		Impersonation.Scope scope = impersonation.enter();
		try {
			assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(impersonation::enter)
				.withMessageContaining("somebody else");
			// The entry that was refused has not changed the thread.
			assertThat(ThreadToken.current(WinNT.TOKEN_QUERY)).isNotNull();
		}
		finally {
			scope.leave();
		}
	}

	@Test
	void threadThatIsNotRevertedIsTainted() {
		Impersonation impersonation = spokenPair(ImpersonationLevel.IMPERSONATION).server().impersonation();
		Impersonation.Scope scope = impersonation.enter();
		try {
			assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(ThreadToken::verifyReverted)
				.matches(PipeImpersonationException::isThreadTainted);
		}
		finally {
			scope.leave();
		}
		assertThatNoException().isThrownBy(ThreadToken::verifyReverted);
	}

	@Test
	void otherThreadIsNotImpersonated() throws Exception {
		Impersonation impersonation = spokenPair(ImpersonationLevel.IMPERSONATION).server().impersonation();
		Impersonation.Scope scope = impersonation.enter();
		try {
			assertThat(get(async(() -> ThreadToken.current(WinNT.TOKEN_QUERY) == null))).isTrue();
		}
		finally {
			scope.leave();
		}
	}

	@Test
	void identityIsReadWhileTheThreadActsAsSomebodyElse() throws Exception {
		Impersonation impersonation = spokenPair(ImpersonationLevel.IMPERSONATION).server().impersonation();
		Pair other = spokenPair(ImpersonationLevel.IDENTIFICATION);
		Impersonation.Scope scope = impersonation.enter();
		try {
			assertThat(other.server().peer().id()).isEqualTo(AccessToken.currentUser());
			assertThat(ThreadToken.current(WinNT.TOKEN_QUERY)).isNotNull();
		}
		finally {
			scope.leave();
		}
	}

	@Test
	void sameUserInTheSameSessionNeedsNoSwitch() {
		assertThat(spokenPair(ImpersonationLevel.IDENTIFICATION).server().impersonation().isSwitchNeeded()).isFalse();
	}

	@Test
	void clientCannotActAsItsServer() throws Exception {
		PipeChannel client = connectedPair().client();
		assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(client::impersonation);
	}

	@Test
	void administratorsMayImpersonate() {
		try (AccessToken own = AccessToken.ofProcess()) {
			if (own.hasPrivilege(WindowsPipeTransport.IMPERSONATE_PRIVILEGE)) {
				assertThatNoException().isThrownBy(this.transport::verifyImpersonation);
			}
			else {
				assertThatExceptionOfType(PipeImpersonationException.class)
					.isThrownBy(this.transport::verifyImpersonation)
					.withMessageContaining("SeImpersonatePrivilege");
			}
			assertThat(own.hasPrivilege("SeTcbPrivilege")).isFalse();
		}
	}

}
