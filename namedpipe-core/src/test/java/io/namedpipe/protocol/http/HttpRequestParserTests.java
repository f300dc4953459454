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
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests that are taken. {@link HttpRefusedRequestTests} has those that are not.
 */
class HttpRequestParserTests {

	@Test
	void headHasAllThatWasSent() {
		HttpRequestHead head = HttpWire
			.requests("GET /read?name=notes.txt HTTP/1.1\r\nHost: pipe\r\nX-Thing:\t one  two \t\r\nx-thing: 3\r\n"
					+ "Empty:\r\n\r\n")
			.request();
		assertThat(head.method()).isEqualTo("GET");
		assertThat(head.target()).isEqualTo("/read?name=notes.txt");
		assertThat(head.path()).isEqualTo("/read");
		assertThat(head.query()).isEqualTo("name=notes.txt");
		assertThat(head.minorVersion()).isOne();
		assertThat(head.headers()).hasToString("Host: pipe\nX-Thing: one  two\nx-thing: 3\nEmpty: \n");
		assertThat(head.bodyLength()).isZero();
		assertThat(head.keepAlive()).isTrue();
		assertThat(head.expectsContinue()).isFalse();
	}

	@ParameterizedTest
	@CsvSource(nullValues = "null",
			value = { "/, /, null", "/?, /, ''", "/a/b?c?d/e, /a/b, c?d/e", "//host/x, //host/x, null",
					"/a%2Fb%41?%41, /a%2Fb%41, %41", "/../x/./y, /../x/./y, null", "http://pipe, /, null",
					"HTTP://pipe/, /, null", "http://pipe?x=1, /, x=1", "http://pipe:80/a?b, /a, b",
					"http://[::1]:80/a, /a, null" })
	void targetIsPathAndQuery(String target, String path, String query) {
		HttpRequestHead head = HttpWire.requests("GET " + target + " HTTP/1.1\r\nHost: other\r\n\r\n").request();
		assertThat(head.target()).isEqualTo(target);
		assertThat(head.path()).isEqualTo(path);
		assertThat(head.query()).isEqualTo(query);
	}

	@Test
	void pathAndQueryMayHaveAllCharactersThatAreNotEscaped() {
		HttpRequestHead head = HttpWire
			.requests("GET /:@!$&'()*+,;=-._~?:@!$&'()*+,;=-._~/? HTTP/1.1\r\nHost: a\r\n\r\n")
			.request();
		assertThat(head.path()).isEqualTo("/:@!$&'()*+,;=-._~");
		assertThat(head.query()).isEqualTo(":@!$&'()*+,;=-._~/?");
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET", "get", "M-SEARCH", "!#$%&'*+-.^_`|~09" })
	void anyTokenIsAMethod(String method) {
		assertThat(HttpWire.requests(method + " / HTTP/1.1\r\nHost: a\r\n\r\n").request().method()).isEqualTo(method);
	}

	@ParameterizedTest
	@ValueSource(strings = { "pipe", "pipe:80", "127.0.0.1:65535", "[::1]", "[::]", "[1:2:3:4:5:6:7:8]",
			"[1::3:4:5:6:7:8]", "[::2:3:4:5:6:7:8]", "[FE80::]", "[fe80::1]:8080", "a_b-c.d~e",
			"%2Fvar%2Frun%2Fdocker.sock", "localhost" })
	void anyHostIsServed(String host) {
		assertThat(HttpWire.requests("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").request().headers().get("host"))
			.isEqualTo(host);
	}

	@Test
	void valueMayHaveAnyTextOfIso88591() {
		assertThat(HttpWire.requests("GET / HTTP/1.1\r\nHost: a\r\nX: \u00e9\u00ff\u0080 \"~!\r\n\r\n")
			.request()
			.headers()
			.get("X")).isEqualTo("\u00e9\u00ff\u0080 \"~!");
	}

	@ParameterizedTest
	@CsvSource({ "1, '', true", "1, close, false", "1, Close, false", "1, keep-alive, true", "1, 'x, CLOSE', false",
			"1, 'keep-alive, close', false", "1, closed, true", "0, '', false", "0, close, false",
			"0, Keep-Alive, true", "0, 'x , keep-alive', true", "0, 'keep-alive, close', false" })
	void connectionIsKeptAsBothSay(int minorVersion, String connection, boolean kept) {
		assertThat(HttpWire
			.requests("GET / HTTP/1." + minorVersion + "\r\nHost: a\r\nConnection: " + connection + "\r\n\r\n")
			.request()
			.keepAlive()).isEqualTo(kept);
	}

	@Test
	void connectionMayBeSaidInSeveralFields() {
		assertThat(HttpWire.requests("GET / HTTP/1.1\r\nHost: a\r\nConnection: x\r\nconnection: close\r\n\r\n")
			.request()
			.keepAlive()).isFalse();
	}

	@Test
	void oldVersionNeedsNoHost() {
		assertThat(HttpWire.requests("GET / HTTP/1.0\r\n\r\n").request().minorVersion()).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "1, 100-continue, true", "1, 100-Continue, true", "0, 100-continue, false" })
	void clientMayWaitBeforeItSendsTheBody(int minorVersion, String expect, boolean waits) {
		assertThat(HttpWire
			.requests("PUT / HTTP/1." + minorVersion + "\r\nHost: a\r\nExpect: " + expect
					+ "\r\nContent-Length: 0\r\n\r\n")
			.request()
			.expectsContinue()).isEqualTo(waits);
	}

