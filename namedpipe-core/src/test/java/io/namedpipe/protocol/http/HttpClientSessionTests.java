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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeNoReplyException;
import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.PipeRequestException;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.testing.Sessions;
import io.namedpipe.transport.PipeResetException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * The client's side, byte by byte.
 */
class HttpClientSessionTests {

	private static final String EMPTY = "HTTP/1.1 204 No Content\r\n\r\n";

	private static final PipeRequest GET = new PipeRequest("x", Map.of(), PipeBody.empty());

	private static ScriptedChannel channel(String reply) {
		return ScriptedChannel.byteByByte(ByteBuffer.wrap(HttpWire.bytes(reply)));
	}

	private static ClientSession open(ScriptedChannel channel) {
		return Sessions.open(new HttpProtocol(), channel);
	}

	private static PipeReply exchange(String reply) {
		return open(channel(reply)).exchange(GET);
	}

	private static String sent(PipeRequest request) {
		ScriptedChannel channel = channel(EMPTY);
		open(channel).exchange(request);
		return new String(channel.written(), StandardCharsets.ISO_8859_1);
	}

	@Test
	void requestIsSentAsItsPartsSay() {
		assertThat(sent(GET)).isEqualTo("GET /x HTTP/1.1\r\nHost: pipe\r\n\r\n");
		assertThat(sent(PipeRequest.of("\u00e9"))).isEqualTo(
				"POST / HTTP/1.1\r\nHost: pipe\r\nContent-Type: text/plain;charset=UTF-8\r\nContent-Length: 2\r\n\r\n\u00c3\u00a9");
		assertThat(sent(new PipeRequest("a b/\u00e9%?#", Map.of(":method", "PUT", ":query", "q=1"), PipeBody.empty())))
			.isEqualTo("PUT /a%20b/%C3%A9%25%3F%23?q=1 HTTP/1.1\r\nHost: pipe\r\nContent-Length: 0\r\n\r\n");
		assertThat(sent(new PipeRequest("x", Map.of("host", "h"),
				PipeBody.of(new ByteArrayInputStream(new byte[] { 'y' }), 1, "It"))))
			.isEqualTo("POST /x HTTP/1.1\r\nhost: h\r\nContent-Type: application/octet-stream\r\n"
					+ "Content-Length: 1\r\n\r\ny");
	}

	@Test
	void bodyOfUnknownLengthIsSentWhenTheServerWantsIt() {
		CountDownLatch sent = new CountDownLatch(1);
		ScriptedChannel channel = new ScriptedChannel(ByteBuffer.wrap(HttpWire.bytes("HTTP/1.1 100 Continue\r\n\r\n")),
				ByteBuffer.wrap(HttpWire.bytes(EMPTY))) {

			private int reads;

			@Override
			public int read(ByteBuffer destination) {
				if (this.reads++ == 1) {
					await().until(() -> sent.getCount() == 0);
				}
				return super.read(destination);
			}

			@Override
			public void write(ByteBuffer source) {
				super.write(source);
				if (new String(written(), StandardCharsets.ISO_8859_1).endsWith("\r\n0\r\n\r\n")) {
					sent.countDown();
				}
			}

		};
		open(channel).exchange(new PipeRequest("x", Map.of("host", "h"),
				PipeBody.of(new ByteArrayInputStream(new byte[] { 'y' }), PipeBody.UNKNOWN_LENGTH, "It")));
		assertThat(new String(channel.written(), StandardCharsets.ISO_8859_1))
			.isEqualTo("POST /x HTTP/1.1\r\nhost: h\r\nContent-Type: application/octet-stream\r\n"
					+ "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n1\r\ny\r\n0\r\n\r\n");
	}

