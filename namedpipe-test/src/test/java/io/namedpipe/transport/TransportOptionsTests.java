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

package io.namedpipe.transport;

import java.util.List;

import org.junit.jupiter.api.Test;

import io.namedpipe.transport.TransportCapabilities.Feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The small values of the transport contract.
 */
class TransportOptionsTests {

	@Test
	void capabilitiesNameWhatIsMissing() {
		TransportCapabilities capabilities = TransportCapabilities.of(Feature.ONE_WAY);
		capabilities.require(Feature.ONE_WAY, "some");
		assertThat(capabilities.has(Feature.REMOTE)).isFalse();
		assertThatExceptionOfType(PipeUnsupportedException.class)
			.isThrownBy(() -> capabilities.require(Feature.MESSAGE_MODE, "some"))
			.withMessage("The 'some' transport has no message mode");
	}

	@Test
	void accessOfNobodyIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> PipeAccess.allow())
			.withMessageContaining("nobody could connect");
		assertThat(PipeAccess.sddl("D:(A;;GA;;;WD)").allowed()).isEmpty();
	}

	@Test
	void accessIsTheCurrentUsersUnlessOthersAreNamed() {
		assertThat(PipeServerOptions.defaults().access().isCurrentUserOnly()).isTrue();
		assertThat(PipeAccess.currentUser().isCurrentUserOnly()).isTrue();
		assertThat(PipeAccess.allow("current-user", "group:staff").isCurrentUserOnly()).isFalse();
		assertThat(PipeAccess.sddl("D:").isCurrentUserOnly()).isFalse();
	}

	@Test
	void remoteClientsAreRefusedByDefault() {
		assertThat(PipeServerOptions.defaults().rejectRemote()).isTrue();
	}

	@Test
	void clientRevealsWhoItIsAndNoMoreByDefault() {
		assertThat(PipeClientOptions.defaults().impersonationLevel()).isEqualTo(ImpersonationLevel.IDENTIFICATION);
		assertThat(PipeClientOptions.defaults().expectedServer().owners()).containsExactly("current-user", "system");
	}

	@Test
	void expectationOfNoServerIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> ExpectedServer.of())
			.withMessageContaining("no server could be accepted");
		assertThat(ExpectedServer.of("any").isAny()).isTrue();
		assertThat(ExpectedServer.trusted().isAny()).isFalse();
	}

	@Test
	void identityIsAValue() {
		PeerIdentity one = identity();
		assertThat(one).isEqualTo(identity()).hasSameHashCodeAs(identity());
		assertThat(one.qualifiedName()).isEqualTo("ACME\\alice");
		assertThat(one.groupIds()).containsExactlyInAnyOrder("100", "27", "30");
		assertThat(PeerIdentity.of(PeerIdentity.Kind.UNIX, "1000").build().qualifiedName()).isEqualTo("1000");
	}

	private static PeerIdentity identity() {
		return PeerIdentity.of(PeerIdentity.Kind.WINDOWS, "S-1-5-21")
			.name("alice")
			.domain("ACME")
			.primaryGroup("100")
			.groups(List.of("27", "30"))
			.build();
	}

}
