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
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeUnsupportedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link SocketActivation}; {@code interop/smb} has a real launcher.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "Pipes behind Samba are for Linux")
@Timeout(120)
class SocketActivationTests {

	private static final PipeAddress PIPE = PipeAddress.of("Acme.Files");

	private static final long SELF = ProcessHandle.current().pid();

	@TempDir
	private Path directory;

	private Path socket;

	private ServerSocketChannel passed;

	private int descriptor;

	private final List<AutoCloseable> opened = new ArrayList<>();

	@BeforeEach
	void listen() throws IOException {
		this.socket = this.directory.resolve("socket");
		this.passed = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
		this.opened.add(this.passed);
		this.passed.bind(UnixDomainSocketAddress.of(this.socket));
		this.descriptor = descriptorOfSocket(this.socket, true);
	}

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable each : this.opened) {
			each.close();
		}
	}

	private static int descriptorOfSocket(Path path, boolean listening) throws IOException {
		try (Stream<String> sockets = Files.lines(Path.of("/proc/net/unix"))) {
			// Address, reference count, protocol, flags, type, state, inode, path.
			String[] found = sockets.filter((each) -> each.endsWith(" " + path))
				.map((each) -> each.split(" +"))
				.filter((each) -> each[3].equals("00010000") == listening)
				.findFirst()
				.orElseThrow();
			return descriptor("socket:[%s]".formatted(found[6]));
		}
	}

	private static int descriptor(String target) throws IOException {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			return descriptors.filter((each) -> target.equals(target(each)))
				.mapToInt((each) -> Integer.parseInt(each.getFileName().toString()))
				.findFirst()
				.orElseThrow();
		}
	}

	private static String target(Path link) {
		try {
			return Files.readSymbolicLink(link).toString();
		}
		catch (IOException ex) {
			return "";
		}
	}

	private SocketActivation activation(int first, String count, String names) {
		Map<String, String> environment = new HashMap<>(Map.of("LISTEN_FDS", count, "LISTEN_PID", Long.toString(SELF)));
		if (names != null) {
			environment.put("LISTEN_FDNAMES", names);
		}
		return new SocketActivation(environment, SELF, first);
	}

	private static void assertRefused(SocketActivation activation, String... reasons) {
		assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(() -> activation.acceptor(PIPE))
			.withMessageContaining("namedpipe.samba.socket-activation")
			.satisfies((ex) -> assertThat(ex.getMessage()).contains(reasons));
	}

	private void assertServes(Acceptor acceptor) throws IOException {
		try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(this.socket));
				SocketChannel accepted = acceptor.accept()) {
			assertThat(accepted.isConnected()).isTrue();
			assertThat(client.isConnected()).isTrue();
		}
	}

	@Test
	void onlySocketNeedsNoName() throws IOException {
		try (Acceptor acceptor = activation(this.descriptor, "1", null).acceptor(PIPE)) {
			assertServes(acceptor);
		}
	}

	@Test
	void socketHasTheNameOfItsPipe() throws IOException {
		try (Acceptor acceptor = activation(this.descriptor - 2, "3", "other:unknown:acme.files").acceptor(PIPE)) {
			assertServes(acceptor);
		}
	}

	@Test
	void socketServesAgainAfterItWasClosed() throws IOException {
		SocketActivation activation = activation(this.descriptor, "1", "acme.files");
		for (int i = 0; i < 3; i++) {
			try (Acceptor acceptor = activation.acceptor(PIPE)) {
				assertServes(acceptor);
			}
		}
	}

	@Test
	void namesMustFit() {
		assertRefused(activation(this.descriptor, "1", "acme.socket"), "[acme.socket]",
				"FileDescriptorName=Acme.Files");
		assertRefused(activation(this.descriptor, "2", null), "2 sockets were passed with 0 names");
		assertRefused(activation(this.descriptor, "2", "acme.files"), "2 sockets were passed with 1 names");
		assertRefused(activation(this.descriptor, "2", "acme.files:ACME.FILES"), "several sockets have its name");
	}

	@Test
	void socketsOfAnotherProcessAreRefused() {
		assertRefused(new SocketActivation(Map.of("LISTEN_FDS", "1", "LISTEN_PID", "1"), SELF, this.descriptor),
				"for process 1 ", "this is process " + SELF, "'exec'");
		assertRefused(new SocketActivation(Map.of("LISTEN_FDS", "1"), SELF, this.descriptor), "LISTEN_PID");
	}

	@Test
	void numbersMustBeNumbers() {
		for (String count : List.of("", "0", "-1", "one", "99999999999")) {
			assertRefused(activation(this.descriptor, count, null), "LISTEN_FDS must be a number from 1");
		}
	}

	@Test
	void descriptorMustBeAListeningSocket() throws IOException {
		Path file = Files.createFile(this.directory.resolve("file"));
		this.opened.add(FileChannel.open(file, StandardOpenOption.READ));
		assertRefused(activation(descriptor(file.toRealPath().toString()), "1", null),
				"no listening Unix-domain socket");
		assertRefused(activation(100_000, "1", null), "descriptor 100000 is no listening Unix-domain socket");
		SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(this.socket));
		this.opened.add(client);
		SocketChannel accepted = this.passed.accept();
		this.opened.add(accepted);
		assertRefused(activation(descriptorOfSocket(this.socket, false), "1", null), "no listening Unix-domain socket");
	}

	@Test
	void withoutVariablesStandardInputIsTaken() {
		assertRefused(new SocketActivation(Map.of(), SELF, this.descriptor), "LISTEN_FDS is not set",
				"standard input is no listening socket");
	}

}
