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

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeReply;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How a server writes replies and failures, byte by byte.
 */
class HttpServerReplyTests extends HttpServed {

	@Test
	void replyIsWhatItsBodyIs() {
		String get = "GET /" + HOST + "\r\n";
		assertThat(answer(get, replying(PipeReply.empty()))).isEqualTo("HTTP/1.1 204 No Content\r\n\r\n");
		assertThat(answer(get, replying(PipeReply.of("")))).isEqualTo(text(""));
		assertThat(answer(get, replying(PipeReply.of("\u00e9")))).endsWith("Content-Length: 2\r\n\r\n\u00c3\u00a9");
		assertThat(this.writes).isOne();
		assertThat(answer(get, (exchange) -> exchange.reply(PipeReply.of(stream("hello", 5)))))
			.endsWith("application/octet-stream\r\nContent-Length: 5\r\n\r\nhello");
		assertThat(this.writes).isOne();
		assertThat(answer(get, (exchange) -> exchange.reply(PipeReply.of(stream("hello", PipeBody.UNKNOWN_LENGTH)))))
			.endsWith("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
	}

	@Test
	void largeReplyIsSentInSlices() {
		byte[] large = new byte[1_000_000];
		Arrays.fill(large, (byte) 'x');
		String answer = serve(replying(PipeReply.of(PipeBody.of(large))), get("/"));
		assertThat(answer).hasSizeGreaterThan(1_000_000)
			.endsWith("\r\n\r\n" + new String(large, StandardCharsets.US_ASCII));
		assertThat(this.writes).isEqualTo(17);
	}

	@Test
	void replyHasTheHeadersAndTheStatusOfTheHandler() {
		PipeReply reply = new PipeReply(Map.of(HttpProtocol.STATUS, "201", "content-type", "text/x"),
				PipeBody.of("made"));
		assertThat(answer("GET /" + HOST + "\r\n", replying(reply)))
			.isEqualTo("HTTP/1.1 201 Created\r\ncontent-type: text/x\r\nContent-Length: 4\r\n\r\nmade");
		reply = new PipeReply(Map.of(HttpProtocol.STATUS, "304", "ETag", "\"x\""), PipeBody.empty());
		assertThat(answer("GET /" + HOST + "\r\n", replying(reply)))
			.isEqualTo("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n");
	}

	@Test
	void textIsSentInTheCharsetOfItsType() {
		PipeReply reply = new PipeReply(Map.of("content-type", "text/plain; charset=\"iso-8859-1\""),
				PipeBody.of("\u00e9"));
		assertThat(answer("GET /" + HOST + "\r\n", replying(reply))).endsWith("Content-Length: 1\r\n\r\n\u00e9");
		for (String charset : List.of("none", "us-ascii", "b c")) {
			reply = new PipeReply(Map.of("content-type", "text/plain;charset=" + charset), PipeBody.of("\u00e9"));
			assertThat(answer("GET /" + HOST + "\r\n", replying(reply))).startsWith("HTTP/1.1 500 ");
		}
	}

	@Test
	void eachCookieIsAField() {
		PipeReply reply = new PipeReply(Map.of("set-cookie", "a=1, b\nc=2", HttpProtocol.CONTENT_LENGTH, "3"),
				PipeBody.of("x"));
		assertThat(answer("GET /" + HOST + "\r\n", replying(reply)))
			.contains("set-cookie: a=1, b\r\nset-cookie: c=2\r\n")
			.contains("Content-Length: 1\r\n");
	}

	@ParameterizedTest
	@CsvSource({ ":status, 100", ":status, 600", ":status, x", ":other, x", "X Y, z", "Content-Length, 3",
			"transfer-encoding, chunked", "Connection, close" })
	void headerThatCannotBeSentIsADefectOfTheServer(String name, String value) {
		assertThat(answer("GET /" + HOST + "\r\n", replying(new PipeReply(Map.of(name, value), PipeBody.of("x")))))
			.startsWith("HTTP/1.1 500 ")
			.endsWith("\"detail\":\"the server failed to handle the request\",\"code\":\"INTERNAL\"}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "x\r\nEvil: y", "x\ny", "x\0", "\u20ac" })
	void headerValueCannotSplitTheReply(String value) {
		assertThat(answer("GET /" + HOST + "\r\n", replying(new PipeReply(Map.of("X", value), PipeBody.of("x")))))
			.startsWith("HTTP/1.1 500 ")
			.doesNotContain("Evil");
	}

	@Test
	void headGetsTheHeadAlone() {
		assertThat(answer("HEAD /abc" + HOST + "\r\nGET /" + HOST + "\r\n", HttpServed::route))
			.isEqualTo(text("abc").replace("\r\n\r\nabc", "\r\n\r\n") + text(""));
		assertThat(answer("HEAD /" + HOST + "\r\n",
				(exchange) -> exchange.fail(new PipeFailure(Code.NOT_FOUND, "not here"))))
			.startsWith("HTTP/1.1 404 Not Found\r\n")
			.endsWith("\r\n\r\n");
	}

	@Test
	void http10HasNoChunksAndClosesUnlessAsked() {
		ExchangeHandler streaming = (exchange) -> exchange
			.reply(PipeReply.of(stream("hello", PipeBody.UNKNOWN_LENGTH)));
		ExchangeHandler writing = (exchange) -> exchange
			.reply(PipeReply.of(PipeBody.of((target) -> target.write(HttpWire.bytes("hello")))));
		for (ExchangeHandler handler : List.of(streaming, writing)) {
			assertThat(answer("GET / HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\n\r\n", handler)).isEqualTo(
					"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
			assertThat(answer("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n", handler))
				.contains("Connection: keep-alive", "Connection: close");
		}
	}

	@Test
	void largeReplyToHttp10EndsWithTheConnection() {
		String large = "x".repeat(70_000);
		ExchangeHandler streaming = (exchange) -> exchange.reply(PipeReply.of(stream(large, PipeBody.UNKNOWN_LENGTH)));
		ExchangeHandler writing = (exchange) -> exchange
			.reply(PipeReply.of(PipeBody.of((target) -> target.write(HttpWire.bytes(large)))));
		for (ExchangeHandler handler : List.of(streaming, writing)) {
			String two = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n".repeat(2);
			assertThat(serve(handler, ByteBuffer.wrap(HttpWire.bytes(two)))).isEqualTo(
					"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nConnection: close\r\n\r\n" + large);
			assertThat(this.end).isNull();
			assertThat(this.requests).hasSize(1);
			assertThat(serve(handler, get("/"))).contains("Transfer-Encoding: chunked").doesNotContain("Connection");
		}
		ExchangeHandler flushing = (exchange) -> exchange.reply(PipeReply.of(PipeBody.of((target) -> {
			target.write('x');
			target.flush();
			target.write('y');
		})));
		assertThat(serve(flushing, ByteBuffer.wrap(HttpWire.bytes("GET / HTTP/1.0\r\n\r\n"))))
			.endsWith("Connection: close\r\n\r\nxy");
	}

	@Test
	void headOfAReplyOfUnknownLengthHasNoEndAndKeepsTheConnection() {
		ExchangeHandler streaming = (exchange) -> exchange
			.reply(PipeReply.of(stream("x".repeat(70_000), PipeBody.UNKNOWN_LENGTH)));
		String two = "HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n".repeat(2);
		assertThat(serve(streaming, ByteBuffer.wrap(HttpWire.bytes(two))))
			.isEqualTo("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nConnection: keep-alive\r\n\r\n"
				.repeat(2));
		assertThat(serve(streaming, ByteBuffer.wrap(HttpWire.bytes(("HEAD /" + HOST + "\r\n").repeat(2)))))
			.isEqualTo("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n".repeat(2));
	}

	@Test
	void replyToHttp10ThatFailsIsAProblemOrCutShort() {
		ByteBuffer request = ByteBuffer.wrap(HttpWire.bytes("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
		assertThat(serve((exchange) -> exchange.reply(PipeReply.of(PipeBody.of(failing(60_000), -1, "It"))),
				request.duplicate()))
			.startsWith("HTTP/1.1 500 ");
		assertThat(serve((exchange) -> exchange.reply(PipeReply.of(PipeBody.of(failing(70_000), -1, "It"))),
				request.duplicate()))
			.startsWith("HTTP/1.1 200 ")
			.endsWith("xxx");
		assertThat(this.channel.isOpen()).isFalse();
		assertThat(this.end).isNotNull();
		assertThat(serve((exchange) -> exchange.reply(PipeReply.of(PipeBody.of(failing(70_000), 80_000, "It"))),
				request.duplicate()))
			.contains("Content-Length: 80000")
			.endsWith("xxx");
		assertThat(this.channel.isOpen()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "BAD_REQUEST, 400 Bad Request", "ACCESS_DENIED, 403 Forbidden", "NOT_FOUND, 404 Not Found",
			"TOO_LARGE, 413 Content Too Large", "BUSY, 503 Service Unavailable", "TIMEOUT, 504 Gateway Timeout",
			"IMPERSONATION_FAILED, 403 Forbidden", "INTERNAL, 500 Internal Server Error" })
	void failureIsAProblem(Code code, String status) {
		String json = "{\"title\":\"%s\",\"status\":%s,\"detail\":\"say \\\"no\\\"\\u000a\",\"code\":\"%s\"}"
			.formatted(status.substring(4), status.substring(0, 3), code);
		String answer = answer("GET /" + HOST + "\r\n",
				(exchange) -> exchange.fail(new PipeFailure(code, "say \"no\"\n")));
		assertThat(answer)
			.isEqualTo("HTTP/1.1 %s\r\nContent-Type: application/problem+json\r\n%sContent-Length: %d\r\n\r\n%s"
				.formatted(status, (code == Code.BUSY) ? "Retry-After: 1\r\n" : "", json.length(), json));
	}

	@Test
	void replyThatFailsAtOnceIsAProblemAndOneThatFailsHalfWayEndsTheConnection() {
		assertThat(serve((exchange) -> exchange.reply(PipeReply.of(PipeBody.of(failing(0), -1, "It"))), get("/")))
			.startsWith("HTTP/1.1 500 ")
			.contains("the server failed")
			.doesNotContain("disk on fire");
		assertThat(this.end).isNull();
		for (long length : new long[] { 100, PipeBody.UNKNOWN_LENGTH }) {
			assertThat(
					serve((exchange) -> exchange.reply(PipeReply.of(PipeBody.of(failing(3), length, "It"))), get("/")))
				.startsWith("HTTP/1.1 200 ")
				.endsWith((length > 0) ? "xxx" : "xxx\r\n")
				.doesNotContain("\r\n0\r\n");
			assertThat(this.channel.isOpen()).isFalse();
			assertThat(this.end).isNotNull();
		}
	}

	private static InputStream failing(int after) {
		return new InputStream() {

			private int count;

			@Override
			public int read() throws IOException {
				if (this.count++ >= after) {
					throw new IOException("disk on fire");
				}
				return 'x';
			}

		};
	}

	@Test
	void declaredLengthIsCounted() {
		assertThat(serve((exchange) -> exchange.reply(PipeReply.of(stream("hello", 4))), get("/")))
			.startsWith("HTTP/1.1 500 ");
		assertThat(serve((exchange) -> exchange.reply(PipeReply.of(stream("hello", 6))), get("/")))
			.startsWith("HTTP/1.1 200 ")
			.endsWith("\r\n\r\nhello");
		assertThat(this.channel.isOpen()).isFalse();
	}

}
