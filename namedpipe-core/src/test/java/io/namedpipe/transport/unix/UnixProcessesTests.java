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
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.testing.ChildJvm;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeInUseException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Servers in other processes, alive and dead.
 */
@Timeout(120)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Unix-domain sockets with permissions")
class UnixProcessesTests {

	private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

	private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");

	@TempDir
	private Path directory;

	private final PipeAddress address = Pipes.uniqueAddress();

	@Test
	void runTimeWithoutTheModuleForPeersIsRefusedBeforeTheFirstClient() throws Exception {
		try (ChildJvm server = ChildJvm.start(UnixServerProgram.class,
				Map.of("JDK_JAVA_OPTIONS", "--limit-modules java.base"), this.directory.toString(),
				this.address.name())) {
			assertThat(server.readLine()).startsWith("PipeUnsupportedException ")
				.contains("needs the module jdk.net")
				.contains("jlink --add-modules jdk.net");
		}
	}

	@Test
	void nameOfALiveServerIsInUseAndFreeAtOnceAfterItIsKilled() throws Exception {
		UnixPipeTransport transport = new UnixPipeTransport(this.directory);
		try (ChildJvm server = ChildJvm.start(UnixServerProgram.class, Map.of(), this.directory.toString(),
				this.address.name())) {
			assertThat(server.readLine()).isEqualTo("bound " + transport.socketPath(this.address));
			assertThatExceptionOfType(PipeInUseException.class)
				.isThrownBy(() -> transport.bind(this.address, PipeServerOptions.defaults()))
				.withMessageContaining(this.address.name())
				.withMessageContaining("another server listens on it");
			PipeChannel client = transport.connect(this.address, PipeClientOptions.defaults());
			server.kill();
			assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
			client.close();
		}
		assertThat(transport.socketPath(this.address)).exists();
		assertThatExceptionOfType(PipeNotFoundException.class)
			.isThrownBy(() -> transport.connect(this.address, PipeClientOptions.defaults()));
		try (PipeServerChannel again = transport.bind(this.address, PipeServerOptions.defaults())) {
			transport.connect(this.address, PipeClientOptions.defaults()).close();
			assertThat(again.isOpen()).isTrue();
		}
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void socketsAreInTheTemporaryDirectoryOfTheEnvironment() throws Exception {
		try (ChildJvm server = ChildJvm.start(UnixServerProgram.class, Map.of("TMPDIR", this.directory.toString()), "-",
				this.address.name())) {
			assertThat(server.readLine())
				.isEqualTo("bound " + this.directory.resolve("CoreFxPipe_" + this.address.name()));
		}
	}

	@Test
	void socketsAreInTmpWhereTheEnvironmentNamesNothing() throws Exception {
		Path socket = Path.of("/tmp/CoreFxPipe_" + this.address.name());
		try (ChildJvm server = ChildJvm.start(UnixServerProgram.class, Map.of("TMPDIR", ""), "-",
				this.address.name())) {
			assertThat(server.readLine()).isEqualTo("bound " + socket);
		}
		finally {
			Files.deleteIfExists(socket);
			Files.deleteIfExists(Path.of(socket + ".lock"));
		}
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, disabledReason = "setpriv")
	void directoryThatMayNotBeWrittenIsNamed() throws Exception {
		assumeTrue(Files.isExecutable(SETPRIV) && isRoot(), "only root can become another user, by setpriv");
		Path classes = copyOfClasses();
		try (ChildJvm server = ChildJvm.start(UnixServerProgram.class, Map.of(), asNobody(), classes.toString(),
				this.directory.toString(), this.address.name())) {
			assertThat(server.readLine())
				.startsWith(
						"PipeAccessDeniedException The pipe '%s' cannot be created: ".formatted(this.address.name()))
				.contains("no permission to write")
				.contains("in the directory '%s'".formatted(this.directory));
		}
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, disabledReason = "limits a process by prlimit")
	void missingFileDescriptorsAreReportedAtOnce() throws Exception {
		assumeTrue(Files.isExecutable(PRLIMIT), "needs /usr/bin/prlimit");
		DeadSocket.leave(this.directory.resolve("CoreFxPipe_dead"));
		try (ChildJvm child = ChildJvm.start(NoDescriptorsProgram.class, Map.of(),
				List.of(PRLIMIT.toString(), "--nofile=256"), System.getProperty("java.class.path"),
				this.directory.toString())) {
			assertThat(child.readLine()).startsWith("first connect at once PipeException: ")
				.contains("no file descriptors are left (");
			assertThat(child.readLine()).startsWith("first connect at once PipeNotFoundException: ");
			for (String operation : List.of("connect", "bind", "accept", "timeout")) {
				assertThat(child.readLine()).startsWith(operation + " at once PipeException: ")
					.contains("no file descriptors are left (")
					.contains("LimitNOFILE");
			}
			assertThat(child.readLine()).isEqualTo("accept works");
			assertThat(child.readLine()).isEqualTo("timeout works");
			assertThat(child.readLine()).isEqualTo("open true");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "f.gr\u00f6\u00dfe", "/tmp/f.gr\u00f6\u00dfe" })
	void nameThatTheLocaleCannotSpellIsRefusedAndTheLocaleNamed(String name) throws Exception {
		try (ChildJvm server = ChildJvm.start(UnixServerProgram.class,
				Map.of("LC_ALL", "C", "JDK_JAVA_OPTIONS", "-Dsun.jnu.encoding=ANSI_X3.4-1968"),
				this.directory.toString(), name)) {
			assertThat(server.readLine()).startsWith("PipeAddressException")
				.contains("ANSI_X3.4-1968")
				.contains("LC_ALL=C.UTF-8");
		}
	}

	private static List<String> asNobody() {
		return List.of(SETPRIV.toString(), "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all");
	}

	private static boolean isRoot() {
		return "root".equals(System.getProperty("user.name"));
	}

	/**
	 * The other user may not be able to read where this project is.
	 */
	private Path copyOfClasses() throws IOException {
		Files.setPosixFilePermissions(this.directory, PosixFilePermissions.fromString("rwxr-xr-x"));
		Path copy = Files.createDirectory(this.directory.resolve("classes"));
		for (Class<?> type : List.of(PipeTransport.class, UnixServerProgram.class)) {
			Path root = Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
			try (var files = Files.walk(root)) {
				for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
					Path target = copy.resolve(root.relativize(file).toString());
					Files.createDirectories(target.getParent());
					Files.copy(file, target);
				}
			}
		}
		return copy;
	}

}
