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

package io.namedpipe.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.memory.MemoryPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * A client that is interrupted in any of its waits: it throws an exception, stays
 * interrupted, and gives up its connection.
 */
@Timeout(120)
@ParameterizedClass
@ValueSource(strings = { "memory", "unix" })
class InterruptedCallTests {

	private static final int MUCH = 30_000_000;

	@TempDir
	private Path folder;

	private final PipeTransport transport;

	private final PipeAddress address = Pipes.uniqueAddress();

	private final List<PipeChannel> accepted = new CopyOnWriteArrayList<>();

	private PipeServerChannel server;

	InterruptedCallTests(String transport) {
		this.transport = transport.equals("memory") ? new MemoryPipeTransport() : Pipes.systemTransport();
	}

	@BeforeEach
	void listen() {
		this.server = this.transport.bind(this.address, PipeServerOptions.defaults());
	}

	@AfterEach
	void close() {
		this.accepted.forEach(PipeChannel::close);
		this.server.close();
		this.transport.close();
	}

	// Says this to each client, and nothing more.
	private void serve(String text) {
		Background.run(() -> {
			while (true) {
				PipeChannel client = this.server.accept();
				client.write(StandardCharsets.ISO_8859_1.encode(text));
				this.accepted.add(client);
			}
		});
	}

