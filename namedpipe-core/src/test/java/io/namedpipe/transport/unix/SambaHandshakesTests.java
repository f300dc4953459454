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
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.posix.PeerCredentials;
import io.namedpipe.testing.SambaPackets;
import io.namedpipe.transport.PipeAccess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link SambaHandshakes} with peers that the kernel says to be other users.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "Pipes behind Samba are for Linux")
@Timeout(120)
class SambaHandshakesTests {

	private static final int SMBD = 1234;

	@TempDir
	private Path directory;

	private SambaHandshakes.Client read(int peer) throws IOException {
		UnixPeers peers = new UnixPeers(new SystemUserDatabase(), System::nanoTime,
				(channel) -> new PeerCredentials(1, peer, peer, new int[0]));
		SambaHandshakes handshakes = new SambaHandshakes(peers,
				UnixAccess.of(PipeAccess.allow(PipeAccess.AUTHENTICATED), UnixProcess.self().euid()), SMBD);
		UnixDomainSocketAddress address = UnixDomainSocketAddress.of(this.directory.resolve("socket"));
		try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			server.bind(address);
			try (SocketChannel client = SocketChannel.open(address); SocketChannel accepted = server.accept()) {
				client.write(ByteBuffer.wrap(SambaPackets.captured()));
				return handshakes.read(accepted);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, SMBD })
	void rootAndTheConfiguredUserAreBelieved(int peer) throws IOException {
		assertThat(read(peer).identity().id()).isEqualTo("999");
	}

	// A user that can connect to the socket could claim any identity.
	@ParameterizedTest
	@ValueSource(ints = { 1, 999, SMBD + 1, 65534 })
	void nobodyElseIsBelieved(int peer) {
		assertThatExceptionOfType(SambaHandshakeException.class).isThrownBy(() -> read(peer))
			.withMessageContaining("is not smbd, which runs as root")
			.withMessageContaining("namedpipe.samba.peer-uid");
	}

}
