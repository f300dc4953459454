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

package io.namedpipe.transport.unix;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import jdk.net.UnixDomainPrincipal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.namedpipe.transport.ImpersonationLevel;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeAccess;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Who is at the other end of a socket.
 */
@NotOnWindows
class UnixIdentityTests {

	private static final UserPrincipalLookupService LOOKUP = FileSystems.getDefault().getUserPrincipalLookupService();

	private final UnixPipeTransport transport = new UnixPipeTransport();

	@Test
	void bothEndsSeeThisProcessByItsNumbers() throws Exception {
		PipeAddress address = PipeAddress.of("np.identity." + System.nanoTime());
		try (PipeServerChannel server = this.transport.bind(address, PipeServerOptions.defaults());
				PipeChannel client = this.transport.connect(address, PipeClientOptions.defaults());
				PipeChannel accepted = server.accept()) {
			PeerIdentity peer = accepted.peer();
			assertThat(peer.kind()).isEqualTo(PeerIdentity.Kind.UNIX);
			assertThat(peer.id()).isEqualTo(UnixIds.format(UnixProcess.self().euid()));
			assertThat(peer.name()).isEqualTo(System.getProperty("user.name"));
			assertThat(peer.groupIds()).contains(peer.primaryGroupId());
			assertThat(peer.level()).isEqualTo(ImpersonationLevel.IMPERSONATION);
			assertThat(peer.remote()).isFalse();
			assertThat(client.peer()).isEqualTo(peer);
		}
	}