	@ParameterizedTest
	@EnumSource
	void callSaysThatItWasInterruptedAndStaysSo(Wait wait) throws Exception {
		serve(wait.said);
		try (PipeTemplate template = template(wait.protocol)) {
			List<Object> outcome = interrupted(() -> wait.call.run(template, this.folder),
					() -> !this.accepted.isEmpty(), wait.where);
			assertInterrupted(outcome);
			if (wait != Wait.POOL) {
				assertThat(this.accepted).singleElement();
				assertThat(isEnded(this.accepted.get(0))).isTrue();
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void callOfAThreadThatIsInterruptedAlreadySaysSo(Wait wait) throws Exception {
		serve(wait.said);
		try (PipeTemplate template = template(wait.protocol)) {
			assertInterrupted(Background.get(Background.run(() -> {
				Thread.currentThread().interrupt();
				return outcome(() -> wait.call.run(template, this.folder));
			})));
		}
	}

	@Test
	void waitForAServerSaysThatItWasInterrupted() throws Exception {
		PipeClientOptions options = PipeClientOptions.builder().waitForServer(Duration.ofMinutes(1)).build();
		assertInterrupted(interrupted(() -> this.transport.connect(Pipes.uniqueAddress(), options), () -> true,
				"ConnectBudget."));
	}

	@Test
	void cancelledCallClosesItsConnectionWhereverItWaits() throws Exception {
		serve("");
		try (PipeTemplate template = template(new HttpProtocol())) {
			List<Future<?>> calls = new ArrayList<>();
			calls.add(template.route("x").async().retrieve(String.class));
			calls.add(template.route("x").async().upload(new ByteArrayInputStream(new byte[MUCH])));
			calls.add(template.route("x").async().download(this.folder.resolve("target")));
			await().until(() -> this.accepted.size() == calls.size());
			calls.forEach((call) -> call.cancel(true));
			for (PipeChannel each : this.accepted) {
				assertThat(isEnded(each)).isTrue();
			}
		}
	}

	@Test
	void callThatWaitsForAThreadEndsWhenTheClientIsClosed() throws Exception {
		serve("");
		List<CompletableFuture<String>> calls = new ArrayList<>();
		try (PipeTemplate template = template(new HttpProtocol())) {
			for (int i = 0; i < 200; i++) {
				calls.add(template.route("x").async().retrieve(String.class));
			}
		}
		for (CompletableFuture<String> call : calls) {
			assertThatExceptionOfType(PipeException.class).isThrownBy(() -> Background.get(call));
		}
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> Background.get(calls.get(199)));
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void errorOfABodyEndsItsRequestAtOnce(boolean known) {
		serve("");
		InputStream body = new InputStream() {

			@Override
			public int read() {
				throw new StackOverflowError("of a body");
			}

		};
		try (PipeTemplate template = template(new HttpProtocol())) {
			Object content = known ? PipeBody.of(body, 10, "a body") : body;
			assertThatExceptionOfType(StackOverflowError.class)
				.isThrownBy(() -> template.route("x").method("POST").payload(content).exchange())
				.withMessage("of a body");
		}
	}

	private PipeTemplate template(PipeProtocol protocol) {
		return PipeTemplate.builder(this.transport)
			.address(this.address)
			.protocol(protocol)
			.options(PipeClientOptions.builder().connectTimeout(Duration.ofMinutes(1)).build())
			.requestTimeout(Duration.ofMinutes(1))
			.build();
	}

	private static void assertInterrupted(List<Object> outcome) {
		// The JDK's streams throw the first one, all other code the second one.
		assertThat(outcome.get(0)).isInstanceOfAny(IOException.class, PipeException.class)
			.asString()
			.containsIgnoringCase("interrupted");
		assertThat(outcome.get(1)).as("interrupt status").isEqualTo(true);
	}

	// The exception of a call, and whether its thread was interrupted afterwards.
	private static List<Object> outcome(Body body) {
		Object thrown = "nothing thrown";
		try {
			body.run();
		}
		catch (Throwable ex) {
			thrown = ex;
		}
		return List.of(thrown, Thread.currentThread().isInterrupted());
	}

	private static List<Object> interrupted(Body body, Callable<Boolean> begun, String where) throws Exception {
		CompletableFuture<Thread> thread = new CompletableFuture<>();
		CompletableFuture<List<Object>> outcome = Background.run(() -> {
			thread.complete(Thread.currentThread());
			return outcome(body);
		});
		Thread calling = Background.get(thread);
		await().until(begun);
		List<StackTraceElement> before = new ArrayList<>();
		await().until(() -> {
			List<StackTraceElement> now = List.of(calling.getStackTrace());
			// Twice, since a short wait ends by itself.
			boolean waiting = now.equals(before) && isWaiting(now, where);
			before.clear();
			before.addAll(now);
			return waiting;
		});
		calling.interrupt();
		return Background.get(outcome);
	}

	private static boolean isWaiting(List<StackTraceElement> frames, String where) {
		return !frames.isEmpty() && frames.get(0).isNativeMethod()
				&& frames.stream().anyMatch((frame) -> frame.toString().contains(where));
	}

	private static boolean isEnded(PipeChannel channel) {
		ByteBuffer buffer = ByteBuffer.allocate(100_000);
		try {
			while (channel.read(buffer.clear()) >= 0) {
				// Bytes that were sent before.
			}
			return true;
		}
		catch (PipeException ex) {
			return true;
		}
	}

	enum Wait {

		RESPONSE(new HttpProtocol(), "", (template, folder) -> template.route("x").retrieve(String.class)),

		HALF_A_RESPONSE(new HttpProtocol(), "HTTP/1.1 200 OK\r\nContent-Le",
				(template, folder) -> template.route("x").retrieve(String.class)),

		BODY(new HttpProtocol(), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
				(template, folder) -> template.route("x").retrieve(String.class)),

		STREAM(new HttpProtocol(), "HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\nabc", (template, folder) -> {
			try (InputStream content = template.route("x").body()) {
				content.readAllBytes();
			}
		}),

		CHUNKS(new HttpProtocol(), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
				(template, folder) -> {
					try (InputStream content = template.route("x").body()) {
						content.readAllBytes();
					}
				}),

		DOWNLOAD(new HttpProtocol(), "HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\nabc",
				(template, folder) -> template.route("x").download(folder.resolve("target"))),

		UPLOAD(new HttpProtocol(), "",
				(template, folder) -> template.route("x").upload(new ByteArrayInputStream(new byte[MUCH]))),

		LARGE_REQUEST(new HttpProtocol(), "HTTP/1.1 100 Continue\r\n\r\n",
				(template, folder) -> template.route("x").payload(new byte[MUCH]).exchange()),

		POOL(new HttpProtocol(), "HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\nabc", (template, folder) -> {
			List<Object> open = new ArrayList<>();
			while (true) {
				open.add(template.route("x").body());
			}
		}),

		REPLY_TEXT(new StreamStringProtocol(), greeting(), (template, folder) -> template.requestFile("x")),

		HALF_A_TEXT(new StreamStringProtocol(), greeting() + "\0\u0004a\0",
				(template, folder) -> template.requestFile("x")),

		GREETING(new StreamStringProtocol(), "", (template, folder) -> template.requestFile("x")),

		CHANNEL_READ(new HttpProtocol(), "",
				(template, folder) -> template.execute((channel) -> channel.read(ByteBuffer.allocate(1)))),

		CHANNEL_WRITE(new HttpProtocol(), "", (template, folder) -> template.execute((channel) -> {
			channel.write(ByteBuffer.allocate(MUCH));
			return "";
		}));

		private final PipeProtocol protocol;

		private final String said;

		private final Call call;

		private final String where;

		Wait(PipeProtocol protocol, String said, Call call) {
			this.protocol = protocol;
			this.said = said;
			this.call = call;
			this.where = name().equals("POOL") ? "ConnectionPool.await(" : "io.namedpipe.transport.";
		}

		private static String greeting() {
			return StandardCharsets.ISO_8859_1.decode(Pipes.frame("I am the one true server!")).toString();
		}

	}

	@FunctionalInterface
	interface Call {

		void run(PipeTemplate template, Path folder) throws Exception;

	}

	@FunctionalInterface
	private interface Body {

		void run() throws Exception;

	}

}
