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

package io.namedpipe.listener;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.ServerTimeouts;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeImpersonationException;
import io.namedpipe.transport.PipeMessageTooLargeException;
import io.namedpipe.transport.memory.MemoryPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * Handlers that fail: the client is told, the server goes on, the log says enough and no
 * more.
 */
@Timeout(120)
class FailingHandlerTests {

	private final ContainerFixture fixture = new ContainerFixture("memory");

	@AfterEach
	void close() throws Exception {
		this.fixture.close();
	}

	private void startFailing(Throwable thrown) {
		this.fixture.start((context) -> {
			if (context.request().body().text().equals("fail")) {
				sneakyThrow(thrown);
			}
			return PipeReply.of("ok");
		});
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void sneakyThrow(Throwable thrown) throws T {
		throw (T) thrown;
	}

	static Stream<Throwable> defects() {
		return Stream.of(new IllegalStateException("defect"), new NullPointerException(), new Exception("checked"),
				new StackOverflowError("deep"), new NoClassDefFoundError("gone"), new AssertionError("wrong"),
				new OutOfMemoryError("pretended"), new Throwable("odd"),
				new CompletionException(new IllegalArgumentException("inner")));
	}

	@ParameterizedTest
	@MethodSource("defects")
	void defectEndsItsRequestAloneAndIsLoggedWithItsStackTrace(Throwable defect) {
		startFailing(defect);
		for (int i = 0; i < 6; i++) {
			assertThat(this.fixture.ask("fail")).isNull();
			assertThat(this.fixture.ask("next")).isEqualTo("ok");
		}
		await().untilAsserted(
				() -> assertThat(this.fixture.log.events()).filteredOn((event) -> event.getThrowableProxy() != null)
					.hasSize(6));
		assertThat(this.fixture.log.clientLines())
			.anyMatch((line) -> line.endsWith("refused, INTERNAL: the server failed to handle the request"));
	}

	static Stream<Arguments> refusals() {
		return Stream.of(Arguments.of(new NoSuchFileException("/a"), "NOT_FOUND: no such file: /a"),
				Arguments.of(new FileNotFoundException("/a"), "NOT_FOUND: /a"),
				Arguments.of(new AccessDeniedException("/a"), "ACCESS_DENIED: permission denied: /a"),
				Arguments.of(new PipeAccessDeniedException("not you"), "ACCESS_DENIED: not you"),
				Arguments.of(new PipeMessageTooLargeException("much"), "TOO_LARGE: much"),
				Arguments.of(new PipeImpersonationException("who"), "IMPERSONATION_FAILED: who"),
				Arguments.of(new TimeoutException(), "TIMEOUT: TimeoutException"),
				Arguments.of(new InvalidPathException("?", "bad"), "BAD_REQUEST: bad: ?"),
				Arguments.of(new FileSystemException("/a", null, "is a directory"), "BAD_REQUEST: /a: is a directory"),
				Arguments.of(new UncheckedIOException(new NoSuchFileException("/a")), "NOT_FOUND: no such file: /a"),
				Arguments.of(new CompletionException(new AccessDeniedException("/a")),
						"ACCESS_DENIED: permission denied: /a"));
	}

	@ParameterizedTest
	@MethodSource("refusals")
	void refusalIsOneLineWithoutAStackTrace(Exception refusal, String expected) {
		startFailing(refusal);
		assertThat(this.fixture.ask("fail")).isNull();
		assertThat(this.fixture.ask("next")).isEqualTo("ok");
		assertThat(this.fixture.log.clientLines()).singleElement()
			.asString()
			.startsWith("WARN Pipe '%s': request of ".formatted(this.fixture.id))
			.endsWith(" refused, " + expected);
		assertThat(this.fixture.log.hasStackTrace()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "memory, false", "unix, false", "unix, true" })
	void interruptOfAServingThreadHarmsNobodyElse(String transport, boolean virtual) throws Exception {
		assumeThat(virtual).as("virtual threads came with Java 21")
			.matches((is) -> !is || JRE.currentVersionNumber() >= 21);
		AtomicReference<Thread> serving = new AtomicReference<>();
		try (ContainerFixture other = new ContainerFixture(transport)) {
			other.start((settings) -> settings.maxConnections(1).virtualThreads(virtual), (context) -> {
				serving.set(Thread.currentThread());
				if (context.request().body().text().equals("interrupt")) {
					Thread.currentThread().interrupt();
				}
				return PipeReply.of("ok");
			});
			for (int i = 1; i <= 10; i++) {
				int interrupts = i;
				other.ask("interrupt");
				assertThat(other.ask("next")).isEqualTo("ok");
				Thread waiting = serving.get();
				await().until(() -> isWaiting(waiting));
				waiting.interrupt();
				if (virtual) {
					await().untilAsserted(() -> assertThat(other.acceptFailures).hasSize(interrupts)
						.last()
						.asString()
						.contains("interrupted"));
				}
				assertThat(other.ask("next")).isEqualTo("ok");
			}
			if (!virtual) {
				assertThat(other.acceptFailures).isEmpty();
			}
		}
	}

	private static boolean isWaiting(Thread thread) {
		return Arrays.stream(thread.getStackTrace())
			.anyMatch((frame) -> frame.getClassName().startsWith("io.namedpipe.transport.")
					&& frame.getMethodName().equals("accept"));
	}

	@Test
	void inputOrOutputThatFailsIsOneLineWithoutAStackTrace() {
		startFailing(new IOException("disk on fire"));
		assertThat(this.fixture.ask("fail")).isNull();
		assertThat(this.fixture.log.clientLines()).singleElement()
			.asString()
			.endsWith(" refused, INTERNAL: disk on fire");
		assertThat(this.fixture.log.hasStackTrace()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "false, The reply broke off: java.io.IOException: disk on fire",
			"true, The reply broke off: java.lang.IllegalStateException: defect" })
	void replyThatBreaksOffEndsTheConnectionAndIsLoggedWithItsCause(boolean defect, String expected) throws Exception {
		try (ContainerFixture http = new ContainerFixture(new MemoryPipeTransport(), new HttpProtocol())) {
			http.start((exchange) -> PipeReply.of(PipeBody.of((stream) -> {
				stream.write(new byte[100_000]);
				if (defect) {
					throw new IllegalStateException("defect");
				}
				throw new IOException("disk on fire");
			})));
			PipeChannel client = http.connect();
			client.write(ByteBuffer.wrap("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
			String reply = new String(client.inputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
			assertThat(reply).startsWith("HTTP/1.1 200 ").doesNotEndWith("\r\n0\r\n\r\n");
			await().untilAsserted(() -> assertThat(http.log.clientLines()).last().asString().endsWith(expected));
			assertThat(http.log.hasStackTrace()).isEqualTo(defect);
		}
	}

	@Test
	void replyThatDoesNotFitIsNotSentAtAll() {
		this.fixture.start((context) -> PipeReply
			.of("x".repeat(context.request().body().text().equals("huge") ? 32_768 : 32_767)));
		assertThat(this.fixture.ask("huge")).isNull();
		assertThat(this.fixture.ask("great")).hasSize(32_767);
		assertThat(this.fixture.log.clientLines()).singleElement()
			.asString()
			.contains(" refused, TOO_LARGE: The text has 32768 UTF-16 code units");
	}

	@Test
	void streamOfAReplyIsClosedWhateverHappens() {
		AtomicInteger closes = new AtomicInteger();
		this.fixture.start((context) -> PipeReply.of(PipeBody.of(new InputStream() {

			@Override
			public int read() throws IOException {
				if (context.request().body().text().equals("broken")) {
					throw new IOException("disk on fire");
				}
				return context.request().body().text().equals("endless") ? 'x' : -1;
			}

			@Override
			public void close() {
				closes.incrementAndGet();
			}

		}, PipeBody.UNKNOWN_LENGTH, "The stream")));
		assertThat(this.fixture.ask("broken")).isNull();
		assertThat(this.fixture.ask("endless")).isNull();
		assertThat(this.fixture.ask("empty")).isEmpty();
		assertThat(closes).hasValue(3);
		assertThat(this.fixture.log.hasStackTrace()).isFalse();
	}

	@Test
	void handlerThatTakesTooLongIsOneLineAndItsClientIsLetGo() {
		this.fixture.start(
				(settings) -> settings.timeouts(ServerTimeouts.DEFAULTS.withRequest(Duration.ofMillis(1500))),
				(context) -> {
					if (context.request().body().text().equals("slow")) {
						await().until(context::isClientGone);
					}
					return PipeReply.of("ok");
				});
		assertThat(this.fixture.ask("slow")).isNull();
		assertThat(this.fixture.ask("next")).isEqualTo("ok");
		await().untilAsserted(() -> assertThat(this.fixture.log.clientLines()).singleElement()
			.asString()
			.startsWith("WARN")
			.endsWith("was closed: Handling the request took longer than 1500 ms (request-timeout)"));
	}

}
