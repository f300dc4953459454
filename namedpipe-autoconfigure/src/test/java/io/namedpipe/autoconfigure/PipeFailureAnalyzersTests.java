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
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.listener.PipeListenerEndpointRegistry;
import io.namedpipe.listener.PipeListenerStartupException;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.PipeUnsupportedException;
import io.namedpipe.transport.unix.UnixPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The messages for a user when a pipe cannot be opened.
 */
@Timeout(120)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the messages are those of Unix-domain sockets")
class PipeFailureAnalyzersTests {

	@TempDir
	private Path directory;

	private FailureAnalysis analyze(String... properties) {
		return analyze(PipeRunner.create()
			.withPropertyValues("namedpipe.transport=unix", "namedpipe.unix.directory=" + this.directory)
			.withUserConfiguration(FilesEndpoint.class), properties);
	}

	// By Boot's own analyzers too, which explain values of properties.
	static FailureAnalysis analyze(ApplicationContextRunner runner, String... properties) {
		FailureAnalysis[] analysis = new FailureAnalysis[1];
		AtomicReference<Environment> environment = new AtomicReference<>();
		runner.withPropertyValues(properties).withInitializer((context) -> {
			ConfigurationPropertySources.attach(context.getEnvironment());
			environment.set(context.getEnvironment());
		}).run((context) -> {
			assertThat(context).hasFailed();
			analysis[0] = analyze(context.getStartupFailure(), environment.get());
		});
		return Objects.requireNonNull(analysis[0]);
	}

