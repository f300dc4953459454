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

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Messages that are written, and those that are refused before a byte is written.
 */
class HttpEncoderTests {

	private static final HttpHeaders NONE = new HttpHeaders();

	private final HttpEncoder encoder = new HttpEncoder();

	@Test
	void headAndSmallBodyAreOneBuffer() {
		this.encoder.response(200, "OK", new HttpHeaders().add("Content-Type", "text/plain").add("X", "\u00e9"), 5);
		this.encoder.body(data("hello"));
		this.encoder.end();
		assertThat(taken())
			.isEqualTo("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX: \u00e9\r\nContent-Length: 5\r\n\r\nhello");
	}

	@Test
	void requestHasItsTargetAndHost() {
		this.encoder.request("POST", "/a%20b?c=d", host(), 0);
		this.encoder.end();
		this.encoder.request("GET", "/", host(), HttpFraming.NONE);
		this.encoder.end();
		assertThat(taken()).isEqualTo("POST /a%20b?c=d HTTP/1.1\r\nHost: pipe\r\nContent-Length: 0\r\n\r\n"
				+ "GET / HTTP/1.1\r\nHost: pipe\r\n\r\n");
	}

	@Test
	void chunksHaveTheirSizes() {
		this.encoder.response(200, "OK", NONE, HttpFraming.CHUNKED);
		this.encoder.body(data("hello"));
		this.encoder.body(data(""));
		this.encoder.body(data("x".repeat(26)));
		this.encoder.end();
		assertThat(taken()).isEqualTo("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1a\r\n"
				+ "x".repeat(26) + "\r\n0\r\n\r\n");
	}

	@Test
	void callerMaySendDataItself() {
		this.encoder.response(200, "OK", NONE, HttpFraming.CHUNKED);
		this.encoder.announce(0x1_0000_0000L);
		assertThat(taken()).endsWith("\r\n\r\n100000000\r\n");
		this.encoder.announce(2);
		assertThat(taken()).isEqualTo("\r\n2\r\n");
		this.encoder.body(data("x"));
		assertThat(taken()).isEqualTo("\r\n1\r\nx\r\n");
		this.encoder.announce(3);
		assertThat(taken()).isEqualTo("3\r\n");
		this.encoder.end();
		assertThat(taken()).isEqualTo("\r\n0\r\n\r\n");
		this.encoder.response(200, "OK", NONE, 10);
		taken();
		this.encoder.announce(10);
		this.encoder.end();
		assertThat(taken()).isEmpty();
	}

	@Test
	void responsesToHeadAndThoseWithoutABodyHaveNone() {
		this.encoder.response(200, "OK", NONE, 5);
		this.encoder.omitBody();
		this.encoder.end();
		this.encoder.response(200, "OK", NONE, HttpFraming.CHUNKED);
		this.encoder.omitBody();
		this.encoder.end();
		this.encoder.response(100, "Continue", NONE, HttpFraming.NONE);
		this.encoder.end();
		this.encoder.response(304, "", NONE, HttpFraming.NONE);
		this.encoder.end();
		assertThat(taken()).isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
				+ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 304 \r\n\r\n");
	}

