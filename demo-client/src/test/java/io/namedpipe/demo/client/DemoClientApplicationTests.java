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

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import io.namedpipe.demo.server.DemoServerApplication;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The client against the demo server, in one JVM: what it prints, and how it ends.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
class DemoClientApplicationTests {

	private final String pipe = uniqueName();

	@TempDir
	private Path directory;

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	private ConfigurableApplicationContext server;

	private static String uniqueName() {
		return "np." + UUID.randomUUID().toString().substring(0, 13);
	}

	@BeforeAll
	void startServer() {
		this.server = new SpringApplication(DemoServerApplication.class).run("--spring.config.name=demo-server",
				"--spring.main.banner-mode=off", "--namedpipe.server.pipes.testpipe.name=" + this.pipe);
	}

	@AfterAll
	void stopServer() {
		this.server.close();
	}

	private int run(String... arguments) {
		this.out.reset();
		return DemoClientApplication.run(arguments, this.out);
	}

	private int fetch(Path file, String... options) {
		List<String> arguments = new ArrayList<>(List.of(options));
		arguments.add("--pipe=" + this.pipe);
		arguments.add(file.toString());
		return run(arguments.toArray(String[]::new));
	}

	private void assertPrints(String text, String... options) throws Exception {
		Path file = Files.writeString(this.directory.resolve("file-" + UUID.randomUUID() + ".txt"), text);
		assertThat(fetch(file, options)).isZero();
		assertThat(this.out.toByteArray()).isEqualTo(Files.readAllBytes(file));
	}

	@ParameterizedTest
	@ValueSource(strings = { "A small text file.\nWith two lines.\n", "",
			"\u0421\u044a\u0435\u0448\u044c \u5929\u5730\u7384\u9ec3 \ud83d\ude00", "one\r\ntwo\r\n\r\n" })
	void printsTheFileByteByByte(String text) throws Exception {
		assertPrints(text);
		assertPrints(text, "--clients=1");
	}

	@Test
	void printsThirtyTwoThousandCharacters() throws Exception {
		assertPrints("x".repeat(32_000));
		assertPrints("\u5929".repeat(32_000), "--clients=9");
	}

	@Test
	void printsNothingElseOnStandardOutput(CapturedOutput output) throws Exception {
		assertPrints("just this");
		assertThat(output.getOut()).isEmpty();
		assertThat(output.getErr()).contains("demo-client: 4 clients received 9 characters of ");
	}

	private void assertRefused(Path file, CapturedOutput output) {
		assertThat(fetch(file, "--clients=1")).isEqualTo(4);
		assertThat(this.out.size()).isZero();
		assertThat(output.getErr()).contains("demo-client: The server closed the connection without a reply")
			.doesNotContain("\tat ");
	}

	@Test
	void missingFileIsCodeFour(CapturedOutput output) {
		assertRefused(this.directory.resolve("missing"), output);
	}

	@Test
	void directoryIsCodeFour(CapturedOutput output) {
		assertRefused(this.directory, output);
	}

	@Test
	void fileOfTenMegabytesIsCodeFour(CapturedOutput output) throws Exception {
		assertRefused(Files.write(this.directory.resolve("10mb"), new byte[10_000_000]), output);
	}

	@Test
	void unreadableFileIsCodeFour(CapturedOutput output) throws Exception {
		Path file = Files.writeString(this.directory.resolve("unreadable"), "secret");
		assumeTrue(file.toFile().setReadable(false, false) && !Files.isReadable(file),
				"this user can read every file, whatever its permissions are");
		assertRefused(file, output);
		assertThat(output.getErr()).contains("ACCESS_DENIED: permission denied: " + file);
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, disabledReason = "/proc")
	void whatTheKernelTellsOfTheServerIsCodeFour(CapturedOutput output) {
		assertRefused(Path.of("/proc/self/environ"), output);
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a name of that length is no path there")
	void nameWhoseSocketPathIsTooLongIsCodeTwo(CapturedOutput output) {
		assertThat(run("--pipe=" + "n".repeat(200), "file")).isEqualTo(2);
		assertThat(output.getErr()).contains("bytes and the limit is");
	}

	@Test
	void noServerIsCodeFive(CapturedOutput output) {
		assertThat(run("--pipe=" + uniqueName(), "--timeout=0.2", "file")).isEqualTo(5);
		assertThat(this.out.size()).isZero();
		assertThat(output.getErr()).contains("demo-client: No server listens on the pipe");
	}

	@Test
	void serverThatNeverAnswersIsCodeFive(CapturedOutput output) {
		String name = uniqueName();
		try (PipeServerChannel silent = this.server.getBean(PipeTransport.class)
			.bind(PipeAddress.of(name), PipeServerOptions.defaults())) {
			assertThat(silent.isOpen()).isTrue();
			assertThat(run("--pipe=" + name, "--timeout=0.3", "--clients=1", "file")).isEqualTo(5);
			assertThat(output.getErr()).contains("did not greet within 300 ms");
		}
	}

	@Test
	void falseGreetingIsCodeThree(CapturedOutput output) throws Exception {
		String name = uniqueName();
		try (PipeServerChannel impostor = this.server.getBean(PipeTransport.class)
			.bind(PipeAddress.of(name), PipeServerOptions.defaults())) {
			Thread thread = new Thread(() -> {
				try (PipeChannel client = impostor.accept()) {
					byte[] text = "I am an impostor.".getBytes(StandardCharsets.UTF_16LE);
					client.write(ByteBuffer.allocate(2 + text.length).putShort((short) text.length).put(text).flip());
				}
			});
			thread.start();
			assertThat(run("--pipe=" + name, "--clients=1", "file")).isEqualTo(3);
			thread.join();
			assertThat(this.out.size()).isZero();
			assertThat(output.getErr()).contains("demo-client: The server could not be verified");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "--clients=0 f", "--unknown f", "a b", "--pipe=a/b f", "--pipe=anonymous f" })
	void wrongUseIsCodeTwo(String arguments, CapturedOutput output) {
		assertThat(run(arguments.isEmpty() ? new String[0] : arguments.split(" "))).isEqualTo(2);
		assertThat(this.out.size()).isZero();
		assertThat(output.getErr()).contains("demo-client: ", "usage: demo-client");
	}

	@Test
	void serverCanBeEmbedded(CapturedOutput output) throws Exception {
		Path file = Files.writeString(this.directory.resolve("embedded.txt"), "embedded");
		assertThat(run("--embedded", "--pipe=" + uniqueName(), file.toString())).isZero();
		assertThat(this.out).hasToString("embedded");
		assertThat(output.getErr())
			.contains("demo-client: over HTTP: {\"name\":\"embedded.txt\",\"type\":\"FILE\",\"size\":8,");
	}

}
