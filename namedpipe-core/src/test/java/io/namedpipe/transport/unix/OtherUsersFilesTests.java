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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.file.FileService;
import io.namedpipe.transport.ClientRights;
import io.namedpipe.transport.FileInfo;
import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.OpenedFile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of files below a folder that other users read and write.
 */
@NotOnWindows
@Timeout(120)
class OtherUsersFilesTests {

	private OtherUsers users;

	private Path root;

	private FileService files;

	@BeforeEach
	void needsRoot() throws Exception {
		this.users = new OtherUsers();
		this.root = Files.createDirectory(this.users.directory().resolve("root"));
		allow(this.root, "rwxrwxrwx");
		this.files = new FileService(new UnixPipeTransport().fileOpener(), this.root);
	}

	@AfterEach
	void cleanUp() throws Exception {
		if (this.users != null) {
			this.users.close();
		}
	}

	private static void allow(Path path, String permissions) throws IOException {
		Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
	}

	private Path file(String name, int owner, String permissions) throws IOException {
		Path file = Files.writeString(this.root.resolve(name), "harmless");
		allow(file, permissions);
		Files.setAttribute(file, "unix:uid", owner);
		return file;
	}

	private static ClientRights rights(int uid) {
		Impersonation impersonation = new UnixImpersonation(
				new UnixUser(uid, uid, new int[0], "somebody", new FakeUserDatabase()));
		return (calls) -> {
			Impersonation.Scope scope = impersonation.enter();
			try {
				calls.run();
			}
			finally {
				scope.leave();
			}
		};
	}

	private String content(String name, int uid) throws IOException {
		try (OpenedFile file = this.files.open(name, rights(uid))) {
			return new String(file.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	private FileInfo write(String name, int uid) throws IOException {
		return this.files.write(name, new ByteArrayInputStream(new byte[100_000]), rights(uid));
	}

	private static void assertDenied(Refused refused) {
		assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(refused::run);
	}

	@Test
	void everybodyReadsAndListsWithTheirOwnRights() throws Exception {
		file("alices", OtherUsers.ALICE, "rw-------");
		file("roots", 0, "rw-------");
		assertThat(content("alices", OtherUsers.ALICE)).isEqualTo("harmless");
		assertDenied(() -> content("alices", OtherUsers.BOB));
		assertDenied(() -> content("roots", OtherUsers.ALICE));
		assertThat(this.files.stat("roots", rights(OtherUsers.ALICE)).size()).isEqualTo(8);
		Path closed = Files.createDirectory(this.root.resolve("closed"));
		Files.writeString(closed.resolve("file"), "secret");
		allow(closed, "rwx------");
		assertDenied(() -> content("closed/file", OtherUsers.ALICE));
		assertDenied(() -> this.files.stat("closed/file", rights(OtherUsers.ALICE)));
		assertDenied(() -> this.files.stat("closed/missing", rights(OtherUsers.ALICE)));
		assertDenied(() -> this.files.list("closed", rights(OtherUsers.ALICE)));
		assertThat(this.files.list("closed", ClientRights.ofThread())).hasSize(1);
	}

	@Test
	void folderThatTheClientCannotReachIsNotServed() throws Exception {
		file("open", 0, "rw-rw-rw-");
		allow(this.users.directory(), "rwx------");
		assertDenied(() -> content("open", OtherUsers.ALICE));
		assertDenied(() -> this.files.list("", rights(OtherUsers.ALICE)));
		assertDenied(() -> write("new", OtherUsers.ALICE));
		assertThat(content("open", 0)).isEqualTo("harmless");
	}

	@Test
	void filesThatAreWrittenBelongToTheCaller() throws Exception {
		write("new", OtherUsers.ALICE);
		assertThat(Files.getAttribute(this.root.resolve("new"), "unix:uid")).isEqualTo(OtherUsers.ALICE);
		assertThat(Files.getAttribute(this.root.resolve("new"), "unix:gid")).isEqualTo(OtherUsers.ALICE);
		assertThat(Files.size(this.root.resolve("new"))).isEqualTo(100_000);
		file("roots", 0, "rw-r--r--");
		assertDenied(() -> write("roots", OtherUsers.ALICE));
		Path closed = Files.createDirectory(this.root.resolve("closed"));
		allow(closed, "rwxr-xr-x");
		assertDenied(() -> write("closed/new", OtherUsers.ALICE));
		assertThat(closed).isEmptyDirectory();
		assertThat(this.files.list("", ClientRights.ofThread())).extracting(FileInfo::name)
			.containsExactly("closed", "new", "roots");
	}

	@Test
	void writingThatEndsBeforeItIsCompleteLeavesNothing() throws Exception {
		ClientRights alice = rights(OtherUsers.ALICE);
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> this.files.write("new", new ByteArrayInputStream(new byte[10]) {
				@Override
				public int read(byte[] buffer) throws IOException {
					throw new IOException("broken off");
				}
			}, alice));
		assertThat(this.root).isEmptyDirectory();
	}

	@Test
	void folderThatTheClientSwapsLeadsItNowhere() throws Exception {
		Path outside = Files.createDirectory(this.users.directory().resolve("outside"));
		Files.writeString(outside.resolve("file"), "secret");
		allow(outside.resolve("file"), "rw-------");
		Path sub = Files.createDirectory(this.root.resolve("sub"));
		allow(sub, "rwxrwxrwx");
		file("sub/file", OtherUsers.ALICE, "rw-------");
		Path link = Files.createSymbolicLink(this.root.resolve("link"), outside);
		Path aside = this.root.resolve("aside");
		SwappedFiles.assertAlwaysHarmless(() -> {
			String content = content("sub/file", OtherUsers.ALICE);
			write("sub/new", OtherUsers.ALICE);
			return content;
		}, () -> {
			Files.move(sub, aside);
			Files.move(link, sub);
			Files.move(sub, link);
			Files.move(aside, sub);
		});
		assertThat(outside).isDirectoryNotContaining((each) -> !each.getFileName().toString().equals("file"));
	}

	/**
	 * What is refused.
	 */
	@FunctionalInterface
	private interface Refused {

		void run() throws Exception;

	}

}
