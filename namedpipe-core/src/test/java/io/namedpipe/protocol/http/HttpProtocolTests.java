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

package io.namedpipe.protocol.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.client.PipeTemplate;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.PipeRequestException;
import io.namedpipe.protocol.ServerTimeouts;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeChannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Both sides, over a container.
 */
@Timeout(120)
@ParameterizedClass
@ValueSource(strings = { "memory", "system" })
class HttpProtocolTests {

	private final HttpContainer server;

	HttpProtocolTests(String transport) {
		this.server = new HttpContainer(HttpContainer.transport(transport), Pipes.uniqueAddress(),
				ServerTimeouts.DEFAULTS);
	}

	@BeforeEach
	void isRunning() {
		assertThat(this.server.container.activeConnections()).isZero();
	}

	@AfterEach
	void close() throws Exception {
		this.server.close();
	}

	@Test
	void manyExchangesShareAConnectionWhateverBecomesOfThem() throws Exception {
		try (ClientSession session = this.server.open()) {
			for (int i = 0; i < 50; i++) {
				String text = "request " + i;
				assertThat(exchange(session, "echo", text)).isEqualTo(text);
				assertThat(exchange(session, "ignore", "x".repeat(20_000))).isEqualTo("ignored");
				assertThatExceptionOfType(PipeRequestException.class)
					.isThrownBy(() -> exchange(session, "nowhere", text))
					.withMessage("there is no such route")
					.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(Code.NOT_FOUND));
				assertThatExceptionOfType(PipeRequestException.class)
					.isThrownBy(() -> exchange(session, "text", "x".repeat(2_000)))
					.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(Code.TOO_LARGE));
			}
			assertThat(session.isReusable()).isTrue();
			assertThat(this.server.container.activeConnections()).isOne();
		}
	}

	private static String exchange(ClientSession session, String route, String text) throws IOException {
		return HttpContainer.text(session.exchange(HttpContainer.request(route, PipeBody.of(text))));
	}

	@Test
	void largeBodiesAreStreamedBothWays() throws Exception {
		try (ClientSession session = this.server.open()) {
			for (long length : new long[] { HttpContainer.LARGE, PipeBody.UNKNOWN_LENGTH }) {
				PipeBody upload = PipeBody.of(HttpContainer.zeros(), length, "Zeros");
				assertThat(HttpContainer.text(session.exchange(HttpContainer.request("count", upload))))
					.isEqualTo(String.valueOf(HttpContainer.LARGE));
			}
			InputStream download = session.exchange(HttpContainer.request("large", PipeBody.empty())).body().stream();
			assertThat(download.transferTo(OutputStream.nullOutputStream())).isEqualTo(HttpContainer.LARGE);
			assertThat(session.isReusable()).isTrue();
		}
	}

	@Test
	void replyThatFailsHalfWayNeverLooksComplete() throws Exception {
		try (ClientSession session = this.server.open()) {
			PipeReply reply = session.exchange(HttpContainer.request("broken", PipeBody.empty()));
			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> reply.body().stream().transferTo(OutputStream.nullOutputStream()));
			assertThat(session.isReusable()).isFalse();
		}
	}

	@Test
	void uploadThatFailsEndsTheConnectionAndNeverLooksComplete() throws Exception {
		InputStream failing = new InputStream() {

			private int left = 100_000;

			@Override
			public int read() throws IOException {
				if (this.left-- <= 0) {
					throw new IOException("disk on fire");
				}
				return 'x';
			}

		};
		try (ClientSession session = this.server.open()) {
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(
					() -> session.exchange(HttpContainer.request("count", PipeBody.of(failing, -1, "Failing"))));
			assertThat(session.isReusable()).isFalse();
		}
		await().until(() -> this.server.container.activeConnections() == 0);
	}

	@Test
	void requestThatIsTooLongForTheServerIsAnsweredThoughItIsNotRead() throws Exception {
		try (ClientSession session = this.server.open()) {
			PipeReply reply = session.exchange(
					HttpContainer.request("ignore", PipeBody.of(HttpContainer.zeros(), HttpContainer.LARGE, "Zeros")));
			assertThat(HttpContainer.text(reply)).isEqualTo("ignored");
			assertThat(session.isReusable()).isFalse();
		}
	}

	@Test
	void templateHasRoutesHeadersAndStreams() throws Exception {
		try (PipeTemplate template = PipeTemplate.builder(this.server.transport)
			.address(this.server.address)
			.protocol(new HttpProtocol())
			.build()) {
			PipeReply reply = template.exchange(new PipeRequest("query",
					Map.of(HttpProtocol.METHOD, "DELETE", HttpProtocol.QUERY, "a=b"), PipeBody.empty()));
			assertThat(reply.body().text()).isEqualTo("DELETE a=b");
			assertThat(reply.headers()).containsEntry(HttpProtocol.STATUS, "200");
			try (PipeBody large = template.exchange(HttpContainer.request("large", PipeBody.empty())).body()) {
				assertThat(large.length()).isEqualTo(HttpContainer.LARGE);
				assertThat(large.stream().read()).isZero();
			}
			await().until(() -> this.server.container.activeConnections() == 0);
			assertThatExceptionOfType(PipeRequestException.class).isThrownBy(() -> template.requestFile("x"))
				.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(Code.NOT_FOUND));
		}
	}

	@Test
	void requestsOfManyClientsAreNotMixedUp() throws Exception {
		List<CompletableFuture<Integer>> clients = new ArrayList<>();
		for (int i = 0; i < 64; i++) {
			String name = "client " + i;
			clients.add(Background.run(name, () -> {
				int answered = 0;
				try (ClientSession session = this.server.open()) {
					for (int k = 0; k < 30; k++) {
						String text = name + " " + k;
						InputStream stream = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
						PipeBody body = (k % 2 == 0) ? PipeBody.of(text) : PipeBody.of(stream, -1, "The text");
						PipeReply reply = session.exchange(HttpContainer.request((k % 3 == 0) ? "text" : "echo", body));
						answered += HttpContainer.text(reply).equals(text) ? 1 : 0;
					}
				}
				return answered;
			}));
		}
		for (CompletableFuture<Integer> client : clients) {
			assertThat(Background.get(client)).isEqualTo(30);
		}
	}

	@Test
	void requestsThatAreSentAheadAreAnsweredInOrder() throws Exception {
		try (PipeChannel channel = this.server.connect()) {
			StringBuilder requests = new StringBuilder();
			for (int i = 0; i < 100; i++) {
				requests.append("GET /query?").append(i).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
			}
			HttpContainer.send(channel, requests + "GET /query HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
			String answer = HttpContainer.readToEnd(channel);
			int position = 0;
			for (int i = 0; i < 100; i++) {
				position = answer.indexOf("\r\n\r\nGET " + i + "HTTP/1.1", position);
				assertThat(position).isPositive();
			}
		}
	}

	@Test
	void stopEndsKeptConnectionsAtOnce() throws Exception {
		try (ClientSession session = this.server.open(); PipeChannel silent = this.server.connect()) {
			exchange(session, "echo", "x");
			// A client that is accepted during the stop is refused.
			await().until(() -> this.server.container.activeConnections() == 2);
			long start = System.nanoTime();
			this.server.stop();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
			assertThat(HttpContainer.readToEnd(silent)).isEmpty();
		}
	}

}
