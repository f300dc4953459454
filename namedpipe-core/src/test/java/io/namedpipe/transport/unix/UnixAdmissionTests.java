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

import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.posix.PeerCredentials;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAccess;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeServerChannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The check of clients by their numbers, where the kernel tells them in a moment and
 * where the JDK has to be asked, which is slow. The permissions of the sockets let the
 * clients in; the rules do not.
 */
@NotOnWindows
@Timeout(120)
@ParameterizedClass
@ValueSource(strings = { "kernel", "jdk" })
class UnixAdmissionTests {

	private static final String SOMEBODY_ELSE = Integer.toString(OtherUsers.ALICE);

	private static final int SELF = UnixProcess.self().euid();

	private final PipeAddress address = Pipes.uniqueAddress();

	private final String means;

	@TempDir
	private Path directory;

	/** Root is let in by every rule. */
	private OtherUsers users;

	private UnixPeers peers;

	UnixAdmissionTests(String means) {
		this.means = means;
	}

	@BeforeEach
	void prepare() throws Exception {
		this.peers = new UnixPeers(new SystemUserDatabase(), System::nanoTime,
				this.means.equals("kernel") ? KernelPeers.require() : null);
		if (SELF == UnixIds.ROOT) {
			this.users = new OtherUsers();
			this.directory = this.users.directory();
		}
	}

	@AfterEach
	void endOtherUsers() throws Exception {
		if (this.users != null) {
			this.users.close();
		}
	}

	private PipeServerChannel bind(String... rules) {
		UnixAccess access = UnixAccess.of(PipeAccess.allow(rules), SELF);
		SocketClaim claim = SocketClaim.take(this.address, socket(), access);
		return new UnixPipeServerChannel(this.address, claim.bind(access), claim, access, this.peers,
				PipeDirection.DUPLEX);
	}

	private Path socket() {
		return this.directory.resolve("socket");
	}

	private SocketChannel connect() throws Exception {
		return SocketChannel.open(UnixDomainSocketAddress.of(socket()));
	}

	@Test
	void clientOfAnotherUserThanTheRuleNamesIsClosed() throws Exception {
		assertClosed(SOMEBODY_ELSE);
	}

	@Test
	void clientOutsideOfTheGroupsThatTheRulesNameIsClosed() throws Exception {
		// Of two groups, since permissions could express one.
		assertClosed("group:" + SOMEBODY_ELSE, "group:" + OtherUsers.SHARED_GROUP);
	}

	private void assertClosed(String... rules) throws Exception {
		PipeServerChannel server = bind(rules);
		CompletableFuture<PipeChannel> accepted = Background.run(server::accept);
		for (int i = 0; i < 2; i++) {
			assertThat(call()).isEqualTo("refused");
		}
		assertThat(accepted).isNotDone();
		server.close();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> Background.get(accepted));
	}

	private String call() throws Exception {
		if (this.users != null) {
			return OtherUsers.line(this.users.call(socket(), OtherUsers.numeric(OtherUsers.BOB)));
		}
		try (SocketChannel client = connect()) {
			int count = Background.get(Background.run(() -> client.read(ByteBuffer.allocate(1))));
			return (count < 0) ? "refused" : "served";
		}
	}

	// No other code has the connection.
	@Test
	void connectionOfAClientThatCannotBeAskedForIsClosed() throws Exception {
		PeerCredentials.Reader broken = (descriptor) -> {
			throw new NoClassDefFoundError("of the platform");
		};
		this.peers = new UnixPeers(new SystemUserDatabase(), System::nanoTime, broken);
		try (PipeServerChannel server = bind(PipeAccess.CURRENT_USER); SocketChannel client = connect()) {
			assertThatExceptionOfType(NoClassDefFoundError.class).isThrownBy(server::accept);
			int count = Background.get(Background.run(() -> client.read(ByteBuffer.allocate(1))));
			assertThat(count).isEqualTo(-1);
		}
	}

	@Test
	void clientThatTheRuleNamesIsServedAndKnown() throws Exception {
		for (String rule : new String[] { PipeAccess.CURRENT_USER, UnixIds.format(SELF), PipeAccess.AUTHENTICATED }) {
			try (PipeServerChannel server = bind(rule);
					SocketChannel client = connect();
					PipeChannel accepted = server.accept()) {
				assertThat(accepted.peerId()).as(rule).isEqualTo(UnixIds.format(SELF));
				accepted.write(ByteBuffer.allocate(1));
				assertThat(client.read(ByteBuffer.allocate(2))).isOne();
			}
		}
	}

}
