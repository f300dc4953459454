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
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.testing.OpenFiles;
import io.namedpipe.transport.FileOpener;
import io.namedpipe.transport.FileRoot;
import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.NewFile;
import io.namedpipe.transport.OpenedFile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of files that are opened by a client's names, while the client tries to have
 * another file opened.
 */
@Timeout(120)
@EnabledOnOs(value = OS.LINUX, disabledReason = "openat2 is a call of Linux")
class LinuxFileOpenerTests {

	private final FileOpener opener = new UnixPipeTransport().fileOpener();

	@TempDir
	Path folder;

	@Test
	void isUsedHere() {
		assertThat(this.opener).isInstanceOf(LinuxFileOpener.class);
	}

	@Test
	void readsAFileOfAnyName() throws Exception {
		for (String name : new String[] { "text.txt", "with space", "\u0442\u0435\u043a\u0441\u0442", "-" }) {
			assertThat(content(Files.writeString(this.folder.resolve(name), name))).isEqualTo(name);
		}
	}

	@Test
	void readsAFileThroughLinks() throws Exception {
		Path file = Files.writeString(this.folder.resolve("text.txt"), "text");
		Path link = Files.createSymbolicLink(this.folder.resolve("link"), file);
		Path directory = Files.createSymbolicLink(this.folder.resolve("directory"), this.folder);
		assertThat(content(link)).isEqualTo("text");
		assertThat(content(directory.resolve("link"))).isEqualTo("text");
	}

