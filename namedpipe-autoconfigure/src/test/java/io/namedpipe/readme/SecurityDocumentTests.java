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

package io.namedpipe.readme;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The tests that the threat model names exist, and its service is one.
 */
class SecurityDocumentTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern TEST = Pattern.compile("`(\\w+Tests)(?:\\.(\\w+))?`");

	private static final Pattern SCRIPT = Pattern.compile("`(interop/\\w+)`");

	private final String document;

	SecurityDocumentTests() throws IOException {
		assumeTrue(Files.exists(ROOT.resolve("docs/security.md")), "needs the source tree");
		this.document = Files.readString(ROOT.resolve("docs/security.md"));
	}

	@Test
	void everyTestThatIsNamedExists() throws IOException {
		Map<String, String> sources = testSources();
		List<String> missing = TEST.matcher(this.document)
			.results()
			.filter((test) -> !sources.getOrDefault(test.group(1), "")
				.contains((test.group(2) != null) ? "void %s(".formatted(test.group(2)) : "class " + test.group(1)))
			.map((test) -> test.group())
			.toList();
		assertThat(missing).isEmpty();
		assertThat(TEST.matcher(this.document).results()).hasSizeGreaterThan(60);
	}

	@Test
	void everyScriptThatIsNamedExists() {
		Matcher scripts = SCRIPT.matcher(this.document);
		assertThat(scripts.results()).isNotEmpty()
			.allSatisfy((script) -> assertThat(ROOT.resolve(script.group(1))).isRegularFile());
	}

	@Test
	void everyAttackNamesWhatShowsThatItIsStopped() {
		String attacks = this.document.substring(this.document.indexOf("## Attacks considered"),
				this.document.indexOf("## What is not protected"));
		assertThat(attacks.lines().filter((line) -> line.startsWith("| **"))).hasSizeGreaterThan(35)
			.allSatisfy((line) -> assertThat(line).matches("\\| [^|]+ \\| [^|]+ \\| `[^|]+` \\|"));
	}

	@Test
	void unitIsOneThatSystemdTakes(@TempDir Path folder) throws Exception {
		int start = this.document.indexOf("[Unit]");
		String unit = this.document.substring(start, this.document.indexOf("```", start));
		Path file = Files.writeString(folder.resolve("acme.service"),
				unit.replace("/usr/bin/java", ProcessHandle.current().info().command().orElseThrow()));
		Process verification;
		try {
			verification = new ProcessBuilder("systemd-analyze", "verify", "--man=no", file.toString())
				.redirectErrorStream(true)
				.start();
		}
		catch (IOException ex) {
			verification = null;
		}
		assumeTrue(verification != null, "needs systemd-analyze");
		String output = new String(verification.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(output.lines().filter((line) -> line.contains("acme.service"))).isEmpty();
		assertThat(verification.waitFor()).isZero();
	}

	private static Map<String, String> testSources() throws IOException {
		Map<String, String> sources = new TreeMap<>();
		for (String module : List.of("namedpipe-core", "namedpipe-test", "namedpipe-autoconfigure")) {
			try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
				for (Path file : files.filter((each) -> each.toString().endsWith("Tests.java")).toList()) {
					sources.merge(file.getFileName().toString().replace(".java", ""), Files.readString(file),
							String::concat);
				}
			}
		}
		return sources;
	}

}
