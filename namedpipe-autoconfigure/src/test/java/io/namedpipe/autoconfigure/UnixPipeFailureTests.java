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

package io.namedpipe.autoconfigure;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The messages for a user about the path of a socket, and the file there.
 */
@Timeout(120)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no Unix-domain sockets")
class UnixPipeFailureTests {

	@TempDir
	private Path directory;

	private FailureAnalysis analyze(String... properties) {
		return PipeFailureAnalyzersTests.analyze(PipeRunner.create()
			.withPropertyValues("namedpipe.transport=unix", "namedpipe.unix.directory=" + this.directory)
			.withUserConfiguration(PipeFailureAnalyzersTests.FilesEndpoint.class), properties);
	}

	@Test
	void directoryOfASocketThatIsNamedByItsPath() {
		FailureAnalysis analysis = analyze(
				"namedpipe.server.pipes.files.name=" + this.directory.resolve("missing/x.sock"));
		assertThat(analysis.getDescription())
			.contains("the directory '%s'".formatted(this.directory.resolve("missing")))
			.doesNotContain("namedpipe.unix.directory");
		assertThat(analysis.getAction()).contains("'namedpipe.server.pipes.files.name'")
			.doesNotContain("namedpipe.unix.directory");
	}

	@Test
	void fileInPlaceOfADirectory() throws Exception {
		FailureAnalysis analysis = analyze(
				"namedpipe.unix.directory=" + Files.createFile(this.directory.resolve("file")));
		assertThat(analysis.getDescription())
			.contains("'%s' is not a directory".formatted(this.directory.resolve("file")));
		assertThat(analysis.getAction()).contains("'namedpipe.unix.directory'", "'namedpipe.server.pipes.files.name'");
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, disabledReason = "Other systems have no /proc")
	void directoryThatExistsAndTakesNoFiles() {
		FailureAnalysis analysis = analyze("namedpipe.unix.directory=/proc");
		assertThat(analysis.getDescription()).contains("the directory '/proc' takes no new files");
		assertThat(analysis.getAction()).contains("'namedpipe.unix.directory'");
	}

	@Test
	void somethingElseInPlaceOfTheSocket() throws Exception {
		Files.createDirectory(this.directory.resolve("CoreFxPipe_files"));
		FailureAnalysis analysis = analyze();
		assertThat(analysis.getDescription()).contains("a directory stands there, and is left alone");
		assertThat(analysis.getAction()).startsWith("Remove what stands there")
			.contains("'namedpipe.server.pipes.files.name'");
	}

	@Test
	void somethingElseInPlaceOfTheLockFile() throws Exception {
		Files.createDirectory(this.directory.resolve("CoreFxPipe_files.lock"));
		FailureAnalysis analysis = analyze();
		assertThat(analysis.getDescription())
			.contains("the lock file '%s' is a directory".formatted(this.directory.resolve("CoreFxPipe_files.lock")));
		assertThat(analysis.getAction()).startsWith("Remove what stands there");
	}

	@ParameterizedTest
	@CsvSource({ "namedpipe.server.direction=inbound, namedpipe.server.direction",
			"namedpipe.server.pipes.files.direction=outbound, namedpipe.server.pipes.files.direction" })
	void oneWayPipeWithAProtocolThatAnswers(String setting, String property) {
		FailureAnalysis analysis = analyze(setting);
		assertThat(analysis.getDescription()).contains("this pipe goes one way only");
		assertThat(analysis.getAction()).isEqualTo("Set 'namedpipe.server.protocol' to 'raw', or remove '%s'.",
				property);
	}

}
