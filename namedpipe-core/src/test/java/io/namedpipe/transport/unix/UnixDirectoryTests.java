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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAccess;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeDirectoryException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests of directories that a socket cannot be created in, or should not be.
 */
@NotOnWindows
@Timeout(120)
class UnixDirectoryTests {

	private static final PipeServerOptions OPEN = PipeServerOptions.builder()
		.access(PipeAccess.allow(PipeAccess.AUTHENTICATED))
		.build();

	private final List<List<String>> cleanUps = new ArrayList<>();

	@TempDir
	private Path directory;

	private int directories;

	@AfterEach
	void cleanUp() throws Exception {
		for (List<String> command : this.cleanUps) {
			assertThat(run(command)).isTrue();
		}
	}

	@Test
	void missingDirectory() {
		assertRefused(this.directory.resolve("missing"), "does not exist");
	}

	@Test
	void fileInPlaceOfADirectory() throws IOException {
		assertRefused(Files.createFile(this.directory.resolve("file")), "is not a directory");
		assertRefused(this.directory.resolve("file").resolve("below"), "is not a directory");
	}

	@Test
	void linksInARing() throws IOException {
		Path ring = Files.createSymbolicLink(this.directory.resolve("ring"), this.directory.resolve("ring"));
		assertRefused(ring, "leads through too many symbolic links");
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, disabledReason = "mounts a file system")
	void readOnlyFileSystem() throws Exception {
		assertRefused(mount("ro"), "is on a read-only file system");
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, disabledReason = "mounts a file system")
	void fullFileSystem() throws Exception {
		assertRefused(mount("nr_inodes=1"), "is on a file system without space left");
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, disabledReason = "chattr")
	void immutableDirectory() throws Exception {
		OtherUsers.assumeRoot();
		assumeTrue(run(List.of("chattr", "+i", this.directory.toString())), "the file system has no attributes");
		this.cleanUps.add(List.of("chattr", "-i", this.directory.toString()));
		PipeException refusal = refusal(this.directory, PipeServerOptions.defaults());
		assertThat(refusal).isInstanceOf(PipeAccessDeniedException.class)
			.hasMessageContaining("no permission to write")
			.hasMessageContaining(this.directory.toString());
	}

	@Test
	void directoryThatAnotherUserCanWriteIsNoPlaceForAnOpenSocket() throws Exception {
		assertUnsafe(directory("rwxrwxrwx"), "can be written by every user");
		assertUnsafe(directory("rwxrwxr-x"), "can be written by a group or by an access list");
		assertUnsafe(Files.createDirectory(directory("rwxrwxrwx").resolve("below")), "can be written by every user");
	}

	@Test
	void directoryOrLinkOfAnotherUserIsNoPlaceForAnOpenSocket() throws Exception {
		OtherUsers.assumeRoot();
		Path others = directory("rwxr-xr-x");
		Files.setAttribute(others, "unix:uid", OtherUsers.ALICE);
		assertUnsafe(others, "belongs to uid " + OtherUsers.ALICE);
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), directory("rwxr-xr-x"));
		new UnixPipeTransport(link).bind(Pipes.uniqueAddress(), OPEN).close();
		assertThat(run(List.of("chown", "-h", Integer.toString(OtherUsers.ALICE), link.toString()))).isTrue();
		assertUnsafe(link, "symbolic link");
	}

	@Test
	void linkThroughADirectoryThatAllCanWriteIsFollowedStepByStep() throws Exception {
		Path open = directory("rwxrwxrwx");
		Path link = Files.createSymbolicLink(open.resolve("link"), directory("rwxr-xr-x"));
		assertUnsafe(link, "'%s' can be written by every user".formatted(open));
		Path dots = directory("rwxr-xr-x").resolve("..").resolve(open.getFileName()).resolve("..");
		assertUnsafe(dots, "'%s' can be written by every user".formatted(open));
	}

	@Test
	void unsafeDirectoryIsReportedWhereTheSocketIsForItsOwnUser() throws Exception {
		Path open = directory("rwxrwxrwx");
		PipeAddress address = Pipes.uniqueAddress();
		List<LogRecord> records = new CopyOnWriteArrayList<>();
		Handler handler = recordTo(records, address.name());
		Logger logger = Logger.getLogger(SocketClaim.class.getName());
		logger.addHandler(handler);
		try (PipeServerChannel server = new UnixPipeTransport(open).bind(address, PipeServerOptions.defaults())) {
			assertThat(server.isReachable()).isTrue();
			assertThat(records).singleElement().satisfies((event) -> {
				assertThat(event.getLevel()).isEqualTo(Level.WARNING);
				assertThat(event.getParameters()[1]).asString()
					.contains("'%s' can be written by every user".formatted(open));
			});
		}
		finally {
			logger.removeHandler(handler);
		}
		assertThat(open).isEmptyDirectory();
	}

	private static Handler recordTo(List<LogRecord> records, String text) {
		return new Handler() {

			@Override
			public void publish(LogRecord event) {
				if (event.getParameters()[0].toString().equals(text)) {
					records.add(event);
				}
			}

			@Override
			public void flush() {
			}

			@Override
			public void close() {
			}

		};
	}

	private Path directory(String permissions) throws IOException {
		Path created = Files.createDirectory(this.directory.resolve(Integer.toString(this.directories++)));
		Files.setPosixFilePermissions(created, PosixFilePermissions.fromString(permissions));
		return created;
	}

	private Path mount(String options) throws Exception {
		OtherUsers.assumeRoot();
		Path target = Files.createDirectory(this.directory.resolve("mounted"));
		assumeTrue(run(List.of("mount", "-t", "tmpfs", "-o", options, "none", target.toString())),
				"file systems cannot be mounted here");
		this.cleanUps.add(List.of("umount", target.toString()));
		return target;
	}

	private static boolean run(List<String> command) throws Exception {
		return new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start()
			.waitFor() == 0;
	}

	private static void assertUnsafe(Path directory, String problem) {
		assertThat(refusal(directory, OPEN)).isInstanceOf(PipeAccessDeniedException.class)
			.hasMessageContaining("cannot be opened to other users")
			.hasMessageContaining(problem);
	}

	private static void assertRefused(Path directory, String problem) {
		for (PipeServerOptions options : List.of(PipeServerOptions.defaults(), OPEN)) {
			PipeException refusal = refusal(directory, options);
			assertThat(refusal).isInstanceOf(PipeDirectoryException.class)
				.hasMessageContaining("the directory '%s' %s. ".formatted(directory, problem))
				.hasMessageEndingWith(((PipeDirectoryException) refusal).action());
			assertThat(((PipeDirectoryException) refusal).directory()).isEqualTo(directory);
		}
	}

	private static PipeException refusal(Path directory, PipeServerOptions options) {
		return catchThrowableOfType(PipeException.class,
				() -> new UnixPipeTransport(directory).bind(Pipes.uniqueAddress(), options));
	}

}
