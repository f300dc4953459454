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
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAccess;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeInUseException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The effects of binding on the file system, and above all the files that it leaves
 * alone.
 */
@Timeout(120)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Unix-domain sockets with permissions")
class UnixBindingTests {

	@TempDir
	private Path directory;

	private UnixPipeTransport transport() {
		return new UnixPipeTransport(this.directory);
	}

	private PipeServerChannel bind(PipeAddress address) {
		return transport().bind(address, PipeServerOptions.defaults());
	}

	private Path socket(PipeAddress address) {
		return this.directory.resolve("CoreFxPipe_" + address.name());
	}

	private Path lockFile(PipeAddress address) {
		return this.directory.resolve("CoreFxPipe_" + address.name() + ".lock");
	}

	@Test
	void nameBecomesASocketInTheDirectoryThatDotNetUses() {
		String tmpdir = Objects.requireNonNullElse(System.getenv("TMPDIR"), "/tmp");
		assertThat(new UnixPipeTransport().socketPath(PipeAddress.of("testpipe")))
			.isEqualTo(Path.of(tmpdir, "CoreFxPipe_testpipe"));
		assertThat(transport().socketPath(PipeAddress.of("\\\\.\\pipe\\testpipe")))
			.isEqualTo(this.directory.resolve("CoreFxPipe_testpipe"));
	}

	@Test
	void absolutePathIsTakenAsItIs() {
		Path path = this.directory.resolve("my.sock");
		PipeAddress address = PipeAddress.of(path.toString());
		assertThat(transport().socketPath(address)).isEqualTo(path);
		try (PipeServerChannel server = bind(address)) {
			assertThat(server.address()).isEqualTo(address);
			assertThat(path).exists();
		}
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void otherMachineIsRefusedAndThisOneIsNot() {
		assertThatExceptionOfType(PipeAddressException.class)
			.isThrownBy(() -> transport().socketPath(PipeAddress.of("\\\\surely.not.here.invalid\\pipe\\x")))
			.withMessageContaining("do not reach other machines");
		assertThat(transport().socketPath(PipeAddress.of("\\\\LOCALHOST\\pipe\\x")))
			.isEqualTo(this.directory.resolve("CoreFxPipe_x"));
	}

	@Test
	void pathThatIsTooLongIsRefusedBeforeAnySystemCall() {
		// No such directory: a system call would have found that first.
		UnixPipeTransport transport = new UnixPipeTransport(Path.of("/no/such/directory"));
		PipeAddress tooLong = PipeAddress.of("n".repeat(78));
		assertThatExceptionOfType(PipeAddressException.class)
			.isThrownBy(() -> transport.bind(tooLong, PipeServerOptions.defaults()))
			.withMessageContaining("has 108 bytes and the limit is")
			.withMessageContaining("/no/such/directory/CoreFxPipe_nnn");
		assertThatExceptionOfType(PipeAddressException.class)
			.isThrownBy(() -> transport.connect(tooLong, PipeClientOptions.defaults()));
	}

	@Test
	void missingDirectoryIsNamed() {
		UnixPipeTransport transport = new UnixPipeTransport(this.directory.resolve("missing"));
		assertThatExceptionOfType(PipeException.class)
			.isThrownBy(() -> transport.bind(Pipes.uniqueAddress(), PipeServerOptions.defaults()))
			.withMessageContaining("the directory '%s' does not exist", this.directory.resolve("missing"));
	}

	@Test
	void socketIsForItsOwnerAloneBeforeTheFirstAccept() throws IOException {
		PipeAddress address = Pipes.uniqueAddress();
		try (PipeServerChannel server = bind(address)) {
			assertThat(server.isOpen()).isTrue();
			assertThat(permissions(socket(address))).isEqualTo("rw-------");
			assertThat(permissions(lockFile(address))).isEqualTo("rw-------");
		}
	}

	private static String permissions(Path path) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
	}

