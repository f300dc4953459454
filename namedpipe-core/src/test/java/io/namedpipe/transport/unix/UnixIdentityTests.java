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

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import jdk.net.UnixDomainPrincipal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import io.namedpipe.posix.AccountDatabase;
import io.namedpipe.posix.PeerCredentials;
import io.namedpipe.transport.ImpersonationLevel;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeAccess;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests of the identity of the process at the other end of a socket.
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
			if (PeerCredentials.reader() != null) {
				assertThat(peer.processId()).isEqualTo(ProcessHandle.current().pid());
			}
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
			PipeChannel neverAsked = new UnixPipeChannel(socket, jdkPeers(new FakeUserDatabase()), null);
			neverAsked.close();
			assertThatExceptionOfType(PipeClosedException.class).isThrownBy(neverAsked::peer);
			client.close();
		}
	}

	@Test
	void groupsAreThoseOfTheProcessAndTheUidIsTheNameOfAUserWithoutAnEntry() throws Exception {
		KernelPeers.require();
		try (OtherUsers users = new OtherUsers();
				PipeServerChannel server = this.transport.bind(PipeAddress.of("np.identity." + System.nanoTime()),
						PipeServerOptions.builder().access(PipeAccess.allow(PipeAccess.AUTHENTICATED)).build())) {
			Process process = users.call(this.transport.socketPath(server.address()),
					OtherUsers.numeric(OtherUsers.ALICE, OtherUsers.SHARED_GROUP));
			try (PipeChannel accepted = server.accept()) {
				PeerIdentity peer = accepted.peer();
				assertThat(peer.id()).isEqualTo(Integer.toString(OtherUsers.ALICE));
				assertThat(peer.name()).isEqualTo(peer.id());
				assertThat(peer.primaryGroupId()).isEqualTo(peer.id());
				assertThat(peer.groupIds()).containsExactlyInAnyOrder(peer.id(),
						Integer.toString(OtherUsers.SHARED_GROUP));
				assertThat(peer.processId()).isEqualTo(process.pid());
			}
		}
	}

	@Test
	void processThatDroppedItsGroupsDoesNotGetThemBackFromTheUserDatabase() throws Exception {
		KernelPeers.require();
		try (OtherUsers users = new OtherUsers();
				PipeServerChannel server = this.transport.bind(PipeAddress.of("np.identity." + System.nanoTime()),
						PipeServerOptions.builder().access(PipeAccess.allow(PipeAccess.AUTHENTICATED)).build())) {
			String primary = users.createGroup();
			String user = users.createUser(primary, users.createGroup());
			users.call(this.transport.socketPath(server.address()), "--reuid=" + user, "--regid=" + primary,
					"--clear-groups");
			try (PipeChannel accepted = server.accept()) {
				assertThat(accepted.peer().name()).isEqualTo(user);
				assertThat(accepted.peer().groupIds()).containsExactly(accepted.peer().primaryGroupId());
			}
		}
	}

	@Test
	void userWithMoreGroupsThanUsualHasAllOfThem() throws Exception {
		KernelPeers.require();
		int[] groups = IntStream.range(0, 200).map((i) -> OtherUsers.SHARED_GROUP + i).toArray();
		try (OtherUsers users = new OtherUsers();
				PipeServerChannel server = this.transport.bind(PipeAddress.of("np.identity." + System.nanoTime()),
						PipeServerOptions.builder().access(PipeAccess.allow(PipeAccess.AUTHENTICATED)).build())) {
			users.call(this.transport.socketPath(server.address()), OtherUsers.numeric(OtherUsers.ALICE, groups));
			try (PipeChannel accepted = server.accept()) {
				assertThat(accepted.peer().groupIds()).hasSize(201)
					.contains(Integer.toString(OtherUsers.SHARED_GROUP + 199));
			}
		}
	}

	@Test
	void withoutTheKernelsGroupsThoseOfTheUserDatabaseCount() throws Exception {
		try (OtherUsers users = new OtherUsers();
				ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			Path socket = users.directory().resolve("socket");
			server.bind(UnixDomainSocketAddress.of(socket));
			Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
			String primary = users.createGroup();
			String supplementary = users.createGroup();
			String user = users.createUser(primary, supplementary);
			users.call(socket, "--reuid=" + user, "--regid=" + primary, "--clear-groups");
			try (SocketChannel accepted = server.accept()) {
				PeerIdentity peer = jdkPeers(new SystemUserDatabase()).identify(accepted).identity();
				assertThat(peer.name()).isEqualTo(user);
				assertThat(peer.id()).isEqualTo(UnixIds.format(UnixIds.uidOf(user).getAsInt()));
				assertThat(peer.primaryGroupId()).isEqualTo(UnixIds.format(UnixIds.gidOf(primary).getAsInt()));
				assertThat(peer.groupIds()).containsExactlyInAnyOrder(peer.primaryGroupId(),
						UnixIds.format(UnixIds.gidOf(supplementary).getAsInt()));
				assertThat(peer.processId()).isNull();
			}
			int uid = UnixIds.uidOf(user).getAsInt();
			assertThat(sorted(new UserFiles().groups(uid))).isEqualTo(sorted(AccountDatabase.load().groups(uid)));
			assertThat(new UserFiles().name(uid)).isEqualTo(AccountDatabase.load().name(uid)).isEqualTo(user);
		}
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
		UnixPeers peers = jdkPeers(new FakeUserDatabase());
		assertThatIOException().isThrownBy(() -> peers.resolve(new UnixDomainPrincipal(stranger, group)))
			.withMessageContaining("no number that is theirs alone");
	}

	@Test
	void userDatabaseIsAskedOnceInAWhile() throws Exception {
		FakeUserDatabase database = new FakeUserDatabase().with(OtherUsers.ALICE, "alice", 7);
		AtomicLong clock = new AtomicLong();
		UnixPeers peers = new UnixPeers(database, clock::get, null);
		UnixDomainPrincipal principal = new UnixDomainPrincipal(
				LOOKUP.lookupPrincipalByName(Integer.toString(OtherUsers.ALICE)),
				LOOKUP.lookupPrincipalByGroupName(Integer.toString(OtherUsers.ALICE)));
		for (int i = 1; i <= 2; i++) {
			for (int j = 0; j < 2; j++) {
				PeerIdentity peer = peers.resolve(principal).identity();
				assertThat(peer.name()).isEqualTo("alice");
				assertThat(peer.groupIds()).containsExactlyInAnyOrder("7", peer.id());
			}
			assertThat(database.lookUps).isEqualTo(2 * i);
			clock.addAndGet(10_000_000_000L);
		}
	}

	@Test
	void userThatHasLostAGroupSinceItConnectedIsRefused() {
		Duration now = Duration.ZERO;
		FakeUserDatabase database = new FakeUserDatabase().with(5, "five", 6, 7, 8);
		UnixUser user = new UnixPeers(database, () -> 0, null).resolve(new PeerCredentials(1, 5, 6, new int[] { 7 }))
			.user();
		user.recheck(now);
		user.recheck(now);
		// The process has never had this group, and may have one more.
		database.with(5, "five", 6, 7, 9);
		user.recheck(now);
		database.with(5, "five", 6, 8);
		user.recheck(Duration.ofHours(1));
		assertThatExceptionOfType(PipeAccessDeniedException.class).isThrownBy(() -> user.recheck(now))
			.withMessage("The user has lost a group since it connected; connect again");
		// A connection that was refused stays so.
		database.with(5, "five", 6, 7, 8);
		assertThatExceptionOfType(PipeAccessDeniedException.class).isThrownBy(() -> user.recheck(Duration.ofHours(1)));
	}

	@Test
	void userThatWasRemovedSinceItConnectedIsRefused() {
		FakeUserDatabase database = new FakeUserDatabase().with(5, "five", 6);
		UnixUser user = new UnixPeers(database, () -> 0, null).resolve(new PeerCredentials(1, 5, 6, null)).user();
		user.recheck(Duration.ZERO);
		database.failing = true;
		assertThatExceptionOfType(PipeException.class).isThrownBy(() -> user.recheck(Duration.ZERO))
			.withMessageContaining("cannot be looked up again: down")
			.isNotInstanceOf(PipeAccessDeniedException.class);
		database.failing = false;
		user.recheck(Duration.ZERO);
		database.with(5, null);
		assertThatExceptionOfType(PipeAccessDeniedException.class).isThrownBy(() -> user.recheck(Duration.ZERO))
			.withMessageContaining("removed");
	}

	@Test
	void userWithoutAnEntryIsNotRefused() {
		UnixUser user = new UnixPeers(new FakeUserDatabase(), () -> 0, null)
			.resolve(new PeerCredentials(1, 5, 6, new int[] { 7 }))
			.user();
		user.recheck(Duration.ZERO);
		assertThatNoException().isThrownBy(() -> user.recheck(Duration.ZERO));
	}

	@Test
	void connectionsOfOneUserWithOtherGroupsAreNotMistakenForEachOther() {
		UnixPeers peers = new UnixPeers(new FakeUserDatabase(), () -> 0, null);
		UnixUser both = peers.resolve(new PeerCredentials(1, 5, 6, new int[] { 7, 8 })).user();
		UnixUser one = peers.resolve(new PeerCredentials(2, 5, 6, new int[] { 7 })).user();
		assertThat(both.groups()).containsExactly(6, 7, 8);
		assertThat(one.groups()).containsExactly(6, 7);
		UnixPeer again = peers.resolve(new PeerCredentials(3, 5, 6, new int[] { 7 }));
		assertThat(again.user()).isSameAs(one);
		assertThat(again.identity().processId()).isEqualTo(3);
		assertThat(peers.resolve(new PeerCredentials(4, 5, 6, new int[] { 7 })).identity().processId()).isEqualTo(4);
	}

	@Test
	void kernelThatDoesNotReportGroupsLeavesThemToTheUserDatabase() {
		UnixPeers peers = new UnixPeers(new FakeUserDatabase().with(5, "five", 9), () -> 0, null);
		assertThat(peers.resolve(new PeerCredentials(1, 5, 6, null)).user().groups()).containsExactly(6, 9);
	}

	@Test
	void errorOfTheUserDatabaseIsReportedAndNotKept() {
		FakeUserDatabase database = new FakeUserDatabase().with(5, "five", 8, 9);
		UnixUser user = new UnixUser(5, 6, null, null, database);
		database.failing = true;
		assertThat(user.isInGroup(6)).isTrue();
		assertThat(user).hasToString("uid 5");
		assertThatExceptionOfType(PipeException.class).isThrownBy(() -> user.isInGroup(8))
			.withMessageContaining("down");
		assertThatExceptionOfType(PipeException.class).isThrownBy(user::name).withMessageContaining("down");
		assertThatExceptionOfType(PipeException.class).isThrownBy(() -> user.identity(null))
			.withMessageContaining("down");
		database.failing = false;
		assertThat(user.isInGroup(8)).isTrue();
		assertThat(user.identity(null).name()).isEqualTo("five");
		assertThat(user).hasToString("'five' (uid 5)");
	}

	private static UnixPeers jdkPeers(UserDatabase database) {
		return new UnixPeers(database, System::nanoTime, null);
	}

	private static int[] sorted(int[] ids) {
		return Arrays.stream(ids).sorted().toArray();
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, disabledReason = "asks the kernel of Linux")
	void kernelAndJdkReportTheSameUser() throws Exception {
		PeerCredentials.Reader reader = KernelPeers.require();
		UnixPeers kernel = new UnixPeers(new FakeUserDatabase(), System::nanoTime, reader);
		UnixPeers jdk = jdkPeers(new FakeUserDatabase());
		assertThat(kernel.isImmediate()).isTrue();
		assertThat(jdk.isImmediate()).isFalse();
		try (PipeServerChannel server = this.transport.bind(PipeAddress.of("np.ids." + System.nanoTime()),
				PipeServerOptions.defaults());
				SocketChannel client = SocketChannel
					.open(UnixDomainSocketAddress.of(this.transport.socketPath(server.address())))) {
			UnixUser user = kernel.identify(client).user();
			assertThat(user.uid()).isEqualTo(UnixProcess.self().euid()).isEqualTo(jdk.identify(client).user().uid());
			assertThat(user.gid()).isEqualTo(jdk.identify(client).user().gid());
			assertThat(kernel.identify(client).user()).isSameAs(user);
		}
	}

}
