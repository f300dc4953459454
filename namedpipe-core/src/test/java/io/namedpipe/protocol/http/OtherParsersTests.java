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

package io.namedpipe.protocol.http;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The same bytes to our parser, to Node's and to Go's, where those are installed. They
 * accept every message that ours accepts and read it in the same way, or refuse it for a
 * known reason.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class OtherParsersTests {

	private static final int CASES = 100_000;

	@TempDir
	private Path folder;

	@Test
	void nodeReadsTheSame() throws Exception {
		Programs.assumeInstalled("node", "--version");
		// It knows its methods by name, wants nothing after a message that closes the
		// connection, and no tab after a length.
		compare(List.of("HPE_INVALID_METHOD", "HPE_CLOSED_CONNECTION", "HPE_INVALID_CONTENT_LENGTH"), "node",
				"--no-deprecation", Programs.script(this.folder, "parser.js"));
	}

	@Test
	void goReadsTheSame() throws Exception {
		Programs.assumeInstalled("go", "version");
		// It wants no empty line before a request (RFC 9112, 2.2), and no escaped
		// characters in the host of an absolute target.
		compare(List.of("malformed HTTP request \"\"", "invalid URL escape"), "go", "run",
				Programs.script(this.folder, "parser.go"));
	}

	private void compare(List<String> stricter, String... command) throws Exception {
		HttpMutations mutations = new HttpMutations(20261126);
		List<byte[]> cases = new ArrayList<>();
		for (int i = 0; i < CASES; i++) {
			cases.add(mutations.next());
		}
		List<String> answers = run(cases, command);
		assertThat(answers).hasSize(CASES);
		for (int i = 0; i < CASES; i++) {
			String ours = HttpWire.uncut(cases.get(i))
				.messages()
				.stream()
				.filter((message) -> message.complete)
				.map(OtherParsersTests::text)
				.collect(Collectors.joining(","));
			String[] theirs = answers.get(i).split("\t", 2);
			boolean same = isBeginning(ours, theirs[0]);
			boolean refused = isBeginning(theirs[0], ours) && stricter.stream().anyMatch(theirs[1]::contains);
			assertThat(same || refused)
				.as("%s: ours %s, theirs %s", new String(cases.get(i), StandardCharsets.ISO_8859_1), ours,
						answers.get(i))
				.isTrue();
		}
	}

	private static boolean isBeginning(String messages, String more) {
		return messages.isEmpty() || (more + ",").startsWith(messages + ",");
	}

	private static String text(HttpWire.Message message) {
		HttpRequestHead head = (HttpRequestHead) message.head;
		return hex(head.method()) + " " + hex(head.target()) + " " + head.minorVersion() + " "
				+ hex(message.body.toString());
	}

	private static String hex(String text) {
		return HexFormat.of().formatHex(HttpWire.bytes(text));
	}

	private List<String> run(List<byte[]> cases, String... command) throws Exception {
		Path in = this.folder.resolve("in");
		Path out = this.folder.resolve("out");
		Path err = this.folder.resolve("err");
		Files.write(in, cases.stream().map(Base64.getEncoder()::encodeToString).toList());
		Process process = new ProcessBuilder(command).redirectInput(in.toFile())
			.redirectOutput(out.toFile())
			.redirectError(err.toFile())
			.start();
		try {
			assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
			assertThat(process.exitValue()).as(Files.readString(err)).isZero();
		}
		finally {
			process.destroyForcibly();
		}
		return Files.readAllLines(out);
	}

}
