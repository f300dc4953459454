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

package io.namedpipe.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.namedpipe.posix.Descriptors;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.testing.OpenFiles;
import io.namedpipe.transport.ClientRights;
import io.namedpipe.transport.FileInfo;
import io.namedpipe.transport.FileInfo.Type;
import io.namedpipe.transport.FileOpener;
import io.namedpipe.transport.OpenedFile;
import io.namedpipe.transport.unix.SwappedFiles;
import io.namedpipe.transport.unix.UnixPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests of {@link FileService} with the opener of this system, and with the one that
 * needs the JDK alone.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ParameterizedClass
@MethodSource("openers")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "links and FIFOs are made as on Unix")
class FileServiceTests {

	private static final ClientRights OWN = ClientRights.ofThread();

	private final FileOpener opener;

	@TempDir
	Path parent;

	private Path root;

	private FileService files;

	FileServiceTests(FileOpener opener) {
		this.opener = opener;
	}

	static Stream<FileOpener> openers() {
		return Stream.of(new UnixPipeTransport().fileOpener(), FileOpener.portable());
	}

	@BeforeEach
	void makeFiles() throws IOException {
		this.parent = this.parent.toRealPath();
		Files.writeString(this.parent.resolve("secret"), "secret");
		this.root = Files.createDirectories(this.parent.resolve("root"));
		Files.createDirectory(this.root.resolve("sub"));
		Files.writeString(this.root.resolve("file"), "harmless");
		Files.writeString(this.root.resolve("sub/file"), "harmless");
		this.files = new FileService(this.opener, this.root);
	}

	private void link(String name, String target) throws IOException {
		Files.createSymbolicLink(this.root.resolve(name), Path.of(target));
	}

	private String content(String name) throws IOException {
		try (OpenedFile file = this.files.open(name, OWN)) {
			return new String(file.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	private FileInfo write(String name, String content) throws IOException {
		return this.files.write(name, new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)), OWN);
	}

	@Test
	void readsAndLooksAtAndListsAndWrites() throws IOException {
		assertThat(content("file")).isEqualTo("harmless");
		assertThat(content(this.root + "/sub/file")).isEqualTo("harmless");
		assertThat(this.files.stat("sub/file", OWN))
			.isEqualTo(new FileInfo("file", Type.FILE, 8, this.files.open("sub/file", OWN).lastModified()));
		assertThat(this.files.stat("sub", OWN).type()).isEqualTo(Type.FOLDER);
		link("link", "file");
		link("other", "../secret");
		assertThat(write("sub/new", "text").size()).isEqualTo(4);
		assertThat(content("sub/new")).isEqualTo("text");
		assertThat(write("sub/new", "").size()).isZero();
		for (String name : List.of("", ".", this.root.toString())) {
			assertThat(this.files.list(name, OWN)).extracting(FileInfo::name)
				.containsExactly("file", "link", "other", "sub");
		}
		assertThat(this.files.list("", OWN)).extracting(FileInfo::type)
			.containsExactly(Type.FILE, Type.LINK, Type.LINK, Type.FOLDER);
		assertThat(this.files.list("sub", OWN)).extracting(FileInfo::name).containsExactly("file", "new");
	}

	@Test
	void linksThatStayInTheFolderAreFollowed() throws IOException {
		link("link", "sub");
		link("sub/up", "../file");
		assertThat(content("link/file")).isEqualTo("harmless");
		assertThat(content("sub/up")).isEqualTo("harmless");
		assertThat(this.files.stat("link", OWN).type()).isEqualTo(Type.FOLDER);
	}

	@Test
	void readsTheSecondFolderByItsAbsoluteName() throws IOException {
		Path second = Files.createDirectory(this.parent.resolve("second"));
		Files.writeString(second.resolve("file"), "second");
		this.files = new FileService(this.opener, this.root, second);
		assertThat(content(second + "/file")).isEqualTo("second");
		assertThat(content("file")).isEqualTo("harmless");
	}

	@Test
	void noSpellingLeavesTheFolder() throws Exception {
		link("link-to-secret", "../secret");
		link("link-to-link", "link-to-secret");
		link("link-to-parent", this.parent.toString());
		link("link-up", "..");
		link("sub/link-up-twice", "../..");
		link("link-to-proc", "/proc/self");
		link("link-to-cwd", "/proc/self/cwd");
		link("link-to-root", "/proc/self/root");
		link("link-to-fd", "/proc/self/fd/0");
		link("link-to-etc", "/etc");
		link("link-to-zero", "/dev/zero");
		link("ring", "ring");
		assertThat(new ProcessBuilder("mkfifo", this.root.resolve("fifo").toString()).start().waitFor()).isZero();
		List<String> names = EscapeNames.all(this.root.toString(), this.parent.toString());
		assertThat(names).hasSizeGreaterThan(150);
		try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			socket.bind(UnixDomainSocketAddress.of(this.root.resolve("socket")));
			for (String name : names) {
				assertThatExceptionOfType(FileSystemException.class).as("read " + name).isThrownBy(() -> content(name));
				assertStays(name);
			}
		}
		assertThat(this.parent).isDirectoryNotContaining((each) -> each.getFileName().toString().equals("new"));
		assertThat(Files.readString(this.parent.resolve("secret"))).isEqualTo("secret");
	}

