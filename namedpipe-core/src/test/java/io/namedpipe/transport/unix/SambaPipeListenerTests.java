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
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.namedpipe.testing.SambaPackets;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeAccess;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeUnsupportedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of the listener that smbd connects to, with a client that speaks as smbd does.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "Pipes behind Samba are for Linux")
@Timeout(120)
class SambaPipeListenerTests {

	private static final int SELF = UnixProcess.self().euid();

	@TempDir
	private Path directory;

	private final PipeAddress address = PipeAddress.of("Samba.Test");

	private final List<AutoCloseable> opened = new ArrayList<>();

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable each : this.opened) {
			each.close();
		}
	}

	private SambaPipeListener listener() {
		return SambaPipeListener.builder(new UnixPipeTransport(this.directory))
			.socketDirectory(this.directory)
			.peerUid(SELF)
			.build();
	}

	private PipeServerChannel bind(String... allowed) {
		PipeServerOptions options = PipeServerOptions.builder()
			.rejectRemote(false)
			.access(PipeAccess.allow(allowed))
			.build();
		PipeServerChannel server = listener().bind(this.address, options);
		this.opened.add(server);
		return server;
	}

	private SocketChannel connect() throws IOException {
		SocketChannel smbd = SocketChannel.open(UnixDomainSocketAddress.of(this.directory.resolve("samba.test")));
		this.opened.add(smbd);
		return smbd;
	}

	private SocketChannel open(byte[] packet) throws IOException {
		SocketChannel smbd = connect();
		smbd.write(ByteBuffer.wrap(packet));
		return smbd;
	}

	private static byte[] read(SocketChannel smbd, int count) throws IOException {
		return Channels.newInputStream(smbd).readNBytes(count);
	}

	private static void assertAccepted(SocketChannel smbd) throws IOException {
		assertThat(read(smbd, 36)).isEqualTo(SambaHandshake.accepted().array());
	}

	private static void assertRefused(SocketChannel smbd) throws IOException {
		assertThat(read(smbd, 36)).isEmpty();
	}

	@Test
	void listensOnlyForPipesThatDoNotRejectRemoteClients() {
		SambaPipeListener listener = listener();
		assertThat(listener.accepts(this.address, PipeServerOptions.defaults())).isFalse();
		assertThat(listener.accepts(this.address, PipeServerOptions.builder().rejectRemote(false).build())).isTrue();
	}

	@Test
	void socketHasTheNameInLowerCaseAndIsForItsUserAlone() throws IOException {
		PipeServerChannel server = bind("authenticated");
		Path socket = this.directory.resolve("samba.test");
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket))).isEqualTo("rw-------");
		assertThat(server.isReachable()).isTrue();
		assertThat(server.location()).contains(socket.toString());
		server.close();
		assertThat(socket).doesNotExist();
		assertThat(server.isReachable()).isFalse();
	}

	@Test
	void clientIsWhoSmbdSaysItIs() throws IOException {
		PipeServerChannel server = bind("authenticated");
		assertAccepted(open(SambaPackets.captured()));
		try (PipeChannel channel = server.accept()) {
			PeerIdentity peer = channel.peer();
			assertThat(peer.kind()).isEqualTo(PeerIdentity.Kind.UNIX);
			assertThat(peer.qualifiedName()).isEqualTo("PROTOSRV\\smbproto");
			assertThat(peer.id()).isEqualTo("999");
			assertThat(peer.primaryGroupId()).isEqualTo("994");
			assertThat(peer.groupIds()).containsExactlyInAnyOrder("994", "993");
			assertThat(peer.sids()).hasSize(8).contains("S-1-5-21-3613936900-31407390-3013064368-1000");
			assertThat(peer.remote()).isTrue();
			assertThat(peer.computerName()).isEqualTo("127.0.0.1");
			assertThat(peer.encrypted()).isFalse();
			assertThat(channel.impersonation().isSwitchNeeded()).isTrue();
		}
	}

	@Test
	void handshakesAreAnsweredWhileNobodyAccepts() throws IOException {
		PipeServerChannel server = bind("authenticated");
		for (int i = 0; i < SambaPipeServerChannel.MAX_WAITING; i++) {
			assertAccepted(open(SambaPackets.captured()));
		}
		assertThat(read(open(SambaPackets.captured()), 36)).isEqualTo(SambaHandshake.busy().array());
		server.accept().close();
		assertAccepted(open(SambaPackets.captured()));
	}

	@Test
	void connectionThatStandsStillDelaysNoOther() throws IOException {
		bind("authenticated");
		SocketChannel slow = connect();
		slow.write(ByteBuffer.wrap(SambaPackets.captured(), 0, 100));
		assertAccepted(open(SambaPackets.captured()));
		slow.write(ByteBuffer.wrap(SambaPackets.captured(), 100, SambaPackets.captured().length - 100));
		assertAccepted(slow);
	}

	@Test
	void messagesAreCutAndJoined() throws IOException {
		PipeServerChannel server = bind("authenticated");
		SocketChannel smbd = open(SambaPackets.captured());
		assertAccepted(smbd);
		try (PipeChannel channel = server.accept()) {
			smbd.write(ByteBuffer.wrap(new byte[] { 2, 0, 'a', 'b', 3 }));
			smbd.write(ByteBuffer.wrap(new byte[] { 0, 'c', 'd', 'e' }));
			ByteBuffer read = ByteBuffer.allocate(5);
			assertThat(channel.readFully(read)).isTrue();
			assertThat(new String(read.array(), StandardCharsets.US_ASCII)).isEqualTo("abcde");
			channel.write(ByteBuffer.wrap(new byte[65536]));
			assertThat(read(smbd, 2)).containsExactly(0xff, 0xff);
			read(smbd, 65535);
			assertThat(read(smbd, 3)).containsExactly(1, 0, 0);
		}
		assertThat(read(smbd, 1)).isEmpty();
	}

	@Test
	void othersAndTheNamelessAndOtherLevelsAreRefused() throws IOException {
		bind("current-user");
		byte[] anonymous = SambaPackets.of(SELF, 0);
		anonymous[SambaPackets.indexOf(anonymous, "01010000000000050b000000") + 8] = 7;
		assertRefused(open(anonymous));
		byte[] level = SambaPackets.of(SELF, 0);
		level[SambaPackets.LEVEL] = 8;
		assertRefused(open(level));
		assertRefused(open(SambaPackets.captured()));
		assertAccepted(open(SambaPackets.of(SELF, 0)));
	}

	@Test
	void refusedClientsFillOneLineOfTheLog() throws IOException {
		List<String> lines = new CopyOnWriteArrayList<>();
		Handler handler = new Handler() {

			@Override
			public void publish(LogRecord entry) {
				lines.add(new SimpleFormatter().formatMessage(entry));
			}

			@Override
			public void flush() {
				// Nothing is kept back.
			}

			@Override
			public void close() {
				// There is nothing to close.
			}

		};
		Logger logger = Logger.getLogger(SambaPipeServerChannel.class.getName());
		logger.addHandler(handler);
		try {
			PipeServerChannel other = listener().bind(PipeAddress.of("Samba.Log"),
					PipeServerOptions.builder().rejectRemote(false).build());
			this.opened.add(other);
			for (int i = 0; i < 3; i++) {
				try (SocketChannel smbd = SocketChannel
					.open(UnixDomainSocketAddress.of(this.directory.resolve("samba.log")))) {
					smbd.write(ByteBuffer.wrap(SambaPackets.captured()));
					assertRefused(smbd);
				}
			}
			await().untilAsserted(
					() -> assertThat(lines.stream().filter((line) -> line.contains("Samba.Log"))).singleElement()
						.asString()
						.contains("PROTOSRV\\smbproto (uid 999) at 127.0.0.1 is not allowed"));
		}
		finally {
			logger.removeHandler(handler);
		}
	}

	@Test
	void rootIsLetInByTheRulesAlone() throws IOException {
		bind("12345");
		assertRefused(open(SambaPackets.of(0, 0)));
		assertAccepted(open(SambaPackets.of(12345, 0)));
	}

	@Test
	void packetOfAnImpossibleLengthIsRefusedAtOnce() throws IOException {
		bind("authenticated");
		assertRefused(open(new byte[] { 1, 0, 0, 0 }));
		assertRefused(open(new byte[] { 0, 0, 0, 7 }));
		assertRefused(open(new byte[] { -1, -1, -1, -1 }));
	}

	@Test
	void directoryThatOthersCanWriteIsRefused() throws IOException {
		Files.setPosixFilePermissions(this.directory, PosixFilePermissions.fromString("rwxrwxrwx"));
		assertThatExceptionOfType(PipeAccessDeniedException.class).isThrownBy(() -> bind("authenticated"))
			.withMessageContaining("namedpipe.samba.socket-directory");
	}

	@Test
	void namesThatSambaCannotServeAreRefused() {
		PipeServerOptions options = PipeServerOptions.builder().rejectRemote(false).build();
		assertThatExceptionOfType(PipeAddressException.class)
			.isThrownBy(() -> listener().bind(PipeAddress.of("LsaRpc"), options))
			.withMessageContaining("Samba has a pipe of that name");
		assertThatExceptionOfType(PipeAddressException.class)
			.isThrownBy(() -> listener().bind(PipeAddress.of("/run/x.sock"), options));
	}

	@Test
	void withoutASocketTheErrorNamesTheSettings() {
		SambaPipeListener listener = SambaPipeListener.builder(new UnixPipeTransport(this.directory)).build();
		assertThatExceptionOfType(PipeUnsupportedException.class)
			.isThrownBy(() -> listener.bind(this.address, PipeServerOptions.builder().rejectRemote(false).build()))
			.withMessageContaining("namedpipe.samba.socket-directory")
			.withMessageContaining("reject-remote-clients");
	}

	@Test
	void closeEndsTheWaitAndForgetsWhoWaits() throws Exception {
		PipeServerChannel server = bind("authenticated");
		SocketChannel smbd = open(SambaPackets.captured());
		assertAccepted(smbd);
		server.close();
		assertThat(read(smbd, 1)).isEmpty();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(server::accept);
	}

}