	@Test
	void closeLeavesNothingBehind() {
		bind(Pipes.uniqueAddress()).close();
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void regularFileInTheWayIsKept() throws IOException {
		PipeAddress address = Pipes.uniqueAddress();
		Files.writeString(socket(address), "precious");
		assertInUse(address, "a regular file stands there");
		assertThat(socket(address)).hasContent("precious");
		assertThat(lockFile(address)).doesNotExist();
	}

	@Test
	void directoryInTheWayIsKept() throws IOException {
		PipeAddress address = Pipes.uniqueAddress();
		Files.createDirectory(socket(address));
		assertInUse(address, "a directory stands there");
		assertThat(socket(address)).isDirectory();
	}

	@Test
	void danglingLinkInTheWayIsKept() throws IOException {
		PipeAddress address = Pipes.uniqueAddress();
		Files.createSymbolicLink(socket(address), this.directory.resolve("nowhere"));
		assertInUse(address, "a symbolic link stands there");
		assertThat(Files.isSymbolicLink(socket(address))).isTrue();
		assertThat(this.directory.resolve("nowhere")).doesNotExist();
	}

	@Test
	void linkToADeadSocketIsKept() throws IOException {
		PipeAddress address = Pipes.uniqueAddress();
		Path target = this.directory.resolve("target");
		DeadSocket.leave(target);
		Files.createSymbolicLink(socket(address), target);
		assertInUse(address, "a symbolic link stands there");
		assertThat(target).exists();
	}

	@Test
	void temporaryNameThatACrashHasLeftIsReplacedAndAnythingElseIsKept() throws IOException {
		PipeAddress address = Pipes.uniqueAddress();
		Path temporary = this.directory.resolve(".CoreFxPipe_" + address.name());
		DeadSocket.leave(temporary);
		assertServes(address);
		assertThat(this.directory).isEmptyDirectory();
		Files.writeString(temporary, "precious");
		assertThatExceptionOfType(PipeInUseException.class).isThrownBy(() -> bind(address))
			.withMessageContaining(temporary.toString());
		assertThat(temporary).hasContent("precious");
	}

	@Test
	void longestPathCanBeBound() {
		String name = "n"
			.repeat(PipeAddress.MAX_SOCKET_PATH_BYTES - this.directory.toString().length() - "/CoreFxPipe_".length());
		assertServes(PipeAddress.of(name));
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void deadSocketIsReplaced() throws IOException {
		PipeAddress address = Pipes.uniqueAddress();
		DeadSocket.leave(socket(address));
		assertThat(lockFile(address)).doesNotExist();
		assertServes(address);
	}

	@Test
	void deadSocketWithALockFileThatNobodyHoldsIsReplaced() throws IOException {
		PipeAddress address = Pipes.uniqueAddress();
		DeadSocket.leave(socket(address));
		Files.createFile(lockFile(address));
		assertServes(address);
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void liveSocketOfAServerWithoutALockFileIsKept() throws IOException {
		PipeAddress address = Pipes.uniqueAddress();
		try (ServerSocketChannel foreign = foreignServer(socket(address))) {
			assertInUse(address, "another server listens on it");
			try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket(address)))) {
				assertThat(client.isConnected()).isTrue();
			}
			assertThat(foreign.isOpen()).isTrue();
		}
	}

	@Test
	void liveSocketWithAFullQueueIsKept() throws IOException {
		PipeAddress address = Pipes.uniqueAddress();
		try (ServerSocketChannel foreign = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
				SocketChannel first = SocketChannel.open(StandardProtocolFamily.UNIX);
				SocketChannel second = SocketChannel.open(StandardProtocolFamily.UNIX)) {
			foreign.bind(UnixDomainSocketAddress.of(socket(address)), 1);
			first.connect(foreign.getLocalAddress());
			second.connect(foreign.getLocalAddress());
			assertThatExceptionOfType(PipeInUseException.class).isThrownBy(() -> bind(address));
			assertThat(socket(address)).exists();
		}
	}

	@Test
	void closeKeepsASocketThatSomebodyElseHasPutInItsPlace() throws IOException {
		PipeAddress address = Pipes.uniqueAddress();
		PipeServerChannel server = bind(address);
		Files.move(socket(address), this.directory.resolve("away"));
		try (ServerSocketChannel foreign = foreignServer(socket(address))) {
			server.close();
			assertThat(foreign.isOpen()).isTrue();
			assertThat(socket(address)).exists();
		}
	}

	@Test
	void serverWhoseSocketIsGoneOrReplacedIsNotReachable() throws IOException {
		PipeAddress address = Pipes.uniqueAddress();
		PipeServerChannel server = bind(address);
		assertThat(server.isReachable()).isTrue();
		Path away = this.directory.resolve("away");
		Files.move(socket(address), away);
		assertThat(server.isReachable()).isFalse();
		assertThat(server.isOpen()).isTrue();
		try (ServerSocketChannel foreign = foreignServer(socket(address))) {
			assertThat(foreign.isOpen()).isTrue();
			assertThat(server.isReachable()).isFalse();
		}
		Files.move(away, socket(address), StandardCopyOption.REPLACE_EXISTING);
		assertThat(server.isReachable()).isTrue();
		server.close();
		assertThat(server.isReachable()).isFalse();
	}

