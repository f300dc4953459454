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

import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.namedpipe.posix.OldKernel;
import io.namedpipe.testing.Background;
import io.namedpipe.transport.ClientRights;
import io.namedpipe.transport.FileInfo;
import io.namedpipe.transport.FileOpener;
import io.namedpipe.transport.FileRoot;
import io.namedpipe.transport.Impersonation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests of a FUSE file system of the server's user, for which the kernel checks that user
 * and not the client.
 */
@NotOnWindows
@Timeout(120)
class FuseFileTests {

	@TempDir
	private Path folder;

	private Path file;

	private Path mounted;

	private Process daemon;

	@BeforeEach
	void create() throws Exception {
		OtherUsers.assumeRoot();
		assumeTrue(Files.exists(Path.of("/dev/fuse")), "needs /dev/fuse");
		Files.setPosixFilePermissions(this.folder, PosixFilePermissions.fromString("rwxr-xr-x"));
		this.file = Files.createFile(this.folder.resolve("file"));
	}

	private void mount(String... options) throws Exception {
		mount(this.file, options);
	}

	private void mount(Path target, String... options) throws Exception {
		this.mounted = target;
		List<String> command = new ArrayList<>(List.of("python3",
				Path.of(URI.create(FuseFileTests.class.getResource("fuse-file.py").toString())).toString(),
				target.toString()));
		command.addAll(List.of(options));
		this.daemon = new ProcessBuilder(command).redirectErrorStream(true).start();
		assumeTrue("mounted".equals(this.daemon.inputReader().readLine()), "FUSE cannot be mounted here");
	}

	@AfterEach
	void unmount() throws Exception {
		if (this.daemon != null) {
			new ProcessBuilder(List.of("umount", "-l", this.mounted.toString())).start().waitFor();
			this.daemon.destroy();
			assertThat(this.daemon.waitFor(Background.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
		}
	}

	@Test
	void fileIsRefusedUnlessItIsAllowed() throws Exception {
		mount();
		FileOpener strict = new UnixPipeTransport().fileOpener();
		FileOpener lax = UnixPipeTransport.builder().fuseAllowed(true).build().fileOpener();
		assertThat(content(lax)).isEqualTo("private");
		assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> content(strict))
			.withMessageContaining("FUSE")
			.withMessageContaining("namedpipe.unix.allow-fuse");
		Impersonation.Scope scope = enter(OtherUsers.ALICE);
		try {
			// What another user could read through the server.
			assertThat(content(lax)).isEqualTo("private");
			assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> content(strict));
		}
		finally {
			scope.leave();
		}
	}

	// The kernel refuses it without asking the program.
	@Test
	void mountOfAnotherUserWhoseProgramNeverAnswersHoldsNobody() throws Exception {
		mount(String.valueOf(OtherUsers.ALICE));
		List<FileOpener> openers = List.of(new UnixPipeTransport().fileOpener(),
				UnixPipeTransport.builder().fuseAllowed(true).build().fileOpener());
		for (int user : new int[] { OtherUsers.ALICE, OtherUsers.BOB }) {
			Impersonation.Scope scope = enter(user);
			try {
				for (FileOpener opener : openers) {
					assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> content(opener));
					assertThat(opener.root(this.folder).list("", 9, ClientRights.ofThread())).extracting(FileInfo::name)
						.containsExactly("file");
				}
			}
			finally {
				scope.leave();
			}
		}
	}

	// Everybody may ask the program of the one, and the server's user that of the other.
	@ParameterizedTest
	@CsvSource({ "2061001, allow_other", "0, allow_other", "0, default_permissions" })
	void programThatNeverAnswersIsNeverAsked(int owner, String option) throws Exception {
		Path mount = Files.createDirectory(this.folder.resolve("mount"));
		Path link = Files.createSymbolicLink(this.folder.resolve("link"), Path.of("mount/../mount/name"));
		mount(mount, String.valueOf(owner), option);
		assertThatNothingIsAsked(new UnixPipeTransport().fileOpener(), mount, link);
		assertThatNothingIsAsked(new LinuxFileOpener(OldKernel.files(), false), mount, link);
	}

	private void assertThatNothingIsAsked(FileOpener opener, Path mount, Path link) throws Exception {
		FileRoot root = opener.root(this.folder);
		List<ThrowingCallable> requests = List.of(() -> opener.open(mount), () -> opener.open(mount.resolve("name")),
				() -> opener.open(link), () -> opener.open(Path.of(mount + "/../file/../mount/name/name")),
				() -> root.open("mount/name", ClientRights.ofThread()),
				() -> root.open("link", ClientRights.ofThread()), () -> root.stat("mount", ClientRights.ofThread()),
				() -> root.stat("mount/name", ClientRights.ofThread()),
				() -> root.list("mount", 9, ClientRights.ofThread()),
				() -> root.create("mount/name", ClientRights.ofThread()),
				() -> root.create("mount/name/name", ClientRights.ofThread()),
				() -> opener.root(mount).open("name", ClientRights.ofThread()),
				() -> opener.root(mount.resolve("name")).create("name", ClientRights.ofThread()));
		for (int user : new int[] { 0, OtherUsers.ALICE }) {
			Impersonation.Scope scope = enter(user);
			try {
				for (ThrowingCallable request : requests) {
					assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(request);
				}
				assertThat(root.list("", 9, ClientRights.ofThread())).extracting(FileInfo::name)
					.containsExactlyInAnyOrder("file", "link", "mount");
			}
			finally {
				scope.leave();
			}
		}
	}

	@Test
	void fileInPlaceOfWhichAProgramNeverAnswersIsNotWritten() throws Exception {
		mount(this.file, "0", "allow_other");
		FileRoot root = new UnixPipeTransport().fileOpener().root(this.folder);
		assertThatExceptionOfType(AccessDeniedException.class)
			.isThrownBy(() -> root.create("file", ClientRights.ofThread()));
	}

	private static Impersonation.Scope enter(int user) {
		return new UnixImpersonation(new UnixUser(user, user, new int[0], "somebody", new FakeUserDatabase())).enter();
	}

	private String content(FileOpener opener) throws Exception {
		try (InputStream stream = opener.open(this.file)) {
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