	// What is not outside can exist, such as a FIFO, or be written, such as "...".
	private void assertStays(String name) throws IOException {
		try {
			this.files.list(name, OWN);
			assertThat(this.root.resolve(name)).isEqualTo(this.root);
		}
		catch (FileSystemException ex) {
			// Refused.
		}
		try {
			write(name, "overwritten");
			Path written = this.root.resolve(name);
			assertThat(written.normalize().startsWith(this.root)).as(name).isTrue();
			Files.delete(written);
		}
		catch (FileSystemException ex) {
			// Refused.
		}
		try {
			write(name + "/new", "escaped");
			throw new AssertionError(name);
		}
		catch (FileSystemException ex) {
			// Refused.
		}
	}

	@Test
	void folderThatIsSwappedForALinkIsNeverLeft() throws Exception {
		if (this.opener == FileOpener.portable()) {
			// It looks first, and opens afterwards: documented.
			return;
		}
		Path outside = Files.createDirectory(this.parent.resolve("outside"));
		Files.writeString(outside.resolve("file"), "secret");
		Path sub = this.root.resolve("sub");
		Path aside = this.root.resolve("aside");
		Path link = Files.createSymbolicLink(this.root.resolve("link"), outside);
		SwappedFiles.assertAlwaysHarmless(() -> {
			String content = content("sub/file");
			assertThat(this.files.stat("sub/file", OWN).size()).isEqualTo(8);
			write("sub/new", "new");
			assertThat(this.files.list("sub", OWN)).extracting(FileInfo::name).contains("file");
			return content;
		}, () -> {
			Files.move(sub, aside);
			Files.move(link, sub);
			Files.move(sub, link);
			Files.move(aside, sub);
		});
		assertThat(outside).isDirectoryContaining((each) -> each.getFileName().toString().equals("file"))
			.isDirectoryNotContaining((each) -> !each.getFileName().toString().equals("file"));
	}

	@Test
	void contentThatBreaksOffLeavesTheFormerFile() throws IOException {
		InputStream broken = new SequenceInputStream(new ByteArrayInputStream(new byte[200_000]), new InputStream() {
			@Override
			public int read() throws IOException {
				throw new IOException("broken off");
			}
		});
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> this.files.write("file", broken, OWN))
			.withMessage("broken off");
		assertThat(content("file")).isEqualTo("harmless");
		assertThat(this.files.list("", OWN)).extracting(FileInfo::name).containsExactly("file", "sub");
		assertThat(OpenFiles.count(this.root)).isZero();
	}

	@Test
	void writesALargeFileByteByByte() throws IOException {
		byte[] bytes = new byte[300_001];
		new Random(1).nextBytes(bytes);
		this.files.write("large", new ByteArrayInputStream(bytes), OWN);
		assertThat(Files.readAllBytes(this.root.resolve("large"))).isEqualTo(bytes);
		try (OpenedFile file = this.files.open("large", OWN)) {
			assertThat(file.size()).isEqualTo(bytes.length);
			assertThat(file.readAllBytes()).isEqualTo(bytes);
		}
		assertThat(OpenFiles.count(this.root)).isZero();
		assertThat(OpenFiles.count(this.root.resolve("large"))).isZero();
	}

	@Test
	void fileThatIsReplacedKeepsItsPermissions() throws IOException {
		if (this.opener == FileOpener.portable()) {
			return;
		}
		Files.setPosixFilePermissions(this.root.resolve("file"), PosixFilePermissions.fromString("rw-r-----"));
		write("file", "anew");
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(this.root.resolve("file"))))
			.isEqualTo("rw-r-----");
	}

	@Test
	void failuresHaveTheirTypes() throws IOException {
		assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> content("missing"));
		assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> write("missing/file", "x"));
		assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> content("/etc/passwd"));
		link("out", "../secret");
		assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> content("out"));
		assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> content("sub"))
			.withMessageContaining("is a directory");
		assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> this.files.list("file", OWN));
		assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> write("sub", "x"));
		assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> write("", "x"));
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '!', delimiter = '|',
			value = { "file/ | 'file/' has an empty part", "a//b | 'a//b' has an empty part",
					"../x | '../x' has the part '..'", "!! | '' is not the name of a file",
					". | '.' is not the name of a file",
					"/etc/passwd | permission denied: '/etc/passwd' is in none of the folders that are served" })
	void clientsAreToldWhatIsWrong(String name, String detail) throws IOException {
		assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> content(name))
			.satisfies((ex) -> assertThat(PipeFailure.of(ex).message()).isEqualTo(detail));
	}

	@Test
	void clientsAreToldWhatLinuxSays() {
		assumeTrue(this.opener != FileOpener.portable() && Descriptors.isUsable(), "needs Linux's own opener");
		assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> content("file/below"))
			.satisfies((ex) -> assertThat(PipeFailure.of(ex).message())
				.isEqualTo("no such file: file/below: is below a file that is no directory"));
		assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> content("x".repeat(300)))
			.withMessageEndingWith("x: is too long for a file name");
		assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> write("sub", "x"))
			.withMessage("sub: is a directory");
	}

}
