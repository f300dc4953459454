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
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeNoReplyException;
import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.protocol.PipeRemoteException;
import io.namedpipe.testing.Background;
import io.namedpipe.transport.PipeResetException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * A client of HTTP and servers that answer too early, too much, too little or twice.
 */
@Timeout(120)
@ParameterizedClass
@ValueSource(strings = { "memory", "unix" })
class HostileServerTests {

	private static final String TOO_LARGE = "HTTP/1.1 413 Content Too Large\r\nContent-Type: application/problem+json\r\n"
			+ "Content-Length: 63\r\n\r\n"
			+ "{\"title\":\"Content Too Large\",\"detail\":\"no more\",\"fields\":{\"a\":1}}".substring(0, 63);

	private final String transport;

	private HttpPeer peer;

	HostileServerTests(String transport) {
		this.transport = transport;
	}

	private PipeTemplate serve(HttpPeer.Conversation conversation) {
		this.peer = new HttpPeer(this.transport, conversation);
		return this.peer.builder().requestTimeout(Duration.ofSeconds(60)).build();
	}

	@AfterEach
	void close() {
		this.peer.close();
		assertThat(this.peer.failures).isEmpty();
	}

	@Test
	void bodyThatTheServerDoesNotWantIsNotSent() {
		try (PipeTemplate template = serve((client) -> {
			assertThat(client.readHead()).contains("Expect: 100-continue\r\n");
			client.send(TOO_LARGE);
			client.drain();
		})) {
			Endless endless = new Endless();
			assertThatExceptionOfType(PipeRemoteException.class)
				.isThrownBy(() -> template.route("x").payload(endless).retrieve(String.class))
				.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(Code.TOO_LARGE));
			assertThat(endless.read).hasValue(0);
		}
	}

	@Test
	void answerBeforeTheEndOfTheRequestIsSeen() throws Exception {
		CompletableFuture<Void> seen = new CompletableFuture<>();
		try (PipeTemplate template = serve((client) -> {
			client.readHead();
			client.send("HTTP/1.1 100 Continue\r\n\r\n");
			client.read(100_000);
			client.send(TOO_LARGE);
			// The server does not read the request, and the connection stays open.
			Background.get(seen);
		})) {
			assertThatExceptionOfType(PipeRemoteException.class)
				.isThrownBy(() -> template.route("x").payload(new Endless()).retrieve(String.class))
				.satisfies((ex) -> assertThat(ex.getStatus()).isEqualTo(413));
			seen.complete(null);
		}
	}

	@Test
	void largeBytesAreAbandonedAsWell() throws Exception {
		CompletableFuture<Void> seen = new CompletableFuture<>();
		try (PipeTemplate template = serve((client) -> {
			assertThat(client.readHead()).doesNotContain("Expect");
			client.send(TOO_LARGE);
			Background.get(seen);
		})) {
			assertThatExceptionOfType(PipeRemoteException.class)
				.isThrownBy(() -> template.route("x").payload(new byte[20_000_000]).retrieve(String.class));
			seen.complete(null);
		}
	}

	@Test
	void serverThatIgnoresTheExpectationGetsTheBody() {
		try (PipeTemplate template = serve((client) -> {
			client.readHead();
			assertThat(client.read(12)).asString(StandardCharsets.US_ASCII).isEqualTo("3\r\nabc\r\n0\r\n\r");
			client.read(1);
			client.answer("got it");
			client.drain();
		})) {
			assertThat(template.route("x")
				.payload(new ByteArrayInputStream(new byte[] { 'a', 'b', 'c' }))
				.retrieve(String.class)).isEqualTo("got it");
		}
	}

	@Test
	void requestIsSentWithoutTheExpectationThatAServerRefuses() throws Exception {
		try (PipeTemplate template = serve((client) -> {
			if (client.readHead().contains("Expect: ")) {
				client.send("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n");
			}
			else {
				assertThat(client.read(12)).asString(StandardCharsets.US_ASCII).isEqualTo("3\r\nabc\r\n0\r\n\r");
				client.read(1);
				client.answer("got it");
			}
			client.drain();
		})) {
			for (int i = 0; i < 2; i++) {
				AtomicInteger closed = new AtomicInteger();
				InputStream content = new ByteArrayInputStream(new byte[] { 'a', 'b', 'c' }) {

					@Override
					public void close() {
						closed.incrementAndGet();
					}

				};
				assertThat(template.route("x").payload(content).retrieve(String.class)).isEqualTo("got it");
				await().untilAsserted(() -> assertThat(closed).hasPositiveValue());
			}
			// One of them was asked for.
			assertThat(this.peer.heads).hasSize(3);
		}
	}

	@Test
	void answerWhileTheRequestIsStillSentIsReadBesideIt() throws Exception {
		byte[] chunk = new byte[200_000];
		try (PipeTemplate template = serve((client) -> {
			client.readHead();
			client.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
			for (int i = 0; i < 20; i++) {
				// More than any buffer: each waits for the other in the wrong order.
				client.send("30d40\r\n" + new String(chunk, StandardCharsets.ISO_8859_1) + "\r\n");
			}
			client.read(4_000_000);
			client.send("0\r\n\r\n");
			client.drain();
		})) {
			try (InputStream content = template.route("x").payload(new byte[4_000_000]).body()) {
				assertThat(content.readAllBytes()).hasSize(4_000_000);
			}
		}
	}

	@Test
	void sourceThatFailsEndsTheRequestWithItsFailure() {
		CompletableFuture<Boolean> ended = new CompletableFuture<>();
		try (PipeTemplate template = serve((client) -> {
			client.readHead();
			client.send("HTTP/1.1 100 Continue\r\n\r\n");
			client.drain();
			ended.complete(true);
		})) {
			InputStream broken = new InputStream() {

				@Override
				public int read() throws IOException {
					throw new IOException("disk on fire");
				}

			};
			assertThatExceptionOfType(UncheckedIOException.class)
				.isThrownBy(() -> template.route("x").payload(broken).retrieve(String.class))
				.withMessageContaining("disk on fire");
			assertThat(ended.orTimeout(Background.PATIENCE_SECONDS, java.util.concurrent.TimeUnit.SECONDS))
				.isCompletedWithValueMatchingWithin((value) -> value, Duration.ofSeconds(Background.PATIENCE_SECONDS));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
			"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", "\r\n", "x" })
	void bytesThatNobodyAskedForAreNobodysAnswer(String more) {
		try (PipeTemplate template = serve((client) -> {
			client.readHead();
			client.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" + more);
			client.drain();
		})) {
			for (int i = 0; i < 3; i++) {
				assertThat(template.route("x").retrieve(String.class)).isEqualTo("ok");
			}
			assertThat(this.peer.connections).hasValue(3);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nhello",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n" })
	void contentThatBreaksOffFails(String answer) throws IOException {
		try (PipeTemplate template = serve((client) -> {
			client.readHead();
			client.send(answer);
		})) {
			try (InputStream content = template.route("x").body()) {
				assertThat(content.readNBytes(5)).asString(StandardCharsets.US_ASCII).isEqualTo("hello");
				assertThatExceptionOfType(IOException.class).isThrownBy(content::readAllBytes)
					.withCauseInstanceOf(PipeResetException.class);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "H", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhello",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
			"HTTP/1.1 500 X\r\nContent-Length: 99\r\n\r\nhello" })
	void connectionThatEndsWithinAnAnswerIsReset(String answer) {
		try (PipeTemplate template = serve((client) -> {
			client.readHead();
			client.send(answer);
		})) {
			assertThatExceptionOfType(PipeResetException.class)
				.isThrownBy(() -> template.route("x").retrieve(String.class));
			assertThat(this.peer.connections).hasValue(1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", "hello",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nuntil the end",
			"HTTP/1.1 101 Switching Protocols\r\n\r\n" })
	void answerThatIsNoneIsAnError(String answer) {
		try (PipeTemplate template = serve((client) -> {
			client.readHead();
			client.send(answer);
		})) {
			assertThatExceptionOfType(PipeProtocolException.class)
				.isThrownBy(() -> template.route("x").retrieve(String.class));
		}
	}

	@Test
	void answerThatIsNoHttpIsNotWaitedFor() {
		CompletableFuture<Void> refused = new CompletableFuture<>();
		try (PipeTemplate template = serve((client) -> {
			client.readHead();
			client.send("login: ");
			Background.get(refused);
		})) {
			assertThatExceptionOfType(PipeProtocolException.class)
				.isThrownBy(() -> template.route("x").retrieve(String.class))
				.withMessage("The reply is not HTTP, but begins with 'login: '");
		}
		finally {
			refused.complete(null);
		}
	}

	@Test
	void textOfAnAnswerHasItsCharset() {
		try (PipeTemplate template = serve((client) -> {
			client.readHead();
			client.send(
					"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=ISO-8859-1\r\nContent-Length: 2\r\n\r\nh\u00e9");
		})) {
			assertThat(template.route("x").retrieve(String.class)).isEqualTo("h\u00e9");
		}
	}

	@Test
	void interimAnswersWithoutEndAreAnError() {
		try (PipeTemplate template = serve((client) -> {
			client.readHead();
			while (client.channel.isOpen()) {
				client.send("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
			}
		})) {
			assertThatExceptionOfType(PipeProtocolException.class)
				.isThrownBy(() -> template.route("x").retrieve(String.class));
		}
	}

	@Test
	void problemSaysWhatItSays() {
		String json = "{\"type\":\"urn:x\",\"title\":\"Invalid\",\"status\":422,\"detail\":\"see fields\",\"code\":\"BAD_REQUEST\","
				+ "\"fields\":{\"name\":\"must not be blank\",\"size\":\"too \\u0041\"},\"n\":[1,2.5,true,null,{}]}";
		try (PipeTemplate template = serve((client) -> {
			client.readHead();
			client.send("HTTP/1.1 422 Whatever\r\nContent-Type: application/problem+json\r\nContent-Length: "
					+ json.length() + "\r\n\r\n" + json);
			client.drain();
		})) {
			assertThatExceptionOfType(PipeRemoteException.class)
				.isThrownBy(() -> template.route("x").retrieve(String.class))
				.withMessage("see fields")
				.satisfies((ex) -> {
					assertThat(ex.getStatus()).isEqualTo(422);
					assertThat(ex.getTitle()).isEqualTo("Invalid");
					assertThat(ex.getFields()).containsEntry("name", "must not be blank")
						.containsEntry("size", "too A");
					assertThat(ex.getProperties()).containsEntry("type", "urn:x");
					assertThat(ex.getProperties().get("n")).hasToString("[1, 2.5, true, {}]");
				});
		}
	}

	@Test
	void answerThatNeverComesIsNone() {
		try (PipeTemplate template = serve(HttpPeer.Client::readHead)) {
			assertThatExceptionOfType(PipeNoReplyException.class)
				.isThrownBy(() -> template.route("x").retrieve(String.class));
			assertThat(this.peer.connections).hasValue(1);
		}
	}

	/**
	 * A stream without an end.
	 */
	private static final class Endless extends InputStream {

		private final AtomicLong read = new AtomicLong();

		@Override
		public int read() {
			this.read.incrementAndGet();
			return 'x';
		}

	}

}
