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

package io.namedpipe.handler;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.support.MessageBuilder;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.autoconfigure.PipeRunner;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeNoReplyException;
import io.namedpipe.testing.LogCapture;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PeerIdentity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Parameters and results of handlers.
 */
@Timeout(120)
class HandlerMethodTests {

	private final String pipe = Pipes.uniqueName();

	private final ApplicationContextRunner runner = PipeRunner.create()
		.withClassLoader(new FilteredClassLoader("tools.jackson"))
		.withPropertyValues("test.pipe=" + this.pipe, "namedpipe.server.request-timeout=10s");

	@TempDir
	private Path directory;

	private String ask(ApplicationContext context, String text) {
		return PipeRunner.ask(context, this.pipe, text);
	}

	private void assertRefused(ApplicationContext context, String text, String line) {
		try (LogCapture log = LogCapture.of("'" + this.pipe + "'")) {
			assertThatExceptionOfType(PipeNoReplyException.class).isThrownBy(() -> ask(context, text));
			await().untilAsserted(() -> assertThat(log.lines()).isNotEmpty());
			assertThat(log.lines()).singleElement().asString().contains(line);
			assertThat(log.hasStackTrace()).isFalse();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "String", "StringBuilder", "byte[]", "Resource", "InputStream", "CompletionStage",
			"CompletionStage of bytes", "later", "Message" })
	void returnTypesBecomeText(String type) {
		this.runner.withUserConfiguration(ManyReturnTypes.class)
			.run((context) -> assertThat(ask(context, type)).isEqualTo("42"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "CompletionStage of null" })
	void nothingIsAnEmptyText(String type) {
		this.runner.withUserConfiguration(ManyReturnTypes.class)
			.run((context) -> assertThat(ask(context, type)).isEmpty());
	}

	@Test
	void voidIsAnEmptyText() {
		this.runner.withUserConfiguration(VoidHandler.class).run((context) -> assertThat(ask(context, "x")).isEmpty());
	}

	@ParameterizedTest
	@ValueSource(strings = { "path:", "resource:" })
	void filesAreSentAndWhatIsNoneIsRefused(String kind) {
		this.runner.withUserConfiguration(ManyReturnTypes.class).run((context) -> {
			Path file = Files.writeString(this.directory.resolve("file.txt"), "\u0416 text");
			assertThat(ask(context, kind + file)).isEqualTo("\u0416 text");
			assertRefused(context, kind + this.directory.resolve("missing"), "NOT_FOUND: no such file: ");
			assertRefused(context, kind + this.directory, "BAD_REQUEST: %s: is a directory".formatted(this.directory));
			assertRefused(context, kind + file + "\0", "BAD_REQUEST: ");
			Path large = Files.write(this.directory.resolve("large"), new byte[10_000_000]);
			assertRefused(context, kind + large, "TOO_LARGE: The file '%s' has more than".formatted(large));
			Path binary = Files.write(this.directory.resolve("binary"), new byte[] { (byte) 0xff, 0 });
			assertRefused(context, kind + binary, "BAD_REQUEST: The file '%s' is not text".formatted(binary));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "path:", "resource:" })
	@EnabledOnOs(value = OS.LINUX, disabledReason = "mkfifo and /dev/zero")
	void specialFilesAreRefusedWithoutBeingOpened(String kind) {
		this.runner.withUserConfiguration(ManyReturnTypes.class).run((context) -> {
			Path fifo = this.directory.resolve("fifo");
			Process mkfifo = new ProcessBuilder("mkfifo", fifo.toString()).start();
			assumeTrue(mkfifo.waitFor(10, TimeUnit.SECONDS) && mkfifo.exitValue() == 0, "mkfifo does not work here");
			// Opening it would wait for a writer, until the request's time is over.
			assertRefused(context, kind + fifo, "BAD_REQUEST: %s: is not a regular file".formatted(fifo));
			assertRefused(context, kind + "/dev/zero", "BAD_REQUEST: /dev/zero: is not a regular file");
		});
	}

	@Test
	void nameThatIsEmptyIsRefused() {
		this.runner.withUserConfiguration(ManyReturnTypes.class)
			.run((context) -> assertRefused(context, "", "BAD_REQUEST: "));
	}

	@Test
	void stageThatFailsIsTheFailureInIt() {
		this.runner.withUserConfiguration(ManyReturnTypes.class)
			.run((context) -> assertRefused(context, "failing stage", "NOT_FOUND: no such file: from the stage"));
	}

	@Test
	void stageThatNeverCompletesEndsWithTheRequestTimeout() {
		this.runner.withPropertyValues("namedpipe.server.request-timeout=1500ms")
			.withUserConfiguration(ManyReturnTypes.class)
			.run((context) -> {
				try (LogCapture log = LogCapture.of("'" + this.pipe + "'")) {
					assertThatExceptionOfType(PipeNoReplyException.class).isThrownBy(() -> ask(context, "never"));
					await().untilAsserted(() -> assertThat(log.lines()).isNotEmpty());
					assertThat(ask(context, "String")).isEqualTo("42");
					assertThat(log.lines()).singleElement().asString().startsWith("WARN");
					assertThat(log.hasStackTrace()).isFalse();
				}
			});
	}

	@Test
	void streamsAreClosedAlsoIfTheyCannotBeSent() {
		this.runner.withUserConfiguration(ManyReturnTypes.class).run((context) -> {
			AtomicInteger closes = context.getBean(ManyReturnTypes.class).closes;
			assertThat(ask(context, "InputStream")).isEqualTo("42");
			assertThat(closes).hasValue(1);
			assertRefused(context, "endless", "TOO_LARGE: The stream has more than");
			await().untilAsserted(() -> assertThat(closes).hasValue(2));
			assertRefused(context, "broken", "INTERNAL: disk on fire");
			await().untilAsserted(() -> assertThat(closes).hasValue(3));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "object", "number" })
	void valueThatNoConverterKnowsIsADefectOfTheServer(String type) {
		this.runner.withUserConfiguration(ManyReturnTypes.class).run((context) -> {
			try (LogCapture log = LogCapture.of("'" + this.pipe + "'")) {
				assertThatExceptionOfType(PipeNoReplyException.class).isThrownBy(() -> ask(context, type));
				await().untilAsserted(() -> assertThat(log.lines()).hasSize(2));
				assertThat(log.lines()).last().asString().contains("refused, INTERNAL: ");
				assertThat(log.events().get(0).getThrowableProxy().getMessage())
					.startsWith("No message converter turns");
			}
		});
	}

	@Test
	void parametersAreFoundByAnnotationAndType() {
		this.runner.withUserConfiguration(ManyParameters.class)
			.run((context) -> assertThat(ask(context, "the payload"))
				.isEqualTo("the payload|%s|%s|the payload|true".formatted(this.pipe, System.getProperty("user.name"))));
	}

	@Test
	void exceptionHandlerAnswersInsteadOfTheHandler() {
		this.runner.withUserConfiguration(WithExceptionHandlers.class).run((context) -> {
			assertThat(ask(context, "state")).isEqualTo("handled state");
			assertThat(ask(context, "cause")).isEqualTo("handled inner for cause");
			assertThat(ask(context, "stage")).isEqualTo("handled stage");
			assertRefused(context, "other", "NOT_FOUND: no such file: other");
			assertRefused(context, "rethrow", "ACCESS_DENIED: permission denied: rethrown");
		});
	}

	@PipeEndpoint("${test.pipe}")
	static class ManyReturnTypes {

		private final AtomicInteger closes = new AtomicInteger();

		@PipeMapping
		@Nullable Object read(@Payload String type) {
			if (type.startsWith("path:")) {
				return Path.of(type.substring(5));
			}
			if (type.startsWith("resource:")) {
				return new FileSystemResource(type.substring(9));
			}
			return switch (type) {
				case "String" -> "42";
				case "StringBuilder" -> new StringBuilder("42");
				case "byte[]" -> bytes();
				case "Resource" -> new ByteArrayResource(bytes());
				case "InputStream" -> stream(new ByteArrayInputStream(bytes()));
				case "CompletionStage" -> CompletableFuture.completedStage("42");
				case "CompletionStage of bytes" -> CompletableFuture.completedFuture(bytes());
				case "CompletionStage of null" -> CompletableFuture.completedFuture(null);
				case "later" -> CompletableFuture.supplyAsync(() -> "42");
				case "Message" -> MessageBuilder.withPayload("42").build();
				case "number" -> 42;
				case "failing stage" -> CompletableFuture.failedStage(new NoSuchFileException("from the stage"));
				case "never" -> new CompletableFuture<String>();
				case "endless" -> stream(new Endless());
				case "broken" -> stream(new Broken());
				case "object" -> new Object();
				default -> null;
			};
		}

		private static byte[] bytes() {
			return "42".getBytes(StandardCharsets.UTF_8);
		}

		private InputStream stream(InputStream content) {
			return new FilterInputStream(content) {

				@Override
				public void close() {
					ManyReturnTypes.this.closes.incrementAndGet();
				}

			};
		}

	}

	private static final class Endless extends InputStream {

		@Override
		public int read() {
			return 'x';
		}

	}

	private static final class Broken extends InputStream {

		@Override
		public int read() throws IOException {
			throw new IOException("disk on fire");
		}

	}

	@PipeEndpoint("${test.pipe}")
	static class VoidHandler {

		@PipeMapping
		void take(@Payload String text) {
			assertThat(text).isEqualTo("x");
		}

	}

	@PipeEndpoint("${test.pipe}")
	static class ManyParameters {

		@PipeMapping
		String read(@Payload String text, @Header("pipeId") String pipe, PeerIdentity caller, Message<String> message,
				PipeExchange exchange) {
			return String.join("|", text, pipe, caller.name(), message.getPayload(),
					Boolean.toString(!exchange.isAnswered()));
		}

	}

	@PipeEndpoint("${test.pipe}")
	static class WithExceptionHandlers {

		@PipeMapping
		CompletionStage<String> read(@Payload String text) throws IOException {
			switch (text) {
				case "state":
					throw new IllegalStateException("state");
				case "cause":
					throw new IOException(new IllegalArgumentException("inner"));
				case "stage":
					return CompletableFuture.failedStage(new IllegalStateException("stage"));
				case "rethrow":
					throw new UnsupportedOperationException();
				default:
					throw new NoSuchFileException(text);
			}
		}

		@MessageExceptionHandler
		String handle(IllegalStateException ex) {
			return "handled " + ex.getMessage();
		}

		@MessageExceptionHandler
		String handle(IllegalArgumentException ex, @Payload String text) {
			return "handled " + ex.getMessage() + " for " + text;
		}

		@MessageExceptionHandler
		String handle(UnsupportedOperationException ex) throws IOException {
			throw new AccessDeniedException("rethrown");
		}

	}

}
