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

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The same bytes to our parser and to Jetty's. Jetty accepts every message that ours
 * accepts, and reads it in the same way. Where they differ, ours is the stricter one, for
 * a reason in this list.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class JettyComparisonTests {

	private static final int CASES = 20_000;

	private static final Set<String> KNOWN = differences().map(Difference::message).collect(Collectors.toSet());

	static Stream<Difference> differences() {
		return Stream.of(
				line("RFC 9112, 3: exactly one space", "GET  / HTTP/1.1",
						"The first line has no version such as HTTP/1.1 in its place"),
				line("RFC 9110, 9.1: a method is a token", "@GET / HTTP/1.1",
						"The request line is not a method, a target and a version"),
				line("there is no HTTP/2 here", "GET / HTTP/2.0", "The version is neither HTTP/1.1 nor HTTP/1.0"),
				line("there is no proxy here", "CONNECT pipe:80 HTTP/1.1", "CONNECT is for proxies"),
				line("authority form is for CONNECT", "GET pipe:80 HTTP/1.1",
						"The target is neither a path nor an http address"),
				line("RFC 9110, 4.2.1: an empty host is invalid", "GET http:///evil HTTP/1.1",
						"The host is not a name or address and at most a port"),
				line("RFC 9112, 3.2: no fragment, and only characters of a URI", "GET /evil#part HTTP/1.1",
						"The target has a bad escape, or a character that has to be escaped"),
				line("a handler could read it in several ways", "GET /%c0%af HTTP/1.1",
						"What was escaped is not UTF-8"),
				field("RFC 9110, 10.1.1: 417", "Expect: 200-ok", "Expect is not exactly 100-continue"),
				field("no number that needs so many digits", "Content-Length: 0000000000000000000",
						"Content-Length is not one number of at most 18 digits"),
				chunks("RFC 9112, 7: no coding but chunked is implemented", "Transfer-Encoding: gzip, chunked",
						"0\r\n\r\n", "Transfer-Encoding has another coding than chunked"),
				chunks("other parsers read another coding", "Transfer-Encoding: chunked,", "0\r\n\r\n",
						"Transfer-Encoding is not exactly chunked"),
				chunks("other parsers look at one of them", "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
						"0\r\n\r\n", "There are several Transfer-Encoding fields"),
				chunks("no size that needs so many digits, and no blanks", "Transfer-Encoding: chunked",
						"0000000000000000\r\n\r\n", "A chunk size is not a hexadecimal number of at most 15 digits"),
				chunks("RFC 9110, 6.5.1: not in trailers", "Transfer-Encoding: chunked",
						"0\r\nContent-Length: 5\r\n\r\n", "The trailers have a field that belongs in the head"),
				chunks("RFC 9112, 8: incomplete", "Transfer-Encoding: chunked", "0\r\n",
						"The stream ended within the body"),
				new Difference("RFC 9112, 6.1: faulty framing", "HTTP/1.0 has no Transfer-Encoding",
						"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
				new Difference("there is a limit", "There are too many empty lines before the head",
						"\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("differences")
	void jettyTakesWhatOursRefuses(Difference difference) {
		byte[] bytes = HttpWire.bytes(difference.bytes());
		assertThat(HttpWire.uncut(bytes).failure()).hasMessage(difference.message());
		assertThat(JettyWire.requests(bytes)).hasSize(1);
	}

	@Test
	void seedsAreReadAlike() {
		assertThat(HttpMutations.seeds()).hasSizeGreaterThan(200)
			.allSatisfy((seed) -> compare(HttpWire.bytes(seed), 3));
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2 })
	void mutationsAreReadAlike(long seed) {
		HttpMutations mutations = new HttpMutations(seed);
		for (int i = 0; i < CASES; i++) {
			compare(mutations.next(), mutations.piece());
		}
	}

	private static void compare(byte[] bytes, int piece) {
		String input = new String(bytes, StandardCharsets.ISO_8859_1);
		HttpWire wire = HttpWire.uncut(bytes);
		assertThat(HttpWire.inPieces(bytes, piece)).as(input).hasToString(wire.toString());
		List<String> ours = wire.messages()
			.stream()
			.filter((message) -> message.complete)
			.map(JettyWire::text)
			.toList();
		List<String> jettys = JettyWire.requests(bytes);
		assertThat(jettys.subList(0, Math.min(jettys.size(), ours.size()))).as(input).isEqualTo(ours);
		if (jettys.size() > ours.size()) {
			assertThat(wire.failure()).as(input).isNotNull();
			assertThat(wire.failure().getMessage()).as(input).isIn(KNOWN);
		}
	}

	private static Difference line(String reason, String line, String message) {
		return new Difference(reason, message, line + "\r\nHost: a\r\n\r\n");
	}

	private static Difference field(String reason, String field, String message) {
		return new Difference(reason, message, "POST / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n");
	}

	private static Difference chunks(String reason, String field, String body, String message) {
		return new Difference(reason, message, "POST / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n" + body);
	}

	/**
	 * A message that Jetty accepts and ours does not.
	 *
	 * @param reason why not
	 * @param message what our parser says
	 * @param bytes an example
	 */
	record Difference(String reason, String message, String bytes) {

		@Override
		public String toString() {
			return this.message + ": " + this.reason;
		}

	}

}
