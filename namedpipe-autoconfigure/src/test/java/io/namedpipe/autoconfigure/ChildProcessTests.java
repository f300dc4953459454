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

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import io.namedpipe.actuate.NamedPipeHealthIndicator;
import io.namedpipe.client.PipeTemplate;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeResetException;
import io.namedpipe.transport.PipeTimeoutException;
import io.namedpipe.transport.anonymous.PipeProcess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * A template that talks to a child, and an application that serves its parent.
 */
@Timeout(120)
class ChildProcessTests {

	private static final String[] JAVA_CHILD = { ProcessHandle.current().info().command().orElseThrow(),
			"-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx128m", "-cp", System.getProperty("java.class.path"),
			ChildApplication.class.getName() };

	@TempDir
	Path directory;

	private static ApplicationContextRunner runner(String... command) {
		List<String> properties = new ArrayList<>(List.of("namedpipe.client.default-pipe=child",
				"namedpipe.client.child.restart-delay=0", "namedpipe.client.request-timeout=60s"));
		for (int i = 0; i < command.length; i++) {
			properties.add("namedpipe.client.child.command[%d]=%s".formatted(i, command[i]));
		}
		return PipeRunner.create().withPropertyValues(properties.toArray(String[]::new));
	}

	private static String ask(ApplicationContext context, String route, PipeBody body) {
		PipeTemplate template = context.getBean(PipeTemplate.class);
		return String.valueOf(template.exchange(new PipeRequest(route, Map.of(), body)).body().text());
	}

	private static ProcessHandle ask(ApplicationContext context) {
		return ProcessHandle.of(Long.parseLong(ask(context, "id", PipeBody.empty()))).orElseThrow();
	}

	private static Status status(ApplicationContext context) {
		return context.getBean(NamedPipeHealthIndicator.class).health().getStatus();
	}

