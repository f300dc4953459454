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

package io.namedpipe.protocol.chunked;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.client.PipeTemplate;
import io.namedpipe.deadline.Deadlines;
import io.namedpipe.listener.PipeContainerSettings;
import io.namedpipe.listener.PipeListenerContainer;
import io.namedpipe.listener.PipeListenerContainerFactory;
import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.PipeRequestException;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.memory.MemoryPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What the seam between protocols and containers carries: bodies that are read while they
 * arrive, both ways, and many exchanges on a connection.
 */
@Timeout(120)
@ParameterizedClass
@ValueSource(strings = { "memory", "system" })
class ChunkedProtocolTests {

	/** More than any buffer on the way. */
	private static final int LARGE = 20 * 1024 * 1024;

	private final PipeTransport transport;

	private final PipeAddress address = Pipes.uniqueAddress();

	private final Deadlines deadlines = new Deadlines("test-" + this.address);

	private PipeListenerContainer container;

	ChunkedProtocolTests(String transport) {
		this.transport = transport.equals("memory") ? new MemoryPipeTransport() : Pipes.systemTransport();
	}

	@BeforeEach
	void serve() {
		this.container = new PipeListenerContainerFactory(List.of(this.transport), List.of()).create(
				PipeContainerSettings.of("chunked", this.address, new ChunkedProtocol()).build(),
				ChunkedProtocolTests::handle);
		this.container.start();
	}

	private static void handle(PipeExchange exchange) throws IOException {
		PipeBody body = exchange.request().body();
		switch (exchange.request().route()) {
			case "echo" -> exchange.reply(PipeReply.of(PipeBody.of(body.stream(), PipeBody.UNKNOWN_LENGTH, "Echo")));
			case "count" -> exchange.reply(PipeReply.of(String.valueOf(body.stream().transferTo(nowhere()))));
			case "large" -> exchange.reply(PipeReply.of(PipeBody.of(zeros(), LARGE, "Zeros")));
			case "ignore" -> exchange.reply(PipeReply.of("ignored"));
			case "broken" -> exchange.reply(PipeReply.of(PipeBody.of(broken(), PipeBody.UNKNOWN_LENGTH, "Broken")));
			default -> throw new PipeRequestException(Code.NOT_FOUND, "there is no such route");
		}
	}

	private static OutputStream nowhere() {
		return OutputStream.nullOutputStream();
	}

	private static InputStream zeros() {
		return new InputStream() {

			private int left = LARGE;

			@Override
			public int read() {
				return (this.left-- > 0) ? 0 : -1;
			}

		};
	}

	private static InputStream broken() {
		return new InputStream() {

			private int count;

			@Override
			public int read() throws IOException {
				return read(new byte[1], 0, 1);
			}

			@Override
			public int read(byte[] target, int offset, int length) throws IOException {
				if (this.count > 200_000) {
					throw new IOException("disk on fire");
				}
				int read = Math.min(length, 1000);
				this.count += read;
				return read;
			}

		};
	}

	private ClientSession open() {
		PipeChannel channel = this.transport.connect(this.address, PipeClientOptions.defaults());
		return new ChunkedProtocol().open(new ClientConnection(this.address, channel,
				this.deadlines.watch(channel::close), Duration.ofSeconds(30), Duration.ofSeconds(30)));
	}

	private static PipeRequest request(String route, PipeBody body) {
		return new PipeRequest(route, Map.of(), body);
	}

	private static String text(PipeReply reply) throws IOException {
		try (PipeBody body = reply.body()) {
			return new String(body.bytes(1000), StandardCharsets.UTF_8);
		}
	}

	@AfterEach
	void close() throws Exception {
		CountDownLatch stopped = new CountDownLatch(1);
		this.container.stop(stopped::countDown);
		assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();
		this.deadlines.close();
		this.transport.close();
	}

	@Test
	void bodiesAreStreamedBothWaysWhileTheyArrive() throws Exception {
		try (ClientSession session = open();
				PipedOutputStream up = new PipedOutputStream();
				PipedInputStream content = new PipedInputStream(up)) {
			up.write("first".getBytes(StandardCharsets.UTF_8));
			CompletableFuture<PipeReply> reply = Background.run(() -> session
				.exchange(request("count", PipeBody.of(content, PipeBody.UNKNOWN_LENGTH, "The upload"))));
			byte[] block = new byte[1000];
			for (int i = 0; i < 1000; i++) {
				up.write(block);
			}
			assertThat(reply).isNotDone();
			up.close();
			assertThat(text(Background.get(reply))).isEqualTo("1000005");
		}
	}

	@Test
	void largeReplyIsReadAsSlowlyAsTheClientLikes() throws Exception {
		try (ClientSession session = open()) {
			PipeReply reply = session.exchange(request("large", PipeBody.empty()));
			assertThat(reply.body().isStream()).isTrue();
			InputStream stream = reply.body().stream();
			assertThat(stream.read()).isZero();
			assertThat(this.container.activeConnections()).isOne();
			assertThat(1 + stream.transferTo(nowhere())).isEqualTo(LARGE);
			assertThat(text(session.exchange(request("echo", PipeBody.of("next"))))).isEqualTo("next");
		}
	}

	@Test
	void manyExchangesShareAConnectionWhateverBecomesOfThem() throws Exception {
		try (ClientSession session = open()) {
			for (int i = 0; i < 50; i++) {
				String text = "request " + i;
				assertThat(text(session.exchange(request("echo", PipeBody.of(text))))).isEqualTo(text);
				assertThat(text(session.exchange(request("ignore", PipeBody.of(new byte[100_000])))))
					.isEqualTo("ignored");
				assertThatExceptionOfType(PipeRequestException.class)
					.isThrownBy(() -> session.exchange(request("nowhere", PipeBody.of(text))))
					.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(Code.NOT_FOUND));
			}
			assertThat(session.isReusable()).isTrue();
			assertThat(this.container.activeConnections()).isOne();
		}
	}

	@Test
	void replyThatFailsHalfWayNeverLooksComplete() throws Exception {
		try (ClientSession session = open()) {
			PipeReply reply = session.exchange(request("broken", PipeBody.empty()));
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> reply.body().stream().transferTo(nowhere()));
		}
	}

	@Test
	void templateLendsTheConnectionToAStreamUntilItIsClosed() throws Exception {
		try (PipeTemplate template = PipeTemplate.builder(this.transport)
			.address(this.address)
			.protocol(new ChunkedProtocol())
			.build()) {
			PipeReply reply = template.exchange(request("large", PipeBody.empty()));
			InputStream stream = reply.body().stream();
			requireNotFound(template);
			assertThat(this.container.activeConnections()).isEqualTo(2);
			assertThat(stream.transferTo(nowhere())).isEqualTo(LARGE);
			stream.close();
			requireNotFound(template);
			assertThat(this.container.activeConnections()).isEqualTo(2);
		}
		await().until(() -> this.container.activeConnections() == 0);
	}

	private static void requireNotFound(PipeTemplate template) {
		assertThatExceptionOfType(PipeRequestException.class).isThrownBy(() -> template.requestFile("x"))
			.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(Code.NOT_FOUND));
	}

}