	@Test
	void statusHasThreeDigitsOfAKnownClass() {
		this.encoder.response(599, "", NONE, 0);
		this.encoder.end();
		assertThat(taken()).startsWith("HTTP/1.1 599 ");
		refused(() -> this.encoder.response(600, "", NONE, 0));
		refused(() -> this.encoder.response(99, "", NONE, HttpFraming.NONE));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "G T", "GET\r\n", "GET\0", "G\u00e9T", "GET:", "GET /x HTTP/1.1\r\nX: y\r\n\r\n",
			"CONNECT" })
	void badMethodIsRefused(String method) {
		refused(() -> this.encoder.request(method, "/", host(), HttpFraming.NONE));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "*", "x", "pipe:80", "http://pipe/", "/ ", "/a b", "/\r", "/\n", "/\r\nX: y", "/\0",
			"/\t", "/\u007f", "/\u00e9", "/\u010d", "/\u560a", "/#x", "/%", "/%4", "/%zz", "/%00", "/<", "/\"", "/\\",
			"/{x}", "/|" })
	void badTargetIsRefused(String target) {
		refused(() -> this.encoder.request("GET", target, host(), HttpFraming.NONE));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "X Y", "X:", ":", "X\r", "X\n", "X\r\nY", "X\0", "X\t", "X\u007f", "X\u00e9",
			"X\u010d", "X\u560a", " X", "X " })
	void badHeaderNameIsRefused(String name) {
		refused(() -> this.encoder.response(200, "OK", new HttpHeaders().add("A", "b").add(name, "x"), 0));
		refused(() -> this.encoder.request("GET", "/", host().add(name, "x"), 0));
	}

	@ParameterizedTest
	@ValueSource(strings = { "\r", "\n", "a\r\nX: y", "a\nX: y", "a\rX: y", "\0", "a\0b", "\u0001", "\u000b", "\u001f",
			"\u007f", "\u010a", "\u0d0a", "\u560a\u560d", "\ud83d\ude00", "a\r\n b" })
	void badHeaderValueIsRefused(String value) {
		refused(() -> this.encoder.response(200, "OK", new HttpHeaders().add("A", "b").add("X", value), 0));
		refused(() -> this.encoder.request("GET", "/", host().add("X", value), 0));
	}

	@ParameterizedTest
	@ValueSource(strings = { "\r", "\n", "OK\r\nX: y", "O\0K", "O\u007fK", "\u010d" })
	void badReasonIsRefused(String reason) {
		refused(() -> this.encoder.response(200, reason, NONE, 0));
	}

	@ParameterizedTest
	@CsvSource({ "99, 0", "600, 0", "-1, 0", "1000, 0", "204, 0", "204, -1", "204, 5", "304, 5", "100, 0", "200, -2" })
	void badStatusIsRefused(int status, long length) {
		refused(() -> this.encoder.response(status, "X", NONE, length));
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length", "content-length", "Transfer-Encoding", "TRANSFER-ENCODING" })
	void framingFieldsAreRefused(String name) {
		refused(() -> this.encoder.response(200, "OK", new HttpHeaders().add(name, "5"), 5));
	}

	@Test
	void requestWithoutExactlyOneHostIsRefused() {
		refused(() -> this.encoder.request("GET", "/", NONE, 0));
		refused(() -> this.encoder.request("GET", "/", host().add("host", "b"), 0));
	}

	@Test
	void refusedMessageLeavesTheOneBeforeItAsItWas() {
		this.encoder.response(100, "Continue", NONE, HttpFraming.NONE);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.encoder.response(200, "OK", new HttpHeaders().add("A", "b").add("X", "\n"), 5));
		this.encoder.response(500, "", NONE, 0);
		assertThat(taken()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 \r\nContent-Length: 0\r\n\r\n");
	}

	@Test
	void bodyLongerThanDeclaredIsNotWritten() {
		this.encoder.response(200, "OK", NONE, 5);
		this.encoder.body(data("hell"));
		taken();
		assertThatIllegalStateException().isThrownBy(() -> this.encoder.body(data("oo")))
			.withMessage("The body is longer than its declared length, by 1 bytes or more");
		assertThatIllegalStateException().isThrownBy(() -> this.encoder.announce(2));
		assertThat(taken()).isEmpty();
	}

	@Test
	void bodyShorterThanDeclaredCannotBeEnded() {
		this.encoder.response(200, "OK", NONE, 5);
		this.encoder.body(data("hell"));
		assertThatIllegalStateException().isThrownBy(() -> this.encoder.end())
			.withMessage("The body is shorter than its declared length, by 1 bytes");
		assertThatIllegalStateException().isThrownBy(() -> this.encoder.response(200, "OK", NONE, 5));
	}

	@Test
	void chunkedBodyHasToBeEndedBeforeTheNextMessage() {
		this.encoder.response(200, "OK", NONE, HttpFraming.CHUNKED);
		assertThatIllegalStateException().isThrownBy(() -> this.encoder.response(200, "OK", NONE, 5));
		assertThatIllegalStateException().isThrownBy(() -> this.encoder.request("GET", "/", host(), HttpFraming.NONE));
	}

	@Test
	void memoryOfALargeMessageIsNotKept() {
		this.encoder.response(204, "No Content", NONE, HttpFraming.NONE);
		byte[] usual = this.encoder.take().array();
		this.encoder.response(200, "OK", NONE, 4000);
		this.encoder.body(data("x".repeat(4000)));
		byte[] larger = this.encoder.take().array();
		assertThat(larger).hasSizeGreaterThan(usual.length);
		this.encoder.response(200, "OK", NONE, 20_000);
		assertThat(this.encoder.take().array()).isSameAs(larger);
		this.encoder.body(data("x".repeat(20_000)));
		assertThat(this.encoder.take().array()).hasSizeGreaterThanOrEqualTo(20_000);
		this.encoder.response(200, "OK", NONE, 5);
		assertThat(this.encoder.take().array()).hasSameSizeAs(usual);
	}

	@Test
	void memoryOfAMessageThatIsNotTakenYetIsKept() {
		this.encoder.response(200, "OK", NONE, 20_000);
		this.encoder.body(data("x".repeat(20_000)));
		this.encoder.response(204, "No Content", NONE, HttpFraming.NONE);
		assertThat(taken()).startsWith("HTTP/1.1 200 OK").endsWith("xHTTP/1.1 204 No Content\r\n\r\n");
	}

	@Test
	void lengthsHaveTheirRoomWhereverTheyComeToStand() {
		for (int length = 0; length < 600; length++) {
			HttpEncoder fresh = new HttpEncoder();
			fresh.response(200, "OK", new HttpHeaders().add("X", "y".repeat(length)), 12_345);
			assertThat(StandardCharsets.ISO_8859_1.decode(fresh.take()).toString())
				.isEqualTo("HTTP/1.1 200 OK\r\nX: " + "y".repeat(length) + "\r\nContent-Length: 12345\r\n\r\n");
		}
	}

	@Test
	void emptyPartWouldBeTheLastChunk() {
		this.encoder.response(200, "OK", NONE, HttpFraming.CHUNKED);
		taken();
		refused(() -> this.encoder.announce(0));
		refused(() -> this.encoder.announce(-1));
	}

	@Test
	void bodyOfAMessageWithoutOneIsRefused() {
		this.encoder.response(204, "No Content", NONE, HttpFraming.NONE);
		assertThatIllegalStateException().isThrownBy(() -> this.encoder.body(data("x")));
		this.encoder.response(200, "OK", NONE, 1);
		this.encoder.omitBody();
		assertThatIllegalStateException().isThrownBy(() -> this.encoder.body(data("x")));
	}

	@Test
	void whatIsWrittenIsReadAsItWas() {
		Random random = new Random(20261126);
		for (int round = 0; round < 2_000; round++) {
			HttpHeaders headers = host();
			for (int i = random.nextInt(30); i > 0; i--) {
				headers.add("X-" + random.nextInt(100), text(random, random.nextInt(40)).trim());
			}
			byte[] body = new byte[random.nextInt(2_000)];
			random.nextBytes(body);
			boolean chunked = random.nextBoolean();
			this.encoder.request("PUT", "/" + round, headers, chunked ? HttpFraming.CHUNKED : body.length);
			for (int from = 0; from < body.length;) {
				int count = Math.min(body.length - from, 1 + random.nextInt(1_000));
				this.encoder.body(ByteBuffer.wrap(body, from, count));
				from += count;
			}
			this.encoder.end();
			HttpWire wire = HttpWire.inPieces(HttpWire.bytes(taken()), 1 + random.nextInt(100));
			assertThat(wire.message1().body).hasToString(new String(body, StandardCharsets.ISO_8859_1));
			assertThat(wire.request().headers().toString()).startsWith(headers.toString());
		}
	}

	private static String text(Random random, int length) {
		return random.ints(length, 0x20, 0x100)
			.filter((c) -> HttpChars.is(HttpChars.TEXT, c))
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
	}

	private void refused(Runnable action) {
		assertThatIllegalArgumentException().isThrownBy(action::run);
		assertThat(taken()).isEmpty();
	}

	private String taken() {
		return StandardCharsets.ISO_8859_1.decode(this.encoder.take()).toString();
	}

	private static HttpHeaders host() {
		return new HttpHeaders().add("Host", "pipe");
	}

	private static ByteBuffer data(String text) {
		return ByteBuffer.wrap(HttpWire.bytes(text));
	}

}