	@Test
	void whatIsMissingIsNotFound() {
		assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> content(this.folder.resolve("missing")))
			.withMessageContaining("missing");
	}

	@Test
	void directoriesAndFifosAndDevicesAreRefusedAtOnce() throws Exception {
		assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> content(this.folder))
			.withMessageContaining("is a directory");
		assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> content(fifo("fifo")))
			.withMessageContaining("is not a regular file");
		assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> content(Path.of("/dev/zero")))
			.withMessageContaining("is not a regular file");
	}

	@Test
	void socketsAreRefused() throws Exception {
		Path socket = this.folder.resolve("socket");
		try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			server.bind(UnixDomainSocketAddress.of(socket));
			assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> content(socket))
				.withMessageContaining("is not a regular file");
		}
	}

	@Test
	void nameThatIsNotTextIsRefused() throws Exception {
		assertThat(new ProcessBuilder("sh", "-c", "echo secret > \"$(printf 'not\\377text')\"")
			.directory(this.folder.toFile())
			.start()
			.waitFor()).isZero();
		Path name;
		try (Stream<Path> files = Files.list(this.folder)) {
			name = files.findFirst().orElseThrow();
		}
		assertThat(Files.readString(name)).startsWith("secret");
		for (Path each : new Path[] { name, this.folder.resolve("text\ufffd") }) {
			assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> content(each))
				.withMessageContaining("cannot be written as a file name");
		}
	}

	@Test
	void filesOfOtherFileSystemsOfTheJdkAreOpenedByTheJdk() throws Exception {
		Path zip = this.folder.resolve("files.zip");
		try (FileSystem files = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
			assertThat(content(Files.writeString(files.getPath("/file"), "zipped"))).isEqualTo("zipped");
		}
	}

	@Test
	void withoutTheKernelsCallFilesAreOpenedForTheServersOwnUserOnly() throws Exception {
		OtherUsers.assumeRoot();
		Path file = Files.writeString(this.folder.resolve("file"), "text");
		FileOpener fallback = UnixFileOpeners.fallback("made to fail", false);
		FileOpener accepted = UnixFileOpeners.fallback("made to fail", true);
		try (InputStream content = fallback.open(file)) {
			assertThat(content.read()).isEqualTo('t');
		}
		Files.setPosixFilePermissions(this.folder, PosixFilePermissions.fromString("rwxr-xr-x"));
		Impersonation.Scope scope = new UnixImpersonation(
				new UnixUser(OtherUsers.ALICE, OtherUsers.ALICE, new int[0], "alice", new FakeUserDatabase()))
			.enter();
		try {
			assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> fallback.open(file))
				.withMessageContaining("openat2");
			try (InputStream content = accepted.open(file)) {
				assertThat(content.read()).isEqualTo('t');
			}
		}
		finally {
			scope.leave();
		}
	}

	@Test
	void saysWhatItHasOpened() throws Exception {
		Path file = Files.writeString(this.folder.resolve("file"), "0123456789");
		Instant time = Instant.parse("2020-02-03T04:05:06.789012345Z");
		Files.setLastModifiedTime(file, FileTime.from(time));
		for (FileOpener each : List.of(this.opener, FileOpener.portable())) {
			try (OpenedFile opened = each.open(file)) {
				Files.move(file, this.folder.resolve("moved"));
				Files.writeString(file, "another");
				assertThat(opened.size()).isEqualTo(10);
				assertThat(opened.lastModified().truncatedTo(ChronoUnit.MICROS))
					.isEqualTo(time.truncatedTo(ChronoUnit.MICROS));
				assertThat(opened.skip(3)).isEqualTo(3);
				assertThat(opened.read()).isEqualTo('3');
				assertThat(opened.skip(-1)).isZero();
				assertThat(opened.skip(100)).isEqualTo(6);
				assertThat(opened.read()).isEqualTo(-1);
			}
			Files.move(this.folder.resolve("moved"), file, StandardCopyOption.REPLACE_EXISTING);
		}
	}

	@Test
	void linksInARingAreRefused() throws Exception {
		Path ring = Files.createSymbolicLink(this.folder.resolve("ring"), this.folder.resolve("ring"));
		assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> content(ring))
			.withMessageContaining("too many links");
	}

	@Test
	void fileAsADirectoryIsRefusedWithTheKernelsReason() throws Exception {
		Path file = Files.createFile(this.folder.resolve("file"));
		assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> content(file.resolve("file")))
			.withMessageContaining("directory");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/proc/self/environ", "/proc/self/maps", "/proc/thread-self/environ",
			"/proc/self/../self/environ" })
	void whatTheKernelShowsOfTheServerIsRefused(String name) throws Exception {
		Path link = Files.createSymbolicLink(this.folder.resolve("link"), Path.of(name));
		assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> content(Path.of(name)));
		assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> content(link));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/proc/self/root/etc/passwd", "/proc/self/cwd/pom.xml", "/proc/self/fd/1",
			"/proc/self/exe", "/proc/self/root/no/such/file", "/proc/self/cwd/missing" })
	void linksOfTheKernelLeadNowhereAndTellNothing(String name) {
		assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> content(Path.of(name)))
			.withMessageContaining("/proc");
	}

	@Test
	void folderThatIsSwappedForTheServersProcessIsNeverRead() throws Exception {
		Path directory = Files.createDirectory(this.folder.resolve("directory"));
		Path aside = this.folder.resolve("aside");
		Path process = Files.createSymbolicLink(this.folder.resolve("process"), Path.of("/proc/self"));
		Files.writeString(directory.resolve("environ"), "harmless");
		SwappedFiles.assertAlwaysHarmless(() -> content(directory.resolve("environ")), () -> {
			Files.move(directory, aside);
			Files.move(process, directory);
			Files.move(directory, process);
			Files.move(aside, directory);
		});
	}

	@Test
	void fileThatIsSwappedForAFifoHoldsNobody() throws Exception {
		Path file = Files.writeString(this.folder.resolve("file"), "harmless");
		Path aside = this.folder.resolve("aside");
		Path fifo = fifo("fifo");
		SwappedFiles.assertAlwaysHarmless(() -> content(file), () -> {
			Files.move(file, aside);
			Files.move(fifo, file);
			Files.move(file, fifo);
			Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
		});
	}

	@Test
	void readsALargeFileWhole() throws Exception {
		byte[] bytes = new byte[300_000];
		new Random(1).nextBytes(bytes);
		Path file = Files.write(this.folder.resolve("large"), bytes);
		try (InputStream stream = this.opener.open(file)) {
			assertThat(stream.read()).isEqualTo(bytes[0] & 0xff);
			assertThat(stream.readNBytes(9)).isEqualTo(Arrays.copyOfRange(bytes, 1, 10));
			assertThat(stream.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 10, bytes.length));
			assertThat(stream.read()).isEqualTo(-1);
			assertThat(stream.readNBytes(1)).isEmpty();
		}
		try (InputStream stream = this.opener.open(file)) {
			assertThat(stream.readNBytes(Integer.MAX_VALUE)).isEqualTo(bytes);
		}
	}

	@Test
	void readsWhatIsAppendedMeanwhile() throws Exception {
		Path file = Files.writeString(this.folder.resolve("growing"), "one ");
		try (InputStream stream = this.opener.open(file)) {
			Files.writeString(file, "two", StandardOpenOption.APPEND);
			assertThat(new String(stream.readNBytes(6), StandardCharsets.UTF_8)).isEqualTo("one tw");
			assertThat(new String(stream.readNBytes(6), StandardCharsets.UTF_8)).isEqualTo("o");
		}
	}

	@Test
	void closedStreamSaysSo() throws Exception {
		InputStream stream = this.opener.open(Files.writeString(this.folder.resolve("file"), "text"));
		stream.close();
		stream.close();
		assertThatExceptionOfType(IOException.class).isThrownBy(stream::read).withMessageContaining("closed");
	}

	@Test
	void forgottenStreamIsClosed() throws Exception {
		Path file = Files.writeString(this.folder.resolve("file"), "text");
		for (int i = 0; i < 100; i++) {
			this.opener.open(file);
		}
		Path real = file.toRealPath();
		await().untilAsserted(() -> {
			System.gc();
			assertThat(OpenFiles.count(real)).isZero();
		});
	}

	// So nothing stays, also if the process ends, or the rights end before.
	@Test
	void newFileHasNoNameUntilItIsComplete() throws Exception {
		AtomicBoolean over = new AtomicBoolean();
		FileRoot root = this.opener.root(this.folder);
		NewFile file = root.create("new", (calls) -> {
			assertThat(over).isFalse();
			calls.run();
		});
		file.write("text".getBytes(StandardCharsets.UTF_8));
		assertThat(this.folder).isEmptyDirectory();
		over.set(true);
		file.close();
		assertThat(this.folder).isEmptyDirectory();
	}

	@Test
	void leavesNothingOpen() throws Exception {
		Path file = Files.writeString(this.folder.resolve("file"), "text");
		Path refused = Path.of("/proc/self/environ");
		for (int i = 0; i < 100; i++) {
			content(file);
			assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> content(this.folder));
			assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> content(refused));
		}
		// Other tests run in this process: its other files say nothing, and one of these
		// may be open for a moment.
		for (Path opened : new Path[] { file, this.folder, refused }) {
			Path real = opened.toRealPath();
			await().untilAsserted(() -> assertThat(OpenFiles.count(real)).as(real.toString()).isZero());
		}
	}

	private Path fifo(String name) throws Exception {
		Path fifo = this.folder.resolve(name);
		assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
		return fifo;
	}

	private String content(Path path) throws IOException {
		try (InputStream stream = this.opener.open(path)) {
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