	private static @Nullable Object child(ApplicationContext context) {
		return context.getBean(NamedPipeHealthIndicator.class).health().getDetails().get("child");
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the reaction to a killed child is that of Unix")
	void childIsStartedKeptStartedAgainAndEndsWithTheContext() {
		List<ProcessHandle> children = new ArrayList<>();
		runner(JAVA_CHILD).withPropertyValues("namedpipe.client.child.handles=true").run((context) -> {
			assertThat(child(context)).isEqualTo("NOT_RUNNING");
			ProcessHandle child = ask(context);
			assertThat(child.parent()).contains(ProcessHandle.current());
			assertThat(ask(context)).isEqualTo(child);
			// A stream goes to the same child, since a new connection would be another.
			assertThat(ask(context, "length", PipeBody.of(new ByteArrayInputStream(new byte[100_000]), 100_000, "")))
				.isEqualTo(child.pid() + " 100000");
			assertThat(status(context)).isEqualTo(Status.UP);
			assertThat(child(context)).isEqualTo("RUNNING");
			child.destroyForcibly();
			child.onExit().get(20, TimeUnit.SECONDS);
			await().untilAsserted(() -> assertThat(status(context)).isEqualTo(Status.DOWN));
			assertThat(child(context)).asString().contains("exit code 137");
			children.add(ask(context));
			assertThat(children.get(0)).isNotEqualTo(child);
			assertThat(status(context)).isEqualTo(Status.UP);
		});
		assertThat(children).hasSize(1);
		await().untilAsserted(() -> assertThat(children.get(0).isAlive()).isFalse());
	}

	@Test
	void bannerAndLogOfAChildDoNotGetIntoThePipeOfItsStandardStreams() {
		runner(JAVA_CHILD).run((context) -> {
			ProcessHandle child = ask(context);
			assertThat(ask(context)).isEqualTo(child);
		});
	}

	@Test
	void contextThatServesTheParentEndsWithIt() throws Exception {
		File errors = this.directory.resolve("errors").toFile();
		ProcessBuilder builder = new ProcessBuilder(JAVA_CHILD).redirectError(errors);
		try (PipeProcess child = PipeProcess.of(builder).handles().start()) {
			child.channel()
				.write(ByteBuffer.wrap("GET /id HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
			ByteBuffer status = ByteBuffer.allocate(15);
			assertThat(child.channel().readFully(status)).isTrue();
			assertThat(new String(status.array(), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200 OK");
			child.channel().close();
			assertThat(child.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
			assertThat(child.process().exitValue()).isZero();
		}
		assertThat(Files.readString(errors.toPath())).contains("the context has closed");
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the child is a program of Unix")
	void childThatEndsAtOnceIsStartedAgainUpToTheLimit() {
		runner("/bin/sh", "-c", "exit 3").withPropertyValues("namedpipe.client.child.max-restarts=2").run((context) -> {
			for (int i = 0; i < 3; i++) {
				assertThatExceptionOfType(PipeResetException.class).isThrownBy(() -> ask(context))
					.withMessageContaining("exit code 3");
			}
			assertThatExceptionOfType(PipeNotFoundException.class).isThrownBy(() -> ask(context))
				.withMessageContainingAll("'child'", "3 times", "max-restarts is 2", "exit code 3");
			assertThat(status(context)).isEqualTo(Status.DOWN);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "exit 3", "head -c 7 \"$0\"; exit 3", "cat \"$0\"; exit 3",
			"cat \"$0\"; head -c 4 > /dev/null; exit 3", "exec 0<&-; cat \"$0\"; exit 3" })
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the child is a program of Unix")
	void exitCodeIsToldWhereTheProtocolCarriesNoFailures(String script) throws IOException {
		Path greeting = this.directory.resolve("greeting");
		byte[] text = StreamStringProtocol.DEFAULT_GREETING.getBytes(StandardCharsets.UTF_16LE);
		Files.write(greeting, ByteBuffer.allocate(2 + text.length).putShort((short) text.length).put(text).array());
		runner("/bin/sh", "-c", script, greeting.toString())
			.withPropertyValues("namedpipe.client.protocol=stream-string", "namedpipe.client.child.max-restarts=1000")
			.run((context) -> {
				for (int i = 0; i < 10; i++) {
					assertThatExceptionOfType(PipeResetException.class)
						.isThrownBy(() -> context.getBean(PipeTemplate.class).requestFile("file"))
						.withMessageContaining("exit code 3");
				}
			});
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the child is a program of Unix")
	void childThatNeverAnswersIsEndedWithTheRequest() {
		runner("/bin/sh", "-c", "exec sleep 1000").withPropertyValues("namedpipe.client.request-timeout=200ms")
			.run((context) -> {
				assertThatExceptionOfType(PipeTimeoutException.class).isThrownBy(() -> ask(context))
					.withMessageContaining("request-timeout");
				await().untilAsserted(() -> assertThat(child(context)).isEqualTo("NOT_RUNNING"));
				assertThat(status(context)).isEqualTo(Status.UP);
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "http", "stream-string" })
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the child is a program of Unix")
	void whatAChildPrintsInItsReplyIsQuoted(String protocol) {
		runner("/bin/sh", "-c", "echo 'Hello, world, I have started'; exec cat")
			.withPropertyValues("namedpipe.client.protocol=" + protocol, "namedpipe.client.connect-timeout=3s")
			.run((context) -> assertThatExceptionOfType(PipeException.class)
				.isThrownBy(() -> context.getBean(PipeTemplate.class).requestFile(""))
				.withMessageContaining("'Hello, world, I have started\\u000A"));
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the child is a program of Unix")
	void childRunsInItsDirectory() {
		runner("/bin/sh", "-c", "touch here; exit 3")
			.withPropertyValues("namedpipe.client.child.directory=" + this.directory)
			.run((context) -> {
				assertThatExceptionOfType(PipeException.class).isThrownBy(() -> ask(context));
				assertThat(this.directory.resolve("here")).exists();
			});
	}

	@Test
	void missingProgramIsReportedAndMakesTheHealthDown() {
		runner("no-such-program").run((context) -> {
			assertThatExceptionOfType(PipeNotFoundException.class).isThrownBy(() -> ask(context))
				.withMessageContaining("no-such-program");
			assertThat(status(context)).isEqualTo(Status.DOWN);
			assertThat(child(context)).asString().contains("no-such-program");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "child.handles=true", "child.command=", "child.command= ,x" })
	void missingCommandIsAnErrorAtTheStart(String property) {
		runner().withPropertyValues("namedpipe.client." + property)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
						(ex) -> assertThat(ex.getName()).isEqualTo("namedpipe.client.child.command")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "child.max-restarts=-1", "child.restart-delay=-1s", "child.close-timeout=400d" })
	void settingOutOfItsRangeIsAnErrorAtTheStart(String property) {
		runner("program").withPropertyValues("namedpipe.client." + property)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
						(ex) -> assertThat("namedpipe.client." + property).startsWith(ex.getName() + "=")));
	}

	@Test
	void childWithoutANameIsAnErrorAtTheStart() {
		PipeRunner.create()
			.withPropertyValues("namedpipe.client.child.command=program")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
						(ex) -> assertThat(ex.getName()).isEqualTo("namedpipe.client.default-pipe")));
	}

}
