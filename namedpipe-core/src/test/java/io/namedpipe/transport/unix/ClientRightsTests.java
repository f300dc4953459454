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
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.namedpipe.testing.ChildJvm;
import io.namedpipe.transport.ClientRights;
import io.namedpipe.transport.FileOpener;
import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.OpenedFile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of files that are opened with the rights of another user.
 */
@Timeout(120)
@EnabledOnOs(value = OS.LINUX, disabledReason = "openat2 is a call of Linux")
class ClientRightsTests {

	private final FileOpener opener = new UnixPipeTransport().fileOpener();

	@TempDir
	Path folder;

	@Test
	void opensWithTheRightsOfAClientAndTheCallerKeepsItsOwn() throws Exception {
		OtherUsers.assumeRoot();
		Files.setPosixFilePermissions(this.folder, PosixFilePermissions.fromString("rwxr-xr-x"));
		Path alices = Files.writeString(this.folder.resolve("alices"), "alice's");
		Files.setPosixFilePermissions(alices, PosixFilePermissions.fromString("rw-------"));
		Path roots = Files.copy(alices, this.folder.resolve("roots"), StandardCopyOption.COPY_ATTRIBUTES);
		Files.setAttribute(alices, "unix:uid", OtherUsers.ALICE);
		String before = ThreadStatus.read();
		try (OpenedFile file = this.opener.open(alices, alice())) {
			assertThat(ThreadStatus.read()).isEqualTo(before);
			assertThat(file.readAllBytes()).asString().isEqualTo("alice's");
		}
		assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> this.opener.open(roots, alice()));
		assertThat(content(roots, ClientRights.ofThread())).isEqualTo("alice's");
		assertThat(ThreadStatus.read()).isEqualTo(before);
	}

	@Test
	void fileThatIsSwappedIsNeverReadBeyondTheRightsOfTheClient() throws Exception {
		OtherUsers.assumeRoot();
		Files.setPosixFilePermissions(this.folder, PosixFilePermissions.fromString("rwxrwxrwx"));
		Path file = Files.writeString(this.folder.resolve("file"), "harmless");
		Path aside = this.folder.resolve("aside");
		Path secret = Files.writeString(this.folder.resolve("secret"), "root's");
		Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
		Path link = Files.createSymbolicLink(this.folder.resolve("link"), secret);
		SwappedFiles.assertAlwaysHarmless(() -> content(file, alice()), () -> {
			Files.move(file, aside);
			Files.move(link, file);
			Files.move(file, link);
			Files.move(aside, file);
		});
	}

	private static ClientRights alice() {
		Impersonation impersonation = new UnixImpersonation(
				new UnixUser(OtherUsers.ALICE, OtherUsers.ALICE, new int[0], "alice", new FakeUserDatabase()));
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

	@Test
	void noClassIsLoadedWhileAThreadActsAsAClient() throws Exception {
		OtherUsers.assumeRoot();
		try (ChildJvm child = ChildJvm.start(FileOpeningProgram.class, Map.of(), List.of(),
				System.getProperty("java.class.path"), "/proc/self/root/missing", "/etc/passwd", "/etc/shadow",
				"/etc")) {
			// The first one, and through several mounts.
			assertThat(child.readLine())
				.isEqualTo("/proc/self/root/missing AccessDeniedException, 0 classes loaded meanwhile");
			assertThat(child.readLine()).isEqualTo("/etc/passwd opened, 0 classes loaded meanwhile");
			assertThat(child.readLine()).isEqualTo("/etc/shadow AccessDeniedException, 0 classes loaded meanwhile");
			assertThat(child.readLine()).isEqualTo("/etc FileSystemException, 0 classes loaded meanwhile");
		}
	}

	private String content(Path path, ClientRights rights) throws IOException {
		try (InputStream stream = this.opener.open(path, rights)) {
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
