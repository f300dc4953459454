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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Responses, as the client reads them.
 */
class HttpResponseParserTests {

	@Test
	void headHasAllThatWasSent() {
		HttpResponseHead head = HttpWire
			.responses("GET", "HTTP/1.1 200 All is well\r\nETag: \"1\"\r\nContent-Length: 2\r\n\r\nok")
			.response();
		assertThat(head.status()).isEqualTo(200);
		assertThat(head.reason()).isEqualTo("All is well");
		assertThat(head.minorVersion()).isOne();
		assertThat(head.headers()).hasToString("ETag: \"1\"\nContent-Length: 2\n");
		assertThat(head.bodyLength()).isEqualTo(2);
		assertThat(head.keepAlive()).isTrue();
		assertThat(head.isInterim()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "'', ''", "' ', ' '", "\u00e9t\u00e9, \u00e9t\u00e9", "a\tb, a\tb" })
	void reasonIsAnyText(String sent, String reason) {
		assertThat(
				HttpWire.responses("GET", "HTTP/1.1 200 " + sent + "\r\nContent-Length: 0\r\n\r\n").response().reason())
			.isEqualTo(reason);
	}

	@ParameterizedTest
	@CsvSource({ "GET, 200, Content-Length: 5, hello", "GET, 404, Content-Length: 5, hello",
			"POST, 599, 'Transfer-Encoding: chunked', '5\r\nhello\r\n0\r\n\r\n'" })
	void bodyIsFramedInOneOfTwoWays(String method, int status, String field, String body) {
		HttpWire wire = HttpWire.responses(method, "HTTP/1.1 " + status + " X\r\n" + field + "\r\n\r\n" + body);
		assertThat(wire.message1().body).hasToString("hello");
	}

	@ParameterizedTest
	@CsvSource({ "HEAD, 200, 'Content-Length: 5'", "HEAD, 200, 'Transfer-Encoding: chunked'", "HEAD, 200, 'X: y'",
			"GET, 304, 'Content-Length: 5'", "GET, 304, 'X: y'", "GET, 204, 'X: y'", "GET, 204, 'Content-Length: 0'" })
	void someResponsesHaveNoBody(String method, int status, String field) {
		assertThat(HttpWire.responses(method, "HTTP/1.1 " + status + " X\r\n" + field + "\r\n\r\n")
			.response()
			.bodyLength()).isZero();
	}

	@Test
	void interimResponsesComeBeforeTheFinalOne() {
		HttpWire wire = HttpWire.responses("PUT",
				"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
						+ "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok");
		assertThat(wire.failure()).isNull();
		assertThat(wire.messages()).extracting((message) -> ((HttpResponseHead) message.head).status())
			.containsExactly(100, 103, 201);
		assertThat(wire.messages()).extracting((message) -> ((HttpResponseHead) message.head).isInterim())
			.containsExactly(true, true, false);
	}

	@ParameterizedTest
	@CsvSource({ "1, '', true", "1, close, false", "0, '', false", "0, keep-alive, true" })
	void connectionIsUsedAgainIfTheServerSaysSo(int minorVersion, String connection, boolean kept) {
		assertThat(
				HttpWire
					.responses("GET",
							"HTTP/1." + minorVersion + " 200 OK\r\nConnection: " + connection
									+ "\r\nContent-Length: 0\r\n\r\n")
					.response()
					.keepAlive())
			.isEqualTo(kept);
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 200", "HTTP/1.1  200 OK", "HTTP/1.1 20 OK", "HTTP/1.1 2000 OK",
			"HTTP/1.1 099 OK", "HTTP/1.1 600 OK", "HTTP/1.1 999 OK", "HTTP/1.1 +20 OK", "HTTP/1.1 -20 OK",
			"HTTP/1.1 2x0 OK", "HTTP/1.1 000 OK", "HTTP/1.1\t200 OK", "HTTP/1.1 200\tOK", "http/1.1 200 OK",
			"HTTP/0.9 200 OK", "HTTP/1.2 200 OK", "HTTP/2.0 200 OK", "HTTP/1.1 200 O\0K", "HTTP/1.1 200 O\u001bK",
			"HTTP/1.1 200 O\u007fK", "HTTP/1.1 200 O\rK", "HTTP/1.1 200 OK\r", "ICY 200 OK is not", "200 OK",
			"<html>no status line</html>", " HTTP/1.1 200 OK" })
	void badStatusLineIsRefused(String line) {
		HttpWire wire = HttpWire.responses("GET", line + "\r\nContent-Length: 0\r\n\r\n");
		assertThat(wire.failure()).isNotNull();
		assertThat(wire.messages()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 5\r\nContent-Length: 5", "Content-Length: 5\r\nContent-Length: 6",
			"Content-Length: 5, 5", "Content-Length: +5", "Content-Length: -5", "Content-Length:",
			"Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked",
			"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Transfer-Encoding: identity", "X: y",
			"X: y\r\n z\r\nContent-Length: 5", "Content-Length : 5", "X: \0\r\nContent-Length: 5",
			"X: y\nContent-Length: 5", "Connection: close" })
	void responseThatIsNotFramedOnceIsRefused(String fields) {
		HttpWire wire = HttpWire.responses("GET", "HTTP/1.1 200 OK\r\n" + fields + "\r\n\r\nhello");
		assertThat(wire.failure()).isNotNull();
		assertThat(wire.messages()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
			"HTTP/1.0 200 OK\r\n\r\nhello", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",
			"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
			"HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\nhello",
			"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" })
	void responseThatMustNotBeIsRefused(String bytes) {
		HttpWire wire = HttpWire.responses("GET", bytes);
		assertThat(wire.failure()).isNotNull();
		assertThat(wire.messages()).isEmpty();
	}

	@Test
	void everyResponseThatIsCutShortIsIncomplete() {
		String response = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n";
		for (int length = 1; length < response.length(); length++) {
			HttpWire wire = HttpWire.responses("GET", response.substring(0, length));
			assertThat(wire.failure()).isNotNull();
			assertThat(wire.messages()).noneMatch((message) -> message.complete);
		}
	}

	@Test
	void responseWithoutARequestIsRefused() {
		HttpResponseParser parser = new HttpResponseParser(HttpLimits.DEFAULTS);
		String response = "HTTP/1.1 204 No Content\r\n\r\n";
		parser.expectResponseTo("GET");
		assertThat(parser.parse(ByteBuffer.wrap(HttpWire.bytes(response)))).isNotNull();
		parser.expectResponseTo("GET");
		assertThat(parser.parse(ByteBuffer.wrap(HttpWire.bytes(response)))).isNotNull();
		assertThatExceptionOfType(HttpException.class)
			.isThrownBy(() -> parser.parse(ByteBuffer.wrap(HttpWire.bytes(response))))
			.withMessage("There is a response without a request");
	}

	@Test
	void interimResponsesAreCountedForEachRequest() {
		HttpResponseParser parser = new HttpResponseParser(new HttpLimits(1000, 100, 100, 5, 2, 1, 100, 100, 100));
		for (int i = 0; i < 3; i++) {
			parser.expectResponseTo("GET");
			ByteBuffer in = ByteBuffer
				.wrap(HttpWire.bytes("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"));
			assertThat(parser.parse(in)).extracting(HttpResponseHead::status).isEqualTo(100);
			assertThat(parser.parse(in)).extracting(HttpResponseHead::status).isEqualTo(204);
		}
	}

}