	@Test
	void serverWhoseSocketOrDirectoryHasLostPermissionsIsNotReachable() throws IOException {
		PipeAddress address = Pipes.uniqueAddress();
		PipeServerChannel server = bind(address);
		for (Path path : List.of(socket(address), this.directory)) {
			Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
			assertThat(server.isReachable()).isTrue();
			Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("r--------"));
			assertThat(server.isReachable()).isFalse();
			Files.setPosixFilePermissions(path, permissions);
			assertThat(server.isReachable()).isTrue();
		}
	}

	@Test
	void serverBelowADirectoryThatHasLostPermissionsIsNotReachable() throws IOException {
		Path above = Files.createDirectory(this.directory.resolve("above"));
		Path folder = Files.createDirectory(above.resolve("folder"));
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), folder);
		try (UnixPipeTransport transport = UnixPipeTransport.builder().directory(link).build();
				PipeServerChannel server = transport.bind(Pipes.uniqueAddress(), PipeServerOptions.defaults())) {
			assertThat(server.isReachable()).isTrue();
			Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(above);
			Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwx------"));
			assertThat(server.isReachable()).isFalse();
			Files.setPosixFilePermissions(above, permissions);
			assertThat(server.isReachable()).isTrue();
		}
	}

	@Test
	void serverWhoseSocketIsGivenToAnotherGroupIsNotReachable() throws IOException {
		OtherUsers.assumeRoot();
		PipeAddress address = Pipes.uniqueAddress();
		PipeServerOptions options = PipeServerOptions.builder()
			.access(PipeAccess.allow("group:" + OtherUsers.SHARED_GROUP))
			.build();
		Files.setPosixFilePermissions(this.directory, PosixFilePermissions.fromString("rwxr-xr-x"));
		try (UnixPipeTransport transport = UnixPipeTransport.builder().directory(this.directory).build();
				PipeServerChannel server = transport.bind(address, options)) {
			assertThat(server.isReachable()).isTrue();
			Files.setAttribute(socket(address), "unix:gid", OtherUsers.BOB);
			assertThat(server.isReachable()).isFalse();
			Files.setAttribute(socket(address), "unix:gid", OtherUsers.SHARED_GROUP);
			assertThat(server.isReachable()).isTrue();
		}
	}

	@Test
	void serverWhoseDirectoryIsRenamedIsNotReachable() throws IOException {
		Path folder = Files.createDirectory(this.directory.resolve("folder"));
		try (UnixPipeTransport transport = UnixPipeTransport.builder().directory(folder).build();
				PipeServerChannel server = transport.bind(Pipes.uniqueAddress(), PipeServerOptions.defaults())) {
			assertThat(server.isReachable()).isTrue();
			Path moved = Files.move(folder, this.directory.resolve("moved"));
			assertThat(server.isReachable()).isFalse();
			Files.move(moved, folder);
			assertThat(server.isReachable()).isTrue();
		}
	}

	@Test
	void removedSocketDoesNotHinderTheClose() throws IOException {
		PipeAddress address = Pipes.uniqueAddress();
		PipeServerChannel server = bind(address);
		Files.delete(socket(address));
		Files.delete(lockFile(address));
		server.close();
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void failureToBindFreesTheNameForTheNext() throws IOException {
		PipeAddress address = Pipes.uniqueAddress();
		Files.createFile(socket(address));
		assertInUse(address, "a regular file stands there");
		Files.delete(socket(address));
		assertServes(address);
	}

	@Test
	void regularFileIsNoServerForAClient() throws IOException {
		PipeAddress address = Pipes.uniqueAddress();
		Files.writeString(socket(address), "precious");
		assertThatExceptionOfType(PipeNotFoundException.class)
			.isThrownBy(() -> transport().connect(address, PipeClientOptions.defaults()))
			.withMessageContaining(address.name())
			.withMessageContaining("is no socket");
		assertThat(socket(address)).hasContent("precious");
	}

	@Test
	void deadSocketIsNoServerForAClient() throws IOException {
		PipeAddress address = Pipes.uniqueAddress();
		DeadSocket.leave(socket(address));
		assertThatExceptionOfType(PipeNotFoundException.class)
			.isThrownBy(() -> transport().connect(address, PipeClientOptions.defaults()));
		assertThat(Files.exists(socket(address), LinkOption.NOFOLLOW_LINKS)).isTrue();
	}

	private void assertInUse(PipeAddress address, String reason) {
		assertThatExceptionOfType(PipeInUseException.class).isThrownBy(() -> bind(address))
			.withMessageContaining("The pipe '%s' (%s) is in use", address.name(), socket(address))
			.withMessageContaining(reason);
	}

	private void assertServes(PipeAddress address) {
		try (PipeServerChannel server = bind(address)) {
			transport().connect(address, PipeClientOptions.defaults()).close();
			assertThat(server.isOpen()).isTrue();
		}
	}

	private static ServerSocketChannel foreignServer(Path path) throws IOException {
		return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
	}

}
