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

package io.namedpipe.demo.server;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import io.namedpipe.client.PipeTemplate;
import io.namedpipe.listener.PipeListenerContainer;
import io.namedpipe.listener.PipeListenerEndpointRegistry;
import io.namedpipe.protocol.PipeNoReplyException;
import io.namedpipe.protocol.PipeRemoteException;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The server, as its main method starts it.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
class DemoServerApplicationTests {

	private final String pipe = "np." + UUID.randomUUID().toString().substring(0, 13);

	@TempDir
	private static Path root;

	@TempDir
	private Path directory;

	private ConfigurableApplicationContext context;

	private PipeTemplate template;

	@BeforeAll
	void start(CapturedOutput output) {
		this.context = SpringApplication.from(DemoServerApplication::main)
			.run("--namedpipe.server.pipes.testpipe.name=" + this.pipe, "--demo.root=" + root)
			.getApplicationContext();
		this.template = PipeTemplate.builder(this.context.getBean(PipeTransport.class))
			.address(PipeAddress.of(this.pipe))
			.build();
		assertThat(output.getOut().lines()).containsExactlyInAnyOrder("Ready, listening on the pipe " + this.pipe,
				"Ready, listening on the pipe " + this.pipe + "files");
	}

	@AfterAll
	void stop() {
		this.context.close();
	}

	@Test
	void hasTheSettingsOfTheDocumentedExample() {
		PipeListenerContainer container = this.context.getBean(PipeListenerEndpointRegistry.class)
			.getContainer("testpipe");
		assertThat(container.settings().serverOptions().instances()).isEqualTo(4);
		assertThat(container.settings().protocol().name()).isEqualTo("stream-string");
	}

	@Test
	void servesTheFilesBelowItsFolderOverHttp() throws Exception {
		Files.writeString(root.resolve("small.txt"), "small");
		try (PipeTemplate files = PipeTemplate.builder(this.context.getBean(PipeTransport.class))
			.address(PipeAddress.of(this.pipe + "files"))
			.protocol(new HttpProtocol())
			.build()) {
			assertThat(files.route("read").query("name", "small.txt").retrieve(String.class)).isEqualTo("small");
			assertThat(files.route("read")
				.query("name", "small.txt")
				.header("Range", "bytes=2-")
				.exchange()
				.body()
				.bytes(10)).asString().isEqualTo("all");
			assertThat(files.route("stat").query("name", "small.txt").retrieve(String.class))
				.contains("\"name\":\"small.txt\"", "\"type\":\"FILE\"", "\"size\":5");
			assertThat(files.route("stat").payload(Map.of("name", "small.txt")).retrieve(String.class))
				.contains("\"size\":5");
			assertThatExceptionOfType(PipeRemoteException.class)
				.isThrownBy(() -> files.route("stat").payload(Map.of()).retrieve(String.class))
				.satisfies((ex) -> assertThat(ex.getStatus()).isEqualTo(400));
			files.route("write").method("PUT").query("name", "new.txt").payload("new").retrieve(String.class);
			assertThat(root.resolve("new.txt")).hasContent("new");
			assertThat(files.route("list").retrieve(String.class)).contains("small.txt", "new.txt");
			for (String name : List.of("../x", "/etc/passwd", "missing", "small.txt/")) {
				assertThatExceptionOfType(PipeRemoteException.class)
					.isThrownBy(() -> files.route("read").query("name", name).retrieve(String.class))
					.satisfies((ex) -> assertThat(ex.getStatus()).isIn(400, 403, 404));
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "A small text file.\nWith two lines.\n", "",
			"\u0421\u044a\u0435\u0448\u044c \u5929\u5730\u7384\u9ec3 \ud83d\ude00", "one\r\ntwo\r\n" })
	void answersANameWithTheText(String text) throws Exception {
		Path file = Files.writeString(this.directory.resolve("file-" + text.hashCode() + ".txt"), text);
		assertThat(this.template.requestFile(file.toString())).isEqualTo(text);
	}

	@Test
	void answersWithThirtyTwoThousandCharacters() throws Exception {
		Path file = Files.writeString(this.directory.resolve("large.txt"), "\u0416".repeat(32_000));
		assertThat(this.template.requestFile(file.toString())).isEqualTo("\u0416".repeat(32_000));
	}

	@Test
	void answersFourClientsAtOnceAgainAndAgain() throws Exception {
		Path file = Files.writeString(this.directory.resolve("four.txt"), "four");
		List<CompletableFuture<String>> replies = new ArrayList<>();
		for (int i = 0; i < 40; i++) {
			// Not in the pool of all, which is as small as the machine.
			replies.add(CompletableFuture.supplyAsync(() -> this.template.requestFile(file.toString()),
					(task) -> new Thread(task).start()));
		}
		for (CompletableFuture<String> reply : replies) {
			assertThat(reply.get(30, TimeUnit.SECONDS)).isEqualTo("four");
		}
	}

	@Test
	void logsWhichFileOnWhichThreadForWhichUser(CapturedOutput output) throws Exception {
		Path file = Files.writeString(this.directory.resolve("logged.txt"), "logged");
		this.template.requestFile(file.toString());
		await().untilAsserted(() -> assertThat(output.getErr())
			.containsPattern("Reading file: \\Q%s\\E on thread\\[pipe-testpipe-\\d+] as user: (.*\\\\)?%s\\."
				.formatted(file, System.getProperty("user.name"))));
	}

	@Test
	void refusesWhatIsNoReadableText(CapturedOutput output) throws Exception {
		Path folder = Files.createDirectory(this.directory.resolve("folder"));
		Path large = Files.write(this.directory.resolve("10mb"), new byte[10_000_000]);
		Path binary = Files.write(this.directory.resolve("binary"), new byte[] { (byte) 0x89, 'P', 'N', 'G' });
		for (String name : List.of(this.directory.resolve("missing").toString(), folder.toString(), large.toString(),
				binary.toString(), "", "no\nsuch\u0000file")) {
			int before = output.getErr().length();
			assertThatExceptionOfType(PipeNoReplyException.class).isThrownBy(() -> this.template.requestFile(name));
			String log = output.getErr().substring(before);
			assertThat(log.lines().filter((line) -> line.contains("refused"))).as(log).hasSize(1);
			assertThat(log).doesNotContain("\tat ");
		}
	}

	@Test
	void textFileOfAnotherCharacterSetIsNotGuessed() throws Exception {
		Path file = Files.write(this.directory.resolve("latin1"), "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
		assertThatExceptionOfType(PipeNoReplyException.class)
			.isThrownBy(() -> this.template.requestFile(file.toString()));
	}

}
