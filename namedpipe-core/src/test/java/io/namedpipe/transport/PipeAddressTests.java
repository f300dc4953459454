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

package io.namedpipe.transport;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.platform.OperatingSystem;
import io.namedpipe.transport.memory.MemoryPipeTransport;
import io.namedpipe.transport.unix.UnixPipeTransport;
import io.namedpipe.transport.windows.WindowsPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Valid addresses, and the reasons to refuse others.
 */
class PipeAddressTests {

	@ParameterizedTest
	@ValueSource(strings = { "testpipe", "acme.files", "with space", "a", "имя", "名前", "a:b", ".", "..", "-x", "pipe",
			"ANONYMOUS1" })
	void acceptsBareNames(String name) {
		PipeAddress address = PipeAddress.of(name);
		assertThat(address.name()).isEqualTo(name);
		assertThat(address.server()).isEqualTo(".");
		assertThat(address.isLocal()).isTrue();
		assertThat(address.path()).isNull();
		assertThat(address.toUnc()).isEqualTo("\\\\.\\pipe\\" + name);
		assertThat(address).hasToString(name);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\\\\.\\pipe\\files", "\\\\.\\PIPE\\files", "\\\\.\\Pipe\\files", "//./pipe/files",
			"//./PIPE/files", "\\\\.\\pipe/files", "\\\\./pipe\\files", "//.\\pipe\\files", "\\/.\\pipe\\files",
			"/\\./pipe/files", "\\\\.\\\\pipe\\\\files", "//.//pipe///files", "\\\\?\\pipe\\files",
			"\\\\?\\PIPE\\files", "//?/pipe/files", "\\??\\pipe\\files", "\\??\\PIPE\\files",
			"\\\\?\\UNC\\.\\pipe\\files" })
	void acceptsEverySpellingOfALocalPipe(String text) {
		PipeAddress address = PipeAddress.of(text);
		assertThat(address).isEqualTo(PipeAddress.of("files")).hasSameHashCodeAs(PipeAddress.of("files"));
		assertThat(address.path()).isNull();
		assertThat(address.isLocal()).isTrue();
		assertThat(address.toUnc()).isEqualTo("\\\\.\\pipe\\files");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\\\\build01\\pipe\\files", "//build01/pipe/files", "//BUILD01/Pipe/files",
			"\\\\build01/pipe\\files", "\\\\?\\UNC\\build01\\pipe\\files", "//?/unc/build01/pipe/files",
			"\\\\.\\UNC\\build01\\pipe\\files", "\\??\\UNC\\build01\\pipe\\files" })
	void acceptsEverySpellingOfAPipeOfAnotherMachine(String text) {
		PipeAddress address = PipeAddress.of(text);
		assertThat(address).isEqualTo(PipeAddress.of("build01", "files"));
		assertThat(address.toUnc()).isEqualToIgnoringCase("\\\\build01\\pipe\\files");
		assertThat(address.path()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "unc", "pipe", "UNC.example" })
	void machineMayBeCalledLikeAPartOfThePrefix(String server) {
		assertThat(PipeAddress.of("//" + server + "/pipe/files").server()).isEqualTo(server);
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", "//./pipe/x", "\\\\localhost\\pipe\\x", "\\\\LocalHost\\pipe\\x",
			"//?/UNC/localhost/pipe/x" })
	void thisMachineHasSeveralNames(String text) {
		PipeAddress address = PipeAddress.of(text);
		assertThat(address.isThisMachine()).isTrue();
		assertThat(address.name()).isEqualTo("x");
		try (MemoryPipeTransport memory = new MemoryPipeTransport();
				PipeServerChannel server = memory.bind(PipeAddress.of("x"), PipeServerOptions.defaults());
				PipeChannel client = memory.connect(address, PipeClientOptions.defaults())) {
			assertThat(server.isOpen()).isTrue();
			assertThat(client.isOpen()).isTrue();
		}
		if (!OperatingSystem.isWindows()) {
			assertThat(UnixPipeTransport.builder().build().accepts(address)).isTrue();
		}
		assertThat(new WindowsPipeTransport().accepts(address)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "//127.0.0.1/pipe/x", "\\\\::1\\pipe\\x" })
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows reaches every machine by itself")
	void addressOfTheLoopbackIsReachedOverTheNetwork(String text) {
		PipeAddress address = PipeAddress.of(text);
		assertThat(address.isThisMachine()).isFalse();
		assertThat(UnixPipeTransport.builder().build().accepts(address)).isFalse();
	}

	@Test
	void acceptsAPipeOfAnotherMachine() {
		PipeAddress address = PipeAddress.of("\\\\build01\\pipe\\files");
		assertThat(address.server()).isEqualTo("build01");
		assertThat(address.name()).isEqualTo("files");
		assertThat(address.isLocal()).isFalse();
		assertThat(address).hasToString("\\\\build01\\pipe\\files").isEqualTo(PipeAddress.of("BUILD01", "files"));
		assertThat(address).isNotEqualTo(PipeAddress.of("files"));
	}

	@Test
	void namesThatDifferInCaseAreDifferentPipes() {
		assertThat(PipeAddress.of("Files")).isNotEqualTo(PipeAddress.of("files"));
	}

	@Test
	void acceptsAnAbsoluteSocketPath() {
		PipeAddress address = PipeAddress.of("/run/acme/files.sock");
		assertThat(address.path()).isEqualTo(Path.of("/run/acme/files.sock"));
		assertThat(address.isLocal()).isTrue();
		assertThat(address.toUnc()).isEqualTo("/run/acme/files.sock");
		assertThat(address).hasToString("/run/acme/files.sock");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					''                      | it is empty
					a/b                     | the name contains a slash or a backslash
					a\\b                    | the name contains a slash or a backslash
					relative/path.sock      | the name contains a slash or a backslash
					\\\\.\\pipe\\           | the name is empty
					\\\\.\\pipe\\a\\b       | the name contains a slash or a backslash
					\\\\.\\pipe\\a/b        | the name contains a slash or a backslash
					\\\\.\\pipe             | it has no \\pipe\\ after the server, as in \\\\.\\pipe\\name
					\\\\.\\mailslot\\a      | it has no \\pipe\\ after the server, as in \\\\.\\pipe\\name
					\\\\server              | it has no \\pipe\\ after the server, as in \\\\.\\pipe\\name
					\\\\                    | it has no \\pipe\\ after the server, as in \\\\.\\pipe\\name
					\\\\\\pipe\\a           | the server is not a host name (use . for this machine)
					///pipe/a               | the server is not a host name (use . for this machine)
					\\\\a/b\\pipe\\c        | it has no \\pipe\\ after the server, as in \\\\.\\pipe\\name
					\\\\?\\a                 | it has no \\pipe\\ after the server, as in \\\\.\\pipe\\name
					\\??\\a                  | it has no \\pipe\\ after the server, as in \\\\.\\pipe\\name
					\\?\\pipe\\a             | the name contains a slash or a backslash
					\\.\\pipe\\a             | the name contains a slash or a backslash
					./pipe/a                | the name contains a slash or a backslash
					//./pipe                | it has no \\pipe\\ after the server, as in \\\\.\\pipe\\name; a socket path begins with one slash
					//                      | it has no \\pipe\\ after the server, as in \\\\.\\pipe\\name; a socket path begins with one slash
					//run/acme/files.sock   | it has no \\pipe\\ after the server, as in \\\\.\\pipe\\name; a socket path begins with one slash
					//./pipes/a             | it has no \\pipe\\ after the server, as in \\\\.\\pipe\\name; a socket path begins with one slash
					//./pipe/               | the name is empty
					//./pipe/a/b            | the name contains a slash or a backslash
					//./pipe/a\\b           | the name contains a slash or a backslash
					//./pipe/a/             | the name contains a slash or a backslash
					//./pipe/../pipe/a      | the name contains a slash or a backslash
					//?/pipe/anonymous      | the name 'anonymous' is reserved by the operating system
					\\\\?\\UNC\\\\pipe\\a     | the server is not a host name (use . for this machine)
					anonymous               | the name 'anonymous' is reserved by the operating system
					Anonymous               | the name 'anonymous' is reserved by the operating system
					\\\\.\\pipe\\ANONYMOUS  | the name 'anonymous' is reserved by the operating system
					/run/acme/              | the socket path ends with a slash
					/                       | the socket path ends with a slash
					""")
	void refusesAndNamesTheReason(String text, String reason) {
		assertThatExceptionOfType(PipeAddressException.class).isThrownBy(() -> PipeAddress.of(text))
			.withMessage("The pipe address '%s' is refused: %s", text, reason)
			.satisfies((ex) -> assertThat(ex.getReason()).isEqualTo(reason))
			.satisfies((ex) -> assertThat(ex.getAddress()).isEqualTo(text));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\0b", "\0", "/tmp/a\0b", "\\\\.\\pipe\\a\0" })
	void refusesNulAndKeepsItOutOfTheMessage(String text) {
		assertThatExceptionOfType(PipeAddressException.class).isThrownBy(() -> PipeAddress.of(text))
			.withMessageContaining("it contains a NUL character")
			.withMessageNotContaining("\0");
	}

	@Test
	void refusesNulInServerAndName() {
		assertThatExceptionOfType(PipeAddressException.class).isThrownBy(() -> PipeAddress.of(".", "a\0b"))
			.withMessageContaining("NUL");
		assertThatExceptionOfType(PipeAddressException.class).isThrownBy(() -> PipeAddress.of("a\0", "b"))
			.withMessageContaining("NUL");
	}

	@Test
	void acceptsTheLongestName() {
		assertThat(PipeAddress.of("n".repeat(247)).name()).hasSize(247);
		assertThat(PipeAddress.of("//?/pipe/" + "n".repeat(247)).name()).hasSize(247);
	}

	@Test
	void refusesALongerName() {
		assertThatExceptionOfType(PipeAddressException.class).isThrownBy(() -> PipeAddress.of("n".repeat(248)))
			.withMessageContaining("have more than 256 characters");
		assertThatExceptionOfType(PipeAddressException.class)
			.isThrownBy(() -> PipeAddress.of("\\\\server\\pipe\\" + "n".repeat(248)))
			.withMessageContaining("have more than 256 characters");
	}

	@Test
	void acceptsTheLongestSocketPath() {
		String path = path(PipeAddress.MAX_SOCKET_PATH_BYTES, 'p');
		assertThat(PipeAddress.of(path).path()).isEqualTo(Path.of(path));
	}

	@Test
	void refusesALongerSocketPath() {
		int max = PipeAddress.MAX_SOCKET_PATH_BYTES;
		assertThatExceptionOfType(PipeAddressException.class).isThrownBy(() -> PipeAddress.of(path(max + 1, 'p')))
			.withMessageContaining("has %d bytes and the limit is %d", max + 1, max);
	}

	@Test
	void countsTheBytesOfASocketPathAndNotItsCharacters() {
		assertThatExceptionOfType(PipeAddressException.class).isThrownBy(() -> PipeAddress.of(path(60, 'ж')))
			.withMessageContaining("has 119 bytes");
	}

	private static String path(int length, char filler) {
		return "/" + String.valueOf(filler).repeat(length - 1);
	}

	@Test
	void serverAndNameMakeAnAddress() {
		assertThat(PipeAddress.of(".", "files")).isEqualTo(PipeAddress.of("files"));
		assertThat(PipeAddress.of("host", "files").server()).isEqualTo("host");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			''      | files
			a\\b    | files
			a/b     | files
			.       | ''
			.       | a/b
			.       | /a
			.       | \\a
			./UNC/a | files
			a/pipe  | files
			.       | anonymous
			""")
	void refusesServerAndNameLikeTheWholeAddress(String server, String name) {
		assertThatExceptionOfType(PipeAddressException.class).isThrownBy(() -> PipeAddress.of(server, name));
	}

}