	@Test
	void peerStaysKnownAfterTheCloseIfItWasAskedForBefore() throws Exception {
		PipeAddress address = PipeAddress.of("np.identity." + System.nanoTime());
		PipeServerOptions options = PipeServerOptions.builder()
			.access(PipeAccess.allow(PipeAccess.AUTHENTICATED))
			.build();
		try (PipeServerChannel server = this.transport.bind(address, options)) {
			PipeChannel client = this.transport.connect(address, PipeClientOptions.defaults());
			PipeChannel accepted = server.accept();
			PeerIdentity peer = accepted.peer();
			accepted.close();
			assertThat(accepted.peer()).isEqualTo(peer);
			SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(this.transport.socketPath(address)));
			PipeChannel neverAsked = new UnixPipeChannel(socket, new UnixPeers((name, uid) -> new int[0]), null);
			neverAsked.close();
			assertThatExceptionOfType(PipeClosedException.class).isThrownBy(neverAsked::peer);
			client.close();
		}
	}

	@Test
	void uidWithoutAnEntryIsItsOwnNameAndHasNoGroupsButTheProcesss() throws Exception {
		try (OtherUsers users = new OtherUsers();
				PipeServerChannel server = this.transport.bind(PipeAddress.of("np.identity." + System.nanoTime()),
						PipeServerOptions.builder().access(PipeAccess.allow(PipeAccess.AUTHENTICATED)).build())) {
			users.call(this.transport.socketPath(server.address()),
					OtherUsers.numeric(OtherUsers.ALICE, OtherUsers.SHARED_GROUP));
			try (PipeChannel accepted = server.accept()) {
				PeerIdentity peer = accepted.peer();
				assertThat(peer.id()).isEqualTo(Integer.toString(OtherUsers.ALICE));
				assertThat(peer.name()).isEqualTo(peer.id());
				assertThat(peer.primaryGroupId()).isEqualTo(peer.id());
				assertThat(peer.groupIds()).containsExactly(peer.id());
			}
		}
	}

	@Test
	void namedUserHasTheGroupsOfTheUserDatabase() throws Exception {
		try (OtherUsers users = new OtherUsers();
				PipeServerChannel server = this.transport.bind(PipeAddress.of("np.identity." + System.nanoTime()),
						PipeServerOptions.builder().access(PipeAccess.allow(PipeAccess.AUTHENTICATED)).build())) {
			String primary = users.createGroup();
			String supplementary = users.createGroup();
			String user = users.createUser(primary, supplementary);
			users.call(this.transport.socketPath(server.address()), "--reuid=" + user, "--regid=" + primary,
					"--init-groups");
			try (PipeChannel accepted = server.accept()) {
				PeerIdentity peer = accepted.peer();
				assertThat(peer.name()).isEqualTo(user);
				assertThat(peer.id()).isEqualTo(UnixIds.format(UnixIds.uidOf(user).getAsInt()));
				assertThat(peer.primaryGroupId()).isEqualTo(UnixIds.format(UnixIds.gidOf(primary).getAsInt()));
				assertThat(peer.groupIds()).containsExactlyInAnyOrder(peer.primaryGroupId(),
						UnixIds.format(UnixIds.gidOf(supplementary).getAsInt()));
			}
			int uid = UnixIds.uidOf(user).getAsInt();
			assertThat(sorted(new FileUserGroups().of(user, uid)))
				.isEqualTo(sorted(new NativeUserGroups().of(user, uid)));
		}
	}

	@Test
	void filesAndLibraryAgreeOnRoot() throws Exception {
		assertThat(sorted(new FileUserGroups().of("root", 0))).isEqualTo(sorted(new NativeUserGroups().of("root", 0)));
	}

	@Test
	void anotherUsersNumberUnderTheNameGivesNoGroups() throws Exception {
		assertThat(new FileUserGroups().of("root", 1)).isEmpty();
		assertThat(new NativeUserGroups().of("root", 1)).isEmpty();
		assertThat(new NativeUserGroups().of("np-no-such-user", 1)).isEmpty();
	}

	@Test
	void malformedLinesOfTheFilesAreNoGroups(@TempDir Path directory) throws Exception {
		Path passwd = Files.writeString(directory.resolve("passwd"), "# comment\n\nann:x:7:8::/:\nbob:x:9\n+::::::\n");
		Path group = Files.writeString(directory.resolve("group"), "a:x:1:ann,bob\nb:x:-1:ann\nc:x:3:anna\nd:x\n");
		FileUserGroups groups = new FileUserGroups(passwd, group);
		assertThat(groups.of("ann", 7)).containsExactlyInAnyOrder(8, 1);
		assertThat(groups.of("bob", 9)).isEmpty();
	}

	@Test
	void numbersAreUnsigned() throws Exception {
		assertThat(UnixIds.uidOf("4294967294")).hasValue(-2);
		assertThat(UnixIds.format(-2)).isEqualTo("4294967294");
		assertThat(UnixIds.uidOf("4294967295")).isEmpty();
		assertThat(UnixIds.uidOf("np-no-such-user")).isEmpty();
	}

	@Test
	void principalWithoutAProvenNumberIsRefused() throws Exception {
		UserPrincipal stranger = () -> "0";
		GroupPrincipal group = LOOKUP.lookupPrincipalByGroupName("0");
		UnixPeers peers = new UnixPeers((name, uid) -> new int[0]);
		assertThatIOException().isThrownBy(() -> peers.resolve(new UnixDomainPrincipal(stranger, group)))
			.withMessageContaining("no number that is theirs alone");
	}

	@Test
	void userDatabaseIsAskedOnceInAWhile() throws Exception {
		AtomicInteger asked = new AtomicInteger();
		AtomicLong clock = new AtomicLong();
		UnixPeers peers = new UnixPeers((name, uid) -> new int[] { asked.incrementAndGet() }, clock::get, null);
		UnixDomainPrincipal principal = new UnixDomainPrincipal(LOOKUP.lookupPrincipalByName("2061001"),
				LOOKUP.lookupPrincipalByGroupName("2061001"));
		assertThat(peers.resolve(principal).groups()).containsExactly(1, 2_061_001);
		assertThat(peers.resolve(principal).groups()).containsExactly(1, 2_061_001);
		clock.addAndGet(10_000_000_000L);
		assertThat(peers.resolve(principal).groups()).containsExactly(2, 2_061_001);
	}

	@Test
	void failingUserDatabaseFailsWhoeverNeedsGroups() throws Exception {
		UnixPeer peer = new UnixPeer(5, 5, "five", (name, uid) -> {
			throw new IOException("down");
		});
		assertThat(peer.isInGroup(5)).isTrue();
		assertThatExceptionOfType(io.namedpipe.transport.PipeException.class).isThrownBy(peer::identity)
			.withMessageContaining("down");
	}

	private static int[] sorted(int[] ids) {
		return Arrays.stream(ids).sorted().toArray();
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, disabledReason = "asks the kernel of Linux")
	void askingTheKernelForTheIdsAloneFindsTheSamePeer() throws Exception {
		PeerIds ids = PeerIds.load();
		assertThat(ids).as("the tests run with --add-exports java.base/sun.nio.ch=ALL-UNNAMED").isNotNull();
		UnixPeers fast = new UnixPeers((name, uid) -> new int[0], System::nanoTime, ids);
		UnixPeers slow = new UnixPeers((name, uid) -> new int[0], System::nanoTime, null);
		assertThat(fast.isCheap()).isTrue();
		assertThat(slow.isCheap()).isFalse();
		try (PipeServerChannel server = new UnixPipeTransport().bind(PipeAddress.of("np.ids." + System.nanoTime()),
				PipeServerOptions.defaults());
				SocketChannel client = SocketChannel
					.open(UnixDomainSocketAddress.of(new UnixPipeTransport().socketPath(server.address())))) {
			for (int i = 0; i < 2; i++) {
				assertThat(fast.identifyNew(client).identity()).isEqualTo(slow.identifyNew(client).identity());
			}
			assertThat(fast.identifyNew(client)).isSameAs(fast.identifyNew(client));
			assertThat(ids.read(client)).isEqualTo(PeerIds.ids(UnixProcess.self().euid(), fast.identify(client).gid()));
		}
	}

}