	private static FailureAnalysis analyze(Throwable failure, Environment environment) {
		return SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class, SpringFactoriesLoader.ArgumentResolver.of(Environment.class, environment),
					SpringFactoriesLoader.FailureHandler.handleMessage((message, ex) -> {
					}))
			.stream()
			.map((analyzer) -> analyzer.analyze(failure))
			.filter(Objects::nonNull)
			.findFirst()
			.orElseThrow();
	}

	@Test
	void transportThatThePlatformCannotHave() {
		FailureAnalysis analysis = analyze(PipeRunner.create()
			.withBean(PipeTransport.class, PipeFailureAnalyzersTests::transportWithoutItsModule));
		assertThat(analysis.getDescription()).isEqualTo("the module is missing");
		assertThat(analysis.getAction()).startsWith("Do what the description says");
	}

	private static PipeTransport transportWithoutItsModule() {
		throw new PipeUnsupportedException("the module is missing");
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
	void nameThatTheLocaleCannotSpell() {
		PipeListenerStartupException failure = new PipeListenerStartupException("files", "gr\u00f6\u00dfe",
				new PipeAddressException("gr\u00f6\u00dfe", "start it in a UTF-8 locale, such as LC_ALL=C.UTF-8"));
		FailureAnalysis analysis = new PipeStartupFailureAnalyzer(new StandardEnvironment()).analyze(failure);
		assertThat(analysis.getAction()).startsWith("Start the application in a UTF-8 locale")
			.contains("'namedpipe.server.pipes.files.name'");
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
	@EnabledOnOs(value = OS.LINUX, disabledReason = "Pipes behind Samba are for Linux")
	void remoteClientsWithoutASocketForSamba() {
		FailureAnalysis analysis = analyze("namedpipe.server.pipes.files.reject-remote-clients=false");
		assertThat(analysis.getDescription()).contains("'namedpipe.samba.socket-directory'");
		assertThat(analysis.getAction()).contains("'namedpipe.server.pipes.files.reject-remote-clients'",
				"docs/network.md");
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, disabledReason = "Pipes behind Samba are for Linux")
	void settingsOfSambaAreChecked() {
		assertThat(analyze("namedpipe.samba.peer-uid=4294967295").getDescription())
			.contains("'peer-uid' for pipes behind Samba must be from 0 to 4294967294");
		assertThat(
				analyze("namedpipe.samba.socket-activation=true", "namedpipe.samba.socket-directory=" + this.directory)
					.getDescription())
			.contains("namedpipe.samba.socket-activation", "namedpipe.samba.socket-directory");
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, disabledReason = "Pipes behind Samba are for Linux")
	void pipeForOtherMachinesListensTwice() {
		PipeRunner.create()
			.withPropertyValues("namedpipe.transport=unix", "namedpipe.unix.directory=" + this.directory,
					"namedpipe.samba.socket-directory=" + this.directory,
					"namedpipe.server.pipes.files.reject-remote-clients=false")
			.withUserConfiguration(FilesEndpoint.class)
			.run((context) -> assertThat(
					context.getBean(PipeListenerEndpointRegistry.class).getContainer("files").locations())
				.containsExactly(this.directory.resolve("CoreFxPipe_files").toString(),
						this.directory.resolve("files") + " (for smbd)"));
	}

	@Test
	void missingDirectory() {
		FailureAnalysis analysis = analyze("namedpipe.unix.directory=" + this.directory.resolve("missing"));
		assertThat(analysis.getDescription())
			.contains("the directory '%s' does not exist".formatted(this.directory.resolve("missing")));
		assertThat(analysis.getAction()).contains("'namedpipe.unix.directory'", "'namedpipe.server.pipes.files.name'");
	}

	@Test
	void noPermission() {
		// As the transport says it: that it does is tested there, with another user.
		FailureAnalysis analysis = analyze(
				new PipeListenerStartupException("files", "acme.files",
						new PipeAccessDeniedException("The pipe 'acme.files' cannot be created: no permission")),
				new StandardEnvironment());
		assertThat(analysis.getDescription()).isEqualTo(
				"The pipe with the id 'files' cannot be served: The pipe 'acme.files' cannot be created: no permission");
		assertThat(analysis.getAction()).startsWith("Let the user of this process write to the directory")
			.contains("'namedpipe.unix.directory'", "'namedpipe.server.pipes.files.name'");
	}

	@Test
	void whatTheTransportCannotDo() {
		FailureAnalysis analysis = analyze("namedpipe.server.pipes.files.mode=message");
		assertThat(analysis.getDescription()).contains("The 'unix' transport has no message mode");
		assertThat(analysis.getAction()).contains("'namedpipe.server.pipes.files.mode'", "'namedpipe.transport'");
	}

	@ParameterizedTest
	@CsvSource({ "namedpipe.server.mode=message, namedpipe.server.mode",
			"namedpipe.server.sddl=D:, namedpipe.server.sddl",
			"namedpipe.server.pipes.files.allowed=nosuch, namedpipe.server.pipes.files.allowed",
			"namedpipe.server.pipes.files.allowed=-5, namedpipe.server.pipes.files.allowed",
			"namedpipe.server.allowed=group:+7, namedpipe.server.allowed",
			"namedpipe.server.allowed[0]=nosuch, namedpipe.server.allowed" })
	void actionNamesThePropertyThatTheValueComesFrom(String setting, String property) {
		assertThat(analyze(setting).getAction()).contains("'" + property + "'");
	}

	@ParameterizedTest
	@CsvSource({ "instances, 0, from 1 to 1000", "instances, 1001, from 1 to 1000",
			"max-connections, 0, from 1 to 100000", "max-connections, -1, from 1 to 100000",
			"max-connections-per-user, 0, from 1 to 100000", "max-concurrent-requests-per-user, 0, from 1 to 100000",
			"max-concurrent-requests, 0, from 1 to 100000", "read-timeout, -1, from 1ms to 365d",
			"read-timeout, 1ns, from 1ms to 365d", "write-timeout, -1s, from 1ms to 365d",
			"request-timeout, 9999999d, from 1ms to 365d", "idle-timeout, -1, from 1ms to 365d",
			"total-timeout, -1, from 1ms to 365d", "grace-period, -5s, from 1ms to 365d",
			"identity-max-age, -1s, from 1ms to 365d", "in-buffer-size, -1, from 0B to 1GB",
			"in-buffer-size, 8GB, from 0B to 1GB", "out-buffer-size, 2GB, from 0B to 1GB",
			"max-message-size, 0, from 1B to 1GB" })
	void valueOutOfItsRange(String setting, String value, String range) {
		String property = "namedpipe.server.pipes.files." + setting;
		assertThat(analyze(property + "=" + value).getDescription()).contains("'" + property + "'", "pipe 'files'",
				range);
		assertThat(analyze("namedpipe.server." + setting + "=" + value).getDescription())
			.contains("'namedpipe.server." + setting + "'", "for all pipes", range);
	}

	@ParameterizedTest
	@CsvSource({ "namedpipe.server.log-limit-per-user=1023B, from 1024B to 1GB",
			"namedpipe.server.reserved-connections=-1, from 0 to 99999",
			"namedpipe.server.pipes.files.reserved-connections=256, from 0 to 255",
			"namedpipe.server.impersonation-threads=0, from 1 to 1000",
			"namedpipe.server.impersonation-threads=1001, from 1 to 1000",
			"namedpipe.client.connect-timeout=-1, from 1ms to 365d",
			"namedpipe.client.wait-for-server=-1s, from 1ms to 365d",
			"namedpipe.client.request-timeout=366d, from 1ms to 365d",
			"namedpipe.client.pool.max-size=0, from 1 to 100000", "namedpipe.client.pool.max-idle-time=-1s, kept",
			"namedpipe.client.pool.acquire-timeout=400d, from 1ms to 365d",
			"namedpipe.client.total-timeout=-1s, from 1ms to 365d", "namedpipe.client.default-pipe=a/b, slash",
			"namedpipe.client.default-pipe=anonymous, reserved",
			"namedpipe.client.default-pipe=\\\\build01\\pipe\\x, other machines",
			"namedpipe.client.expected-server=nosuch, no user 'nosuch'",
			"namedpipe.client.expected-server=-1, no user '-1'",
			"namedpipe.client.expected-server[0]=nosuch, no user 'nosuch'",
			"namedpipe.client.expected-server=, could be accepted",
			"namedpipe.client.expected-server=S-1-5-18, belongs to Windows", "namedpipe.transport=windows, 'auto'" })
	void valueThatCannotBe(String setting, String reason) {
		String property = setting.substring(0, setting.indexOf('='));
		FailureAnalysis analysis = analyze(setting);
		assertThat(analysis.getDescription()).contains("'" + property + "'", reason);
		assertThat(analysis.getAction()).isNotEmpty();
	}

	@Test
	void serverThatCannotBeReached() {
		FailureAnalysis analysis = analyze("namedpipe.client.default-pipe=x", "namedpipe.client.server=build01");
		assertThat(analysis.getDescription()).contains("'namedpipe.client.server'", "'build01'");
	}

	@Test
	void serverIsNotBlamedForANameThatNoPipeHas() {
		for (String name : List.of("a/b", "n".repeat(200))) {
			assertThat(analyze("namedpipe.client.default-pipe=" + name, "namedpipe.client.server=build01")
				.getDescription()).contains("'namedpipe.client.default-pipe'", "'" + name + "'");
		}
	}

	@Test
	void socketOfTheDefaultPipeWithTooLongAPath() {
		FailureAnalysis analysis = analyze("namedpipe.client.default-pipe=" + "n".repeat(200));
		assertThat(analysis.getDescription()).contains("'namedpipe.client.default-pipe'", "the limit is ");
	}

	@Test
	void greetingThatTheProtocolCannotSay() {
		String greeting = "x".repeat(40_000);
		assertThat(analyze("namedpipe.server.greeting=" + greeting).getDescription())
			.contains("'namedpipe.server.greeting'", "at most 32767");
		assertThat(analyze("namedpipe.client.default-pipe=x", "namedpipe.client.protocol=stream-string",
				"namedpipe.client.greeting=" + greeting)
			.getDescription()).contains("'namedpipe.client.greeting'", "at most 32767");
	}

	// Half of a character has no bytes in any locale.
	@Test
	void directoryThatTheLocaleCannotSpell() {
		FailureAnalysis analysis = analyze("namedpipe.unix.directory=/tmp/\ud800");
		assertThat(analysis.getDescription()).contains("'namedpipe.unix.directory'",
				System.getProperty("sun.jnu.encoding"));
		assertThat(analysis.getAction()).contains("LC_ALL=C.UTF-8", "'namedpipe.unix.directory'");
	}

	@Test
	void twoPipesOfOneName() {
		FailureAnalysis analysis = analyze(
				PipeRunner.create().withUserConfiguration(FilesEndpoint.class, OtherEndpoint.class),
				"namedpipe.server.pipes.files.name=x", "namedpipe.server.pipes.other.name=x");
		assertThat(analysis.getDescription()).contains("The pipe 'x' is also that of the id ", "of this application");
		assertThat(analysis.getAction()).contains("'namedpipe.server.pipes.files.name'",
				"'namedpipe.server.pipes.other.name'");
	}

	@Test
	void jnaIsMissing() {
		FailureAnalysis analysis = analyze(
				new PipeListenerStartupException("files", "acme.files",
						new PipeUnsupportedException(
								"Acting as other users does not work here. JNA is missing: add jna-platform")),
				new StandardEnvironment());
		assertThat(analysis.getDescription()).contains("add jna-platform");
		assertThat(analysis.getAction()).contains("JNA", "'namedpipe.server.pipes.files.impersonation'")
			.doesNotContain("'namedpipe.transport'");
	}

	@Test
	void idThatIsNotConfigured() {
		FailureAnalysis analysis = analyze("namedpipe.server.pipes.reports.name=x");
		assertThat(analysis.getDescription()).contains("no pipe 'files'; configured: [reports]",
				FilesEndpoint.class.getName());
		assertThat(analysis.getAction()).contains("@PipeEndpoint");
	}

	@Test
	void invalidEndpoint() {
		FailureAnalysis analysis = analyze(PipeRunner.create().withUserConfiguration(Broken.class));
		assertThat(analysis.getDescription()).contains(Broken.class.getName(), "has no @PipeMapping method");
		assertThat(analysis.getAction()).isEqualTo("Correct the @PipeEndpoint class.");
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

	@PipeEndpoint("other")
	static class OtherEndpoint {

		@PipeMapping
		String read(String name) {
			return name;
		}

	}

	@PipeEndpoint("broken")
	static class Broken {

	}

}
