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

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.testing.Background;
import io.namedpipe.transport.ExpectedServer;
import io.namedpipe.transport.PipeAccess;
import io.namedpipe.transport.PipeAccessRuleException;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeNotVerifiedException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeUnsupportedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The users that may connect, and the servers that a client connects to.
 */
@NotOnWindows
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnixAccessTests {

	private static final int SELF = 77;

	private final UnixPipeTransport transport = new UnixPipeTransport();

	private final PipeAddress address = PipeAddress.of("np.access." + System.nanoTime());

	private final Path socket = this.transport.socketPath(this.address);

	private OtherUsers users;

	@AfterEach
	void endOtherUsers() throws Exception {
		if (this.users != null) {
			this.users.close();
		}
	}

	@Test
	void permissionsSayWhatTheyCan() {
		assertThat(permissions(false, PipeAccess.CURRENT_USER)).isEqualTo("rw-------");
		assertThat(permissions(false, "77")).isEqualTo("rw-------");
		assertThat(permissions(false, "0")).isEqualTo("rw-------");
		assertThat(permissions(true, "group:12345")).isEqualTo("rw-rw----");
		assertThat(permissions(true, PipeAccess.CURRENT_USER, "group:12345")).isEqualTo("rw-rw----");
		assertThat(permissions(false, "group:12345")).isEqualTo("rw-rw-rw-");
		assertThat(permissions(false, PipeAccess.AUTHENTICATED)).isEqualTo("rw-rw-rw-");
		assertThat(permissions(false, "78")).isEqualTo("rw-rw-rw-");
		assertThat(UnixAccess.of(PipeAccess.allow("group:1", "group:2"), SELF).socketGroup()).isNull();
		assertThat(UnixAccess.of(PipeAccess.allow("group:1", "78"), SELF).socketGroup()).isNull();
		assertThat(UnixAccess.of(PipeAccess.allow("group:1"), SELF).socketGroup()).isEqualTo(1);
	}

	@Test
	void rulesLetInWhomTheyName() {
		assertThat(permits(SELF, 1, PipeAccess.CURRENT_USER)).isTrue();
		assertThat(permits(78, 1, PipeAccess.CURRENT_USER)).isFalse();
		assertThat(permits(0, 0, PipeAccess.CURRENT_USER)).isTrue();
		assertThat(permits(78, 1, PipeAccess.AUTHENTICATED)).isTrue();
		assertThat(permits(78, 1, "78")).isTrue();
		assertThat(permits(SELF, 1, "78")).isFalse();
		assertThat(permits(78, 12345, "group:12345")).isTrue();
		assertThat(permits(78, 1, "group:5000")).isTrue();
		assertThat(permits(78, 1, "group:12345")).isFalse();
		assertThat(permits(SELF, 1, "group:12345")).isFalse();
	}

	@Test
	void rulesAloneLetInWhoComesOverTheNetworkRootIncluded() {
		assertThat(permitsRemote(0, 0, PipeAccess.CURRENT_USER)).isFalse();
		assertThat(permitsRemote(0, 0, "0")).isTrue();
		assertThat(permitsRemote(SELF, 1, PipeAccess.CURRENT_USER)).isTrue();
		assertThat(permitsRemote(78, 1, PipeAccess.CURRENT_USER)).isFalse();
		assertThat(permitsRemote(78, 1, PipeAccess.AUTHENTICATED)).isTrue();
		assertThat(permitsRemote(78, 12345, "group:12345")).isTrue();
		assertThat(permitsRemote(78, 1, "group:12345")).isFalse();
		assertThat(UnixAccess.of(PipeAccess.allow(PipeAccess.AUTHENTICATED), SELF).isOpenToAll()).isTrue();
		assertThat(UnixAccess.of(PipeAccess.allow("78", "group:1"), SELF).isOpenToAll()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "np-no-such-user", "group:np-no-such-group", "S-1-5-18", "group:S-1-5-32-544", "group:",
			"-1", "4294967295", "group:4294967295", " " })
	void ruleThatMeansNothingHereFailsTheBindAndIsNamed(String rule) {
		PipeServerOptions options = allowed(rule);
		assertThatExceptionOfType(PipeAccessRuleException.class)
			.isThrownBy(() -> this.transport.bind(this.address, options))
			.withMessageContaining("'" + rule + "'")
			.satisfies((ex) -> assertThat(ex.rule()).isEqualTo(rule));
		assertThat(this.socket).doesNotExist();
	}

	@Test
	void securityDescriptorIsRefused() {
		PipeServerOptions options = PipeServerOptions.builder().access(PipeAccess.sddl("D:(A;;GA;;;WD)")).build();
		assertThatExceptionOfType(PipeUnsupportedException.class)
			.isThrownBy(() -> this.transport.bind(this.address, options));
	}

	@Test
	void currentUserOnlyIsAPrivateSocketThatOthersCannotReach() throws Exception {
		this.users = new OtherUsers();
		try (PipeServerChannel server = this.transport.bind(this.address, PipeServerOptions.defaults())) {
			assertThat(mode()).isEqualTo("rw-------");
			assertThat(call(OtherUsers.ALICE)).isEqualTo("denied");
			assertThat(serveOne(server)).isEqualTo("0");
		}
	}

	@Test
	void strangerThatGotPastThePermissionsIsClosedAndTheAcceptLoopGoesOn() throws Exception {
		this.users = new OtherUsers();
		try (PipeServerChannel server = this.transport.bind(this.address, PipeServerOptions.defaults())) {
			Files.setPosixFilePermissions(this.socket, PosixFilePermissions.fromString("rw-rw-rw-"));
			CompletableFuture<PipeChannel> accepted = Background.run(server::accept);
			for (int i = 0; i < 3; i++) {
				assertThat(call(OtherUsers.ALICE)).isEqualTo("refused");
			}
			assertThat(accepted).isNotDone();
			try (PipeChannel client = this.transport.connect(this.address, PipeClientOptions.defaults());
					PipeChannel own = Background.get(accepted)) {
				assertThat(own.peer().id()).isEqualTo("0");
			}
		}
	}

	@Test
	void authenticatedLetsEverybodyIn() throws Exception {
		this.users = new OtherUsers();
		try (PipeServerChannel server = this.transport.bind(this.address, allowed(PipeAccess.AUTHENTICATED))) {
			assertThat(mode()).isEqualTo("rw-rw-rw-");
			assertServed(server, OtherUsers.ALICE);
		}
	}

	@Test
	void userRuleLetsInThatUserOnly() throws Exception {
		this.users = new OtherUsers();
		try (PipeServerChannel server = this.transport.bind(this.address,
				allowed(Integer.toString(OtherUsers.ALICE)))) {
			assertServed(server, OtherUsers.ALICE, OtherUsers.BOB);
		}
	}

	@Test
	void groupRuleLetsInByTheGroupOfTheProcess() throws Exception {
		this.users = new OtherUsers();
		try (PipeServerChannel server = this.transport.bind(this.address, allowed("group:" + OtherUsers.ALICE))) {
			assertThat(mode()).isEqualTo("rw-rw----");
			assertThat(Files.getAttribute(this.socket, "unix:gid")).isEqualTo(OtherUsers.ALICE);
			assertThat(call(OtherUsers.BOB)).isEqualTo("denied");
			assertServed(server, OtherUsers.ALICE);
		}
	}

	@Test
	void groupRuleLetsInByASupplementaryGroup() throws Exception {
		this.users = new OtherUsers();
		String primary = this.users.createGroup();
		String supplementary = this.users.createGroup();
		String user = this.users.createUser(primary, supplementary);
		try (PipeServerChannel server = this.transport.bind(this.address, allowed("group:" + supplementary))) {
			Process process = this.users.call(this.socket, "--reuid=" + user, "--regid=" + primary, "--init-groups");
			try (PipeChannel channel = server.accept()) {
				assertThat(channel.peer().name()).isEqualTo(user);
				channel.write(ByteBuffer.wrap(new byte[1]));
			}
			assertThat(OtherUsers.line(process)).isEqualTo("served");
		}
	}

	@Test
	void serverOfAnotherUserIsNotTrustedUnlessExpected() throws Exception {
		this.users = new OtherUsers();
		Path path = Path.of("/tmp/np-server-" + System.nanoTime());
		PipeAddress other = PipeAddress.of(path.toString());
		Process server = this.users.serve(path, OtherUsers.numeric(OtherUsers.ALICE));
		assertThatExceptionOfType(PipeNotVerifiedException.class)
			.isThrownBy(() -> this.transport.connect(other, PipeClientOptions.defaults()))
			.withMessageContaining("uid " + OtherUsers.ALICE)
			.withMessageContaining("current-user (uid 0) or system (uid 0)");
		// The refused server has read the end of the stream, and no byte.
		assertThat(OtherUsers.line(server)).isEqualTo("read -1");
		for (String[] owners : new String[][] { { ExpectedServer.ANY }, { "0", Integer.toString(OtherUsers.ALICE) } }) {
			assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
			server = this.users.serve(path, OtherUsers.numeric(OtherUsers.ALICE));
			try (PipeChannel channel = this.transport.connect(other, expecting(owners))) {
				assertThat(channel.peer().id()).isEqualTo(Integer.toString(OtherUsers.ALICE));
			}
		}
	}

	@Test
	void linkOfAnotherUserToAServerOfAnExpectedUserIsNotTrusted() throws Exception {
		this.users = new OtherUsers();
		Path open = Files.createDirectory(this.users.directory().resolve("open"));
		Path link = Files.createSymbolicLink(open.resolve("link"), this.socket);
		PipeAddress linked = PipeAddress.of(link.toString());
		try (PipeServerChannel server = this.transport.bind(this.address, PipeServerOptions.defaults())) {
			this.transport.connect(linked, PipeClientOptions.defaults()).close();
			server.accept().close();
			chown(link, OtherUsers.ALICE);
			assertThatExceptionOfType(PipeNotVerifiedException.class)
				.isThrownBy(() -> this.transport.connect(linked, PipeClientOptions.defaults()))
				.withMessageContaining("by a symbolic link that is not of such a user (%s)", link);
			try (PipeChannel accepted = server.accept()) {
				assertThat(accepted.read(ByteBuffer.allocate(1))).isEqualTo(-1);
			}
			this.transport.connect(linked, expecting(ExpectedServer.ANY)).close();
		}
	}

	private static void chown(Path link, int uid) throws Exception {
		assertThat(new ProcessBuilder("chown", "-h", Integer.toString(uid), link.toString()).start().waitFor())
			.isZero();
	}

	@Test
	void anyServerIsExpectedAlone() {
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> ExpectedServer.of("barb", ExpectedServer.ANY))
			.withMessageContaining("name 'any' alone");
	}

	@Test
	void ownServerIsTheCurrentUserAndUnknownOwnersAreNamed() throws Exception {
		try (PipeServerChannel server = this.transport.bind(this.address, PipeServerOptions.defaults())) {
			this.transport.connect(this.address, expecting(ExpectedServer.CURRENT_USER)).close();
			this.transport.connect(this.address, expecting(System.getProperty("user.name"))).close();
			assertThatExceptionOfType(PipeAccessRuleException.class)
				.isThrownBy(() -> this.transport.connect(this.address, expecting("np-no-such-user")))
				.withMessageContaining("np-no-such-user");
			assertThat(server.isOpen()).isTrue();
		}
	}

	private void assertServed(PipeServerChannel server, int served, int... refused) throws Exception {
		CompletableFuture<String> accepted = Background.run(() -> {
			try (PipeChannel channel = server.accept()) {
				channel.write(ByteBuffer.wrap(new byte[1]));
				return channel.peer().id();
			}
		});
		for (int stranger : refused) {
			assertThat(call(stranger)).isEqualTo("refused");
		}
		assertThat(call(served)).isEqualTo("served");
		assertThat(Background.get(accepted)).isEqualTo(Integer.toString(served));
	}

	private String serveOne(PipeServerChannel server) {
		try (PipeChannel client = this.transport.connect(this.address, PipeClientOptions.defaults());
				PipeChannel channel = server.accept()) {
			return channel.peer().id();
		}
	}

	private String call(int uid) throws Exception {
		return OtherUsers.line(this.users.call(this.socket, OtherUsers.numeric(uid)));
	}

	private String mode() throws Exception {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(this.socket));
	}

	private static PipeServerOptions allowed(String... rules) {
		return PipeServerOptions.builder().access(PipeAccess.allow(rules)).build();
	}

	private static PipeClientOptions expecting(String... owners) {
		return PipeClientOptions.builder().expectedServer(ExpectedServer.of(owners)).build();
	}

	private static String permissions(boolean grouped, String... rules) {
		return PosixFilePermissions.toString(UnixAccess.of(PipeAccess.allow(rules), SELF).permissions(grouped));
	}

	private static boolean permits(int uid, int gid, String... rules) {
		return UnixAccess.of(PipeAccess.allow(rules), SELF).permits(user(uid, gid));
	}

	private static boolean permitsRemote(int uid, int gid, String... rules) {
		return UnixAccess.of(PipeAccess.allow(rules), SELF).permitsRemote(user(uid, gid));
	}

	private static UnixUser user(int uid, int gid) {
		return new UnixUser(uid, gid, new int[] { 5000 }, "somebody", new FakeUserDatabase());
	}

}
