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

package io.namedpipe.demo.client;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The command line.
 */
class ClientArgumentsTests {

	private static final String FILE = Path.of("/tmp/a.txt").toAbsolutePath().toString();

	@Test
	void defaultsAreThoseOfTheDocumentedExample() {
		assertThat(ClientArguments.parse(FILE))
			.isEqualTo(new ClientArguments("testpipe", ".", 4, Duration.ofSeconds(5), false, FILE));
	}

	@Test
	void optionsMayStandAnywhere() {
		assertThat(ClientArguments.parse("--pipe=p", FILE, "--server=build01", "--clients=7", "--timeout=1.5",
				"--embedded"))
			.isEqualTo(new ClientArguments("p", "build01", 7, Duration.ofMillis(1500), true, FILE));
	}

	@Test
	void relativeFileIsMadeAbsolute() {
		assertThat(ClientArguments.parse("a/../b.txt").file()).isEqualTo(Path.of("b.txt").toAbsolutePath().toString());
	}

	@ParameterizedTest
	@ValueSource(strings = { "C:\\textfile.txt", "c:/textfile.txt", "\\\\server\\share\\file.txt" })
	void windowsPathIsTheServersBusiness(String file) {
		assertThat(ClientArguments.parse(file).file()).isEqualTo(file);
	}

	@Test
	void fileMayBeginWithDashesAfterTwoOfThem() {
		assertThat(ClientArguments.parse("--", "--file").file()).endsWith("--file");
	}

	@Test
	void optionsOfSpringAreLeftToIt() {
		assertThat(ClientArguments.parse("--logging.level.root=debug", "--debug", "f").clients()).isEqualTo(4);
		assertThat(ClientArguments.isSpring("--logging.level.root=debug")).isTrue();
		assertThat(ClientArguments.isSpring("--trace")).isTrue();
		assertThat(ClientArguments.isSpring("--pipe=with.dots")).isFalse();
		assertThat(ClientArguments.isSpring("my.file")).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "--clients=0", "--clients=-1", "--clients=1.5", "--clients=1001", "--clients=x",
			"--clients=", "--clients", "--timeout=0", "--timeout=x", "--timeout=NaN", "--timeout=86401", "--pipe=",
			"--pipe", "--server=", "--embedded=true", "--unknown", "--unknown=1" })
	void refusesOptionsThatMakeNoSense(String option) {
		assertThatIllegalArgumentException().isThrownBy(() -> ClientArguments.parse(option, "f"));
	}

	@Test
	void refusesNoFileAndTwo() {
		assertThatIllegalArgumentException().isThrownBy(() -> ClientArguments.parse()).withMessage("no file is named");
		assertThatIllegalArgumentException().isThrownBy(() -> ClientArguments.parse("a", "b"))
			.withMessageContaining("more than one file");
	}

}
