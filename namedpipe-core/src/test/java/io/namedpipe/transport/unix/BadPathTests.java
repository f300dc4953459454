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
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeServerOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Wrong files at the path of a socket, of its lock file or of their directory: each
 * causes a refusal with its reason, at once, and is left alone.
 */
@Timeout(120)
@EnabledOnOs(value = OS.LINUX, disabledReason = "makes devices, and mounts file systems")
class BadPathTests {

	/** A file that is opened by mistake may block the thread forever. */
	private static final Duration AT_ONCE = Duration.ofSeconds(15);

	private static final String NAME = "np.bad";

	private final Deque<AutoCloseable> cleanUps = new ArrayDeque<>();

	@TempDir
	private Path directory;

	@AfterEach
	void cleanUp() throws Exception {
		while (!this.cleanUps.isEmpty()) {
			this.cleanUps.pop().close();
		}
	}

	@ParameterizedTest
	@EnumSource
	void startIsRefusedAtOnceWithTheReason(Trap trap) throws Exception {
		OtherUsers.assumeRoot();
		Path used = trap.set(this, this.directory.resolve("CoreFxPipe_" + NAME));
		long start = System.nanoTime();
		PipeException refusal = catchThrowableOfType(PipeException.class,
				() -> new UnixPipeTransport(used).bind(PipeAddress.of(NAME), PipeServerOptions.defaults()));
		assertThat(refusal).isNotNull().hasMessageContaining(trap.reason);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AT_ONCE);
		assertThat(trap.isUntouched(this)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "file", "directory", "link" })
	void clientIsToldAtOnceThatThereIsNoSocket(String kind) throws Exception {
		Path path = this.directory.resolve("CoreFxPipe_" + NAME);
		if (kind.equals("directory")) {
			Files.createDirectory(path);
		}
		else {
			Path file = Files.createFile(kind.equals("file") ? path : this.directory.resolve("other"));
			if (kind.equals("link")) {
				Files.createSymbolicLink(path, file);
			}
		}
		assertThatExceptionOfType(PipeNotFoundException.class).isThrownBy(
				() -> new UnixPipeTransport(this.directory).connect(PipeAddress.of(NAME), PipeClientOptions.defaults()))
			.withMessageContaining(path + " is no socket");
	}

	private void run(String... command) throws Exception {
		Process process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		assumeTrue(process.waitFor() == 0, () -> "cannot be done here: " + String.join(" ", command));
	}

	private void setAttribute(Path file, String attribute) throws Exception {
		run("chattr", "+" + attribute, file.toString());
		this.cleanUps.push(() -> run("chattr", "-" + attribute, file.toString()));
	}

	private void listen(Path socket) throws Exception {
		this.cleanUps
			.push(ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket)));
	}

	private Path mount(String options) throws Exception {
		Path target = Files.createDirectory(this.directory.resolve("mounted"));
		run("mount", "-t", "tmpfs", "-o", options, "none", target.toString());
		this.cleanUps.push(() -> run("umount", target.toString()));
		return target;
	}

	private static Path lock(Path socket) {
		return socket.resolveSibling(socket.getFileName() + ".lock");
	}

	/**
	 * The wrong file.
	 */
	private enum Trap {

		FIFO("a FIFO stands there", (test, socket) -> test.run("mkfifo", socket.toString())),

		DEVICE("stands there, and is left alone",
				(test, socket) -> test.run("mknod", socket.toString(), "c", "1", "3")),

		BLOCK_DEVICE("stands there, and is left alone",
				(test, socket) -> test.run("mknod", socket.toString(), "b", "7", "200")),

		FILE("a regular file stands there", (test, socket) -> Files.createFile(socket)),

		FOLDER("a directory stands there", (test, socket) -> Files.createDirectory(socket)),

		LINK("a symbolic link stands there",
				(test, socket) -> Files.createSymbolicLink(socket, Files.createFile(test.directory.resolve("target")))),

		LINK_TO_A_LINK("a symbolic link stands there",
				(test, socket) -> Files.createSymbolicLink(socket,
						Files.createSymbolicLink(test.directory.resolve("link"),
								Files.createFile(test.directory.resolve("target"))))),

		LINK_TO_NOTHING("a symbolic link stands there",
				(test, socket) -> Files.createSymbolicLink(socket, test.directory.resolve("missing"))),

		LINK_TO_A_SERVER("a symbolic link stands there", (test, socket) -> {
			test.listen(test.directory.resolve("server"));
			Files.createSymbolicLink(socket, test.directory.resolve("server"));
		}),

		FILE_OF_ANOTHER_USER("a regular file stands there",
				(test, socket) -> Files.setAttribute(Files.createFile(socket), "unix:uid", OtherUsers.ALICE)),

		SERVER_OF_ANOTHER_USER("another server listens on it", (test, socket) -> {
			test.listen(socket);
			Files.setAttribute(socket, "unix:uid", OtherUsers.ALICE);
		}),

		IMMUTABLE_FILE("a regular file stands there",
				(test, socket) -> test.setAttribute(Files.createFile(socket), "i")),

		FIFO_FOR_LOCK("is a FIFO", (test, socket) -> test.run("mkfifo", lock(socket).toString())),

		DEVICE_FOR_LOCK("remove it, or use another directory",
				(test, socket) -> test.run("mknod", lock(socket).toString(), "c", "1", "3")),

		SOCKET_FOR_LOCK("is a socket", (test, socket) -> test.listen(lock(socket))),

		FOLDER_FOR_LOCK("is a directory", (test, socket) -> Files.createDirectory(lock(socket))),

		LINK_FOR_LOCK("is a symbolic link",
				(test, socket) -> Files.createSymbolicLink(lock(socket),
						Files.createFile(test.directory.resolve("target")))),

		LINK_TO_A_LINK_FOR_LOCK("is a symbolic link",
				(test, socket) -> Files.createSymbolicLink(lock(socket),
						Files.createSymbolicLink(test.directory.resolve("link"),
								Files.createFile(test.directory.resolve("target"))))),

		FILE_OF_ANOTHER_USER_FOR_LOCK("belongs to uid " + OtherUsers.ALICE,
				(test, socket) -> Files.setAttribute(Files.createFile(lock(socket)), "unix:uid", OtherUsers.ALICE)),

		SECOND_NAME_FOR_LOCK("has 2 names",
				(test, socket) -> Files.createLink(lock(socket), Files.createFile(test.directory.resolve("target")))),

		IMMUTABLE_LOCK("no permission to write",
				(test, socket) -> test.setAttribute(Files.createFile(lock(socket)), "i")),

		HELD_LOCK("another server listens on it", (test, socket) -> {
			Process holder = new ProcessBuilder("python3", "-c", """
					import fcntl, sys
					file = open(sys.argv[1], "w")
					fcntl.lockf(file, fcntl.LOCK_EX)
					print("held", flush=True)
					sys.stdin.read()""", lock(socket).toString()).start();
			test.cleanUps.push(() -> {
				holder.destroy();
				holder.waitFor(20, TimeUnit.SECONDS);
			});
			assumeTrue("held".equals(holder.inputReader().readLine()), "needs python3");
		}),

		FULL_DISK("is on a file system without space left") {

			@Override
			Path set(BadPathTests test, Path socket) throws Exception {
				return test.mount("nr_inodes=1");
			}

		},

		READ_ONLY("is on a read-only file system") {

			@Override
			Path set(BadPathTests test, Path socket) throws Exception {
				return test.mount("ro");
			}

		},

		IMMUTABLE_FOLDER("no permission to write", (test, socket) -> test.setAttribute(test.directory, "i"));

		private final String reason;

		private final Setter setter;

		private String before = "";

		Trap(String reason) {
			this(reason, (test, socket) -> {
			});
		}

		Trap(String reason, Setter setter) {
			this.reason = reason;
			this.setter = setter;
		}

		Path set(BadPathTests test, Path socket) throws Exception {
			this.setter.set(test, socket);
			this.before = list(test);
			return test.directory;
		}

		boolean isUntouched(BadPathTests test) throws Exception {
			return this.before.isEmpty() || list(test).equals(this.before);
		}

		private static String list(BadPathTests test) throws Exception {
			StringBuilder list = new StringBuilder();
			try (Stream<Path> files = Files.list(test.directory)) {
				for (Path each : files.sorted().toList()) {
					list.append(each.getFileName())
						.append(Files.readAttributes(each, "unix:ino,mode,uid,size", LinkOption.NOFOLLOW_LINKS));
				}
			}
			return list.toString();
		}

	}

	/**
	 * Creates the wrong file.
	 */
	@FunctionalInterface
	private interface Setter {

		void set(BadPathTests test, Path socket) throws Exception;

	}

}