	@ParameterizedTest
	@CsvSource({ "Content-Length: 5, hello", "content-length:5, hello", "Content-Length: 0005, hello",
			"Transfer-Encoding: chunked, '5\r\nhello\r\n0\r\n\r\n'",
			"transfer-encoding:CHUNKED, '3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n'" })
	void bodyIsFramedInOneOfTwoWays(String field, String body) {
		HttpWire wire = HttpWire.requests("GET / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n" + body);
		assertThat(wire.message1().body).hasToString("hello");
	}

	@Test
	void requestsMayFollowEachOtherWithoutWaiting() {
		HttpWire wire = HttpWire.requests(
				"POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc" + "\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
						+ "POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nT: u\r\n\r\n"
						+ "HEAD /4 HTTP/1.1\r\nHost: a\r\n\r\n");
		assertThat(wire.failure()).isNull();
		assertThat(wire.messages())
			.extracting((message) -> ((HttpRequestHead) message.head).path() + " " + message.body + " "
					+ message.trailers + message.complete)
			.isEqualTo(List.of("/1 abc true", "/2  true", "/3 x T: u\ntrue", "/4  true"));
	}

	@Test
	void emptyLinesBeforeARequestDoNotBeginIt() {
		HttpRequestParser parser = new HttpRequestParser(HttpLimits.DEFAULTS);
		parser.parse(ByteBuffer.wrap(HttpWire.bytes("\r\n")));
		assertThat(parser.isWithinHead()).isFalse();
		parser.end();
		parser.parse(ByteBuffer.wrap(HttpWire.bytes("G")));
		assertThat(parser.isWithinHead()).isTrue();
		assertThat(parser.parse(ByteBuffer.wrap(HttpWire.bytes("ET / HTTP/1.0\r\n")))).isNull();
		assertThat(parser.isWithinHead()).isTrue();
		assertThat(parser.parse(ByteBuffer.wrap(HttpWire.bytes("\r\n")))).isNotNull();
		assertThat(parser.isWithinHead()).isFalse();
	}

	@Test
	void directBuffersAreReadToo() {
		byte[] bytes = HttpWire.bytes("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok");
		ByteBuffer in = ByteBuffer.allocateDirect(100).put(bytes).flip();
		assertThat(new HttpRequestParser(HttpLimits.DEFAULTS).parse(in)).isNotNull();
		assertThat(in.remaining()).isEqualTo(2);
		assertThat(new HttpBodyDecoder(2, HttpLimits.DEFAULTS).decode(in)).isNotNull();
	}

}