	@ParameterizedTest
	@CsvSource({ ":method, G T", ":method, CONNECT", ":query, a b", ":query, a#b", "X Y, z", "Content-Length, 1",
			"Connection, close", ":path, a b", ":path, a%2", ":other, x" })
	void requestThatCannotBeSentIsRefusedBeforeAnythingIsSent(String name, String value) {
		ScriptedChannel channel = channel(EMPTY);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> open(channel).exchange(new PipeRequest("x", Map.of(name, value), PipeBody.empty())));
		assertThat(channel.written()).isEmpty();
	}

	@Test
	void smallReplyIsReadAtOnce() throws IOException {
		PipeReply text = exchange(
				"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-A: 1\r\nContent-Length: 2\r\n\r\n{}");
		assertThat(text.body().text()).isEqualTo("{}");
		assertThat(text.headers()).isEqualTo(
				Map.of(":status", "200", ":content-length", "2", "content-type", "application/json", "x-a", "1"));
		PipeReply bytes = exchange("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}");
		assertThat(bytes.body().text()).isNull();
		assertThat(bytes.body().bytes(10)).containsExactly('{', '}');
		assertThat(exchange(
				"HTTP/1.1 200\u0020\r\nContent-Type: text/plain;charset=iso-8859-1\r\nContent-Length: 1\r\n\r\n\u00e9")
			.body()
			.bytes(1)).containsExactly(0xe9);
		assertThat(exchange(EMPTY).body().isEmpty()).isTrue();
	}

	@Test
	void connectionIsReusedAfterAReplyThatWasReadToItsEnd() throws IOException {
		String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nT: u\r\n\r\n";
		ScriptedChannel channel = channel("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n"
				+ EMPTY + chunked + "HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nabc" + EMPTY
				+ "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
		ClientSession session = open(channel);
		assertThat(session.isReusable()).isTrue();
		session.exchange(GET);
		assertThat(session.isReusable()).isTrue();
		PipeReply stream = session.exchange(GET);
		assertThat(session.isReusable()).isFalse();
		assertThatIllegalStateException().isThrownBy(() -> session.exchange(GET));
		assertThat(stream.body().bytes(10)).containsExactly('a', 'b');
		assertThat(session.isReusable()).isTrue();
		assertThatExceptionOfType(PipeRequestException.class).isThrownBy(() -> session.exchange(GET));
		assertThat(session.isReusable()).isTrue();
		session.exchange(GET);
		session.exchange(GET);
		assertThat(session.isReusable()).isFalse();
	}

	@Test
	void connectionEndsWithAStreamThatIsNotReadToItsEnd() throws IOException {
		ScriptedChannel channel = channel("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n");
		PipeReply reply = open(channel).exchange(GET);
		reply.body().stream().read();
		reply.body().close();
		assertThat(channel.isOpen()).isFalse();
	}

	@Test
	void replyToHeadHasNoBody() {
		ScriptedChannel channel = channel("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + EMPTY);
		ClientSession session = open(channel);
		assertThat(session.exchange(new PipeRequest("x", Map.of(":method", "HEAD"), PipeBody.empty())).body().isEmpty())
			.isTrue();
		assertThat(session.isReusable()).isTrue();
	}

	@Test
	void problemIsTheFailureThatItNames() {
		String json = "{\"type\":\"about:blank\",\"errors\":[{\"code\":\"BUSY\"},\"detail\"],\"status\":403,"
				+ "\"detail\":\"no \\\"code\\\": \\u0042\\nnow\",\"code\":\"IMPERSONATION_FAILED\"}";
		assertThatExceptionOfType(PipeRequestException.class)
			.isThrownBy(
					() -> exchange("HTTP/1.1 403 Forbidden\r\nContent-Type: application/problem+json;charset=utf-8\r\n"
							+ "Content-Length: " + json.length() + "\r\n\r\n" + json))
			.withMessage("no \"code\": B now")
			.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(Code.IMPERSONATION_FAILED));
	}

	@ParameterizedTest
	@CsvSource({ "400, BAD_REQUEST", "401, ACCESS_DENIED", "403, ACCESS_DENIED", "404, NOT_FOUND", "410, NOT_FOUND",
			"413, TOO_LARGE", "418, BAD_REQUEST", "429, BUSY", "431, TOO_LARGE", "500, INTERNAL", "501, BAD_REQUEST",
			"503, BUSY", "504, TIMEOUT", "599, INTERNAL" })
	void statusSaysWhatFailedIfNothingElseDoes(int status, Code code) {
		for (String body : new String[] { "", "{", "{\"code\":\"x\",\"detail\":{}}", "\"", "{\"detail\":\"\\u12",
				"{\"detail\":\"\\u+123\"}", "{\"detail\":\"x\"} {}", "[[".repeat(10_000), "{\"a\":tru}",
				"{\"n\":1e9999}" }) {
			assertThatExceptionOfType(PipeRequestException.class)
				.isThrownBy(() -> exchange(
						"HTTP/1.1 " + status + " \r\nContent-Type: application/problem+json\r\nContent-Length: "
								+ body.length() + "\r\n\r\n" + body))
				.withMessageStartingWith("The server answered with the status " + status)
				.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(code));
		}
	}

	@Test
	void connectionThatEndsWithinAReplyIsReset() {
		for (String status : List.of("200 OK", "404 Not Found")) {
			String reply = "HTTP/1.1 " + status + "\r\nContent-Length: 5\r\n\r\nhello";
			for (int length = 0; length < reply.length(); length++) {
				ScriptedChannel channel = channel(reply.substring(0, length));
				ClientSession session = open(channel);
				assertThatExceptionOfType((length > 0) ? PipeResetException.class : PipeNoReplyException.class)
					.isThrownBy(() -> session.exchange(GET));
				assertThat(session.isReusable()).isFalse();
				assertThat(session.isRepeatable()).isEqualTo(length == 0);
				assertThat(channel.isOpen()).isFalse();
			}
		}
	}

	@Test
	void streamOfAReplyThatIsCutFails() {
		String chunks = "2\r\nab\r\n0\r\nT: u\r\n\r\n";
		for (int length = 0; length < chunks.length(); length++) {
			PipeReply reply = exchange(
					"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks.substring(0, length));
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> reply.body().stream().readAllBytes())
				.withCauseInstanceOf(PipeResetException.class);
		}
	}

	@Test
	void streamOfKnownLengthThatIsCutFails() {
		PipeReply reply = exchange("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(70_000));
		InputStream stream = reply.body().stream();
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> stream.transferTo(OutputStream.nullOutputStream()))
				.withCauseInstanceOf(PipeResetException.class);
		}
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "HTTP/1.1 200 OK\r\n\r\nbody until the end", "HTTP/1.1 099 X\r\n\r\n", "HTTP/1.1 600 X\r\n\r\n",
					"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", "HTTP/2 200\r\n\r\n",
					"SSH-2.0\r\n", "HTTP/1.1 101 Switching\r\n\r\n", "HTTP/1.1 200 OK\nContent-Length: 0\n\n" })
	void replyThatIsNoHttpBreaksTheConnection(String reply) {
		ScriptedChannel channel = channel(reply);
		assertThatExceptionOfType(PipeProtocolException.class).isThrownBy(() -> open(channel).exchange(GET));
		assertThat(channel.isOpen()).isFalse();
	}

	@Test
	void endlessInterimRepliesBreakTheConnection() {
		assertThatExceptionOfType(PipeProtocolException.class)
			.isThrownBy(() -> exchange("HTTP/1.1 100 Continue\r\n\r\n".repeat(9) + EMPTY));
	}

	@Test
	void answerOfAServerThatDoesNotReadTheWholeRequestIsRead() {
		ScriptedChannel channel = new ScriptedChannel(
				ByteBuffer.wrap(HttpWire.bytes("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n"))) {

			@Override
			public void write(ByteBuffer source) {
				throw new PipeResetException("gone");
			}

		};
		ClientSession session = open(channel);
		assertThatExceptionOfType(PipeRequestException.class).isThrownBy(() -> session.exchange(PipeRequest.of("x")))
			.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(Code.TOO_LARGE));
		assertThat(session.isReusable()).isFalse();
	}

	@Test
	void bytesThatNobodyAskedForEndTheConnection() {
		ScriptedChannel channel = new ScriptedChannel(ByteBuffer.wrap(HttpWire.bytes(EMPTY + EMPTY)));
		ClientSession session = open(channel);
		session.exchange(GET);
		assertThat(session.isReusable()).isFalse();
	}

}
