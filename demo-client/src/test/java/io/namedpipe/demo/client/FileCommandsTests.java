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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import io.namedpipe.demo.server.DemoServerApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The commands for files against the demo server.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
class FileCommandsTests {

	private final String pipe = "np." + UUID.randomUUID().toString().substring(0, 13);

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	private final byte[] content = new byte[3_000_000];

	@TempDir
	private static Path root;

	@TempDir
	private static Path local;

	private ConfigurableApplicationContext server;

	@BeforeAll
	void startServer() throws IOException {
		new Random(1).nextBytes(this.content);
		Files.write(root.resolve("large"), this.content);
		Files.writeString(root.resolve("small.txt"), "small");
		Files.createDirectory(root.resolve("sub"));
		this.server = new SpringApplication(DemoServerApplication.class).run("--spring.config.name=demo-server",
				"--spring.main.banner-mode=off", "--namedpipe.server.pipes.testpipe.name=" + this.pipe,
				"--demo.root=" + root);
	}

	@AfterAll
	void stopServer() {
		this.server.close();
	}

	private int run(String command, String... arguments) {
		this.out.reset();
		String[] all = Arrays.copyOf(arguments, arguments.length + 2);
		System.arraycopy(arguments, 0, all, 1, arguments.length);
		all[0] = command;
		all[all.length - 1] = "--pipe=" + this.pipe + "files";
		return DemoClientApplication.run(all, this.out);
	}

	private String printed() {
		return this.out.toString(StandardCharsets.UTF_8);
	}

	@Test
	void getsAFile() throws IOException {
		Path target = local.resolve("got");
		assertThat(run("get", "large", "--output=" + target)).isZero();
		assertThat(target).hasBinaryContent(this.content);
		assertThat(run("get", "small.txt", "--output=-")).isZero();
		assertThat(printed()).isEqualTo("small");
		assertThat(local).isDirectoryNotContaining("glob:**.part*");
		Path folder = Files.createDirectory(local.resolve("folder"));
		assertThat(run("get", "small.txt", "--output=" + folder)).isZero();
		assertThat(folder.resolve("small.txt")).hasContent("small");
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no mkfifo")
	void whatIsNoFileIsWrittenAndNotReplaced() throws Exception {
		Path fifo = local.resolve("fifo");
		assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
		Process reader = new ProcessBuilder("cat", fifo.toString()).start();
		try {
			assertThat(run("get", "small.txt", "--output=" + fifo)).isZero();
			assertThat(Files.isRegularFile(fifo)).isFalse();
			assertThat(reader.waitFor(60, TimeUnit.SECONDS)).isTrue();
			assertThat(reader.getInputStream()).hasContent("small");
		}
		finally {
			reader.destroyForcibly();
		}
	}

	@Test
	void downloadToAFolderThatIsMissingIsAFailure(CapturedOutput output) {
		assertThat(run("get", "small.txt", "--output=" + local.resolve("missing/file"))).isEqualTo(1);
		assertThat(output.getErr()).contains(
				"demo-client: " + local.resolve("missing") + ": the folder of the target does not exist; create it");
		assertThat(run("get", "small.txt", "--resume", "--output=" + local.resolve("again"))).isZero();
		assertThat(local.resolve("again")).hasContent("small");
	}

	@Test
	void putsAFile(CapturedOutput output) throws IOException {
		assertThat(run("put", local.resolve("none").toString(), "sub/none")).isEqualTo(1);
		assertThat(run("put", local.toString(), "sub/none")).isEqualTo(1);
		assertThat(output.getErr()).contains("no such file: " + local.resolve("none"),
				"is a folder and no file: " + local);
		Path source = Files.write(local.resolve("source"), this.content);
		assertThat(run("put", source.toString(), "sub/put")).isZero();
		assertThat(root.resolve("sub/put")).hasBinaryContent(this.content);
	}

	@Test
	void listsAFolderAndLooksAtAFile() {
		assertThat(run("ls", ".")).isZero();
		assertThat(printed().lines()).anyMatch((line) -> line.matches("file +5 20\\S+ small.txt"))
			.anyMatch((line) -> line.matches("folder +\\d+ 20\\S+ sub"));
		assertThat(run("stat", "small.txt")).isZero();
		assertThat(printed()).contains("\"type\":\"FILE\"", "\"size\":5");
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "names of files have no control characters there")
	void namesThatAreListedDoNotControlTheTerminal() throws IOException {
		Files.createFile(root.resolve("red\u001b[31m"));
		assertThat(run("ls")).isZero();
		assertThat(printed()).contains(" red\\u001B[31m").doesNotContain("\u001b");
	}

	@ParameterizedTest
	@CsvSource({ "get,missing,4,no such file: missing", "stat,missing,4,no such file: missing", "get,/etc/passwd,4,''",
			"get,../x,6,'..'", "ls,small.txt,6,no folder: small.txt", "stat,a//b,6,''" })
	void errorAnswersAreExitCodes(String command, String name, int code, String message, CapturedOutput output) {
		assertThat((command.equals("get")) ? run(command, name, "--output=-") : run(command, name)).isEqualTo(code);
		assertThat(printed()).isEmpty();
		assertThat(output.getErr()).contains("demo-client: ", message);
	}

	@Test
	void usageAndMissingServerAreExitCodes() {
		assertThat(run("get")).isEqualTo(2);
		assertThat(run("ls", "--colour")).isEqualTo(2);
		assertThat(run("put", "only-one")).isEqualTo(2);
		assertThat(DemoClientApplication.run(new String[] { "stat", "x", "--pipe=np.nobody" }, this.out)).isEqualTo(5);
	}

}
