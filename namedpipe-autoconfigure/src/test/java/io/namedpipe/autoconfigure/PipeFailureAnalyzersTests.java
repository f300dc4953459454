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
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.support.SpringFactoriesLoader;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.listener.PipeListenerStartupException;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.unix.UnixPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a user reads when a pipe cannot be opened.
 */
@Timeout(60)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the messages are those of Unix-domain sockets")
class PipeFailureAnalyzersTests {

	@TempDir
	private Path directory;

	private FailureAnalysis analyze(String... properties) {
		FailureAnalysis[] analysis = new FailureAnalysis[1];
		ApplicationContextRunner runner = PipeRunner.create()
			.withPropertyValues("namedpipe.transport=unix", "namedpipe.unix.directory=" + this.directory)
			.withPropertyValues(properties)
			.withUserConfiguration(FilesEndpoint.class);
		runner.run((context) -> {
			assertThat(context).hasFailed();
			analysis[0] = analyze(context.getStartupFailure());
		});
		return Objects.requireNonNull(analysis[0]);
	}

	private static FailureAnalysis analyze(Throwable failure) {
		return SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class, SpringFactoriesLoader.ArgumentResolver.none(),
					SpringFactoriesLoader.FailureHandler.handleMessage((message, ex) -> {
					}))
			.stream()
			.filter((analyzer) -> analyzer.getClass().getPackageName().startsWith("io.namedpipe"))
			.map((analyzer) -> analyzer.analyze(failure))
			.filter(Objects::nonNull)
			.findFirst()
			.orElseThrow();
	}

	@Test
	void nameInUse() {
		UnixPipeTransport transport = new UnixPipeTransport(this.directory);
		try (PipeServerChannel other = transport.bind(PipeAddress.of("acme.files"), PipeServerOptions.defaults())) {
			FailureAnalysis analysis = analyze("namedpipe.server.pipes.files.name=acme.files");
			assertThat(analysis.getDescription()).isEqualTo(
					"The pipe with the id 'files' cannot be served: The pipe 'acme.files' (%s) is in use: another server listens on it",
					this.directory.resolve("CoreFxPipe_acme.files"));
			assertThat(analysis.getAction()).isEqualTo(
					"Stop the other server on this pipe, or set 'namedpipe.server.pipes.files.name' to another name.");
			assertThat(other.isOpen()).isTrue();
		}
	}

	@Test
	void badName() {
		FailureAnalysis analysis = analyze("namedpipe.server.pipes.files.name=a/b");
		assertThat(analysis.getDescription()).isEqualTo("The pipe with the id 'files' cannot be served: "
				+ "The pipe address 'a/b' is refused: the name contains a slash or a backslash");
		assertThat(analysis.getAction())
			.startsWith("Set 'namedpipe.server.pipes.files.name' to a name without slashes of at most 247 characters");
	}

	@Test
	void pathTooLong() {
		FailureAnalysis analysis = analyze("namedpipe.server.pipes.files.name=" + "n".repeat(200));
		assertThat(analysis.getDescription()).startsWith("The pipe with the id 'files' cannot be served: ")
			.contains("the socket path '%s/CoreFxPipe_nnn".formatted(this.directory))
			.contains("bytes and the limit is ");
		assertThat(analysis.getAction()).contains("'namedpipe.server.pipes.files.name'", "'namedpipe.unix.directory'");
	}

	@Test
	void missingDirectory() {
		FailureAnalysis analysis = analyze("namedpipe.unix.directory=" + this.directory.resolve("missing"));
		assertThat(analysis.getDescription())
			.contains("the directory '%s' does not exist".formatted(this.directory.resolve("missing")));
		assertThat(analysis.getAction()).contains("namedpipe.server.pipes.files");
	}

	@Test
	void noPermission() {
		// As the transport says it: that it does is tested there, with another user.
		FailureAnalysis analysis = analyze(new PipeListenerStartupException("files", "acme.files",
				new PipeAccessDeniedException("The pipe 'acme.files' cannot be created: no permission")));
		assertThat(analysis.getDescription()).isEqualTo(
				"The pipe with the id 'files' cannot be served: The pipe 'acme.files' cannot be created: no permission");
		assertThat(analysis.getAction()).startsWith("Let the user of this process write to the directory")
			.contains("'namedpipe.unix.directory'", "'namedpipe.server.pipes.files.name'");
	}

	@Test
	void whatTheTransportCannotDo() {
		FailureAnalysis analysis = analyze("namedpipe.server.pipes.files.mode=message");
		assertThat(analysis.getDescription()).contains("The 'unix' transport has no message mode");
		assertThat(analysis.getAction()).contains("'namedpipe.server.pipes.files'", "'namedpipe.transport'");
	}

	@Test
	void invalidEndpoint() {
		FailureAnalysis[] analysis = new FailureAnalysis[1];
		PipeRunner.create()
			.withUserConfiguration(Broken.class)
			.run((context) -> analysis[0] = analyze(context.getStartupFailure()));
		assertThat(analysis[0].getDescription()).contains(Broken.class.getName(), "has no @PipeMapping method");
		assertThat(analysis[0].getAction()).isEqualTo("Correct the @PipeEndpoint class.");
	}

	@Test
	void nothingIsLeftOfAPipeThatCouldNotBeOpened() throws Exception {
		Files.createFile(this.directory.resolve("CoreFxPipe_files"));
		FailureAnalysis analysis = analyze();
		assertThat(analysis.getDescription()).contains("a regular file stands there");
		assertThat(this.directory).isDirectoryContaining((path) -> path.endsWith("CoreFxPipe_files"))
			.isDirectoryNotContaining((path) -> path.toString().endsWith(".lock"));
	}

	@PipeEndpoint("files")
	static class FilesEndpoint {

		@PipeMapping
		String read(String name) {
			return name;
		}

	}

	@PipeEndpoint("broken")
	static class Broken {

	}

}
