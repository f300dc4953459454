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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.testing.Sessions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How a server reads requests, byte by byte.
 */
class HttpServerSessionTests extends HttpServed {

	@Test
	void requestsOnOneConnectionAreAnsweredInOrder() {
		String answer = answer("GET /a" + HOST + "\r\nPOST /b%20c" + HOST + "Content-Length: 2\r\n\r\nxx\r\nGET /d"
				+ HOST + "Connection: close\r\n\r\nGET /e" + HOST + "\r\n", HttpServed::route);
		assertThat(answer).isEqualTo(
				text("a") + text("b c") + text("d").replace("Content-Length", "Connection: close\r\nContent-Length"));
		assertThat(this.end).isNull();
	}

	@Test
	void bodyCanBeWrittenFromWhereItArrived() {
		String answer = answer(
				"POST /a" + HOST + "Content-Length: 5\r\n\r\nabcdePOST /b" + HOST
						+ "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\nGET /c" + HOST + "\r\n",
				(exchange) -> {
					ByteArrayOutputStream body = new ByteArrayOutputStream();
					long count = exchange.request().body().stream().transferTo(body);
					exchange.reply(PipeReply.of(exchange.request().route() + count + body));
				});
		assertThat(answer).isEqualTo(text("a5abcde") + text("b5abcde") + text("c0"));
	}

	@Test
	void bodyThatEndsTooSoonIsNotWrittenAsIfItWereComplete() {
		List<Throwable> failures = new ArrayList<>();
		serve((exchange) -> {
			try {
				exchange.request().body().stream().transferTo(OutputStream.nullOutputStream());
			}
			catch (IOException ex) {
				failures.add(ex);
				throw ex;
			}
		}, ByteBuffer.wrap(HttpWire.bytes("POST /a" + HOST + "Content-Length: 5\r\n\r\nab")));
		assertThat(failures).hasSize(1)
			.allSatisfy((failure) -> assertThat(failure).hasMessage("The stream ended within the body"));
	}

	@Test
	void requestHasItsMethodQueryAndHeaders() {
		answer("PUT http://pipe/%C3%A9/x?a=%20b&c HTTP/1.1\r\nHost: pipe\r\nX-One: 1\r\nx-ONE: 2\r\nContent-Length: 1\r\n"
				+ "Connection: keep-alive\r\n\r\nz", HttpServed::echo);
		PipeRequest request = this.requests.get(0);
		assertThat(request.route()).isEqualTo("\u00e9/x");
		assertThat(request.headers()).isEqualTo(Map.of(HttpProtocol.METHOD, "PUT", HttpProtocol.PATH, "%C3%A9/x",
				HttpProtocol.QUERY, "a=%20b&c", "host", "pipe", "x-one", "1, 2"));
		assertThat(request.body().length()).isOne();
		answer("GET /" + HOST + "\r\n", HttpServed::route);
		assertThat(this.requests.get(0).route()).isEmpty();
		assertThat(this.requests.get(0).body().isEmpty()).isTrue();
		assertThat(this.requests.get(0).headers()).doesNotContainKeys(HttpProtocol.QUERY, HttpProtocol.PATH);
	}

	@Test
	void bodyArrivesWithALengthAndInChunks() {
		String reply = "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 7\r\n\r\nhello w";
		assertThat(answer("POST /" + HOST + "Content-Length: 7\r\n\r\nhello w", HttpServed::echo)).isEqualTo(reply);
		assertThat(answer(
				"POST /" + HOST + "Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n2\r\n w\r\n0\r\nT: u\r\n\r\n"
						+ "GET /" + HOST + "\r\n",
				HttpServed::echo))
			.startsWith(reply + "HTTP/1.1 200");
	}

	@Test
	void clientIsToldToContinueWhenTheHandlerReads() {
		String head = "POST /" + HOST + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n";
		ScriptedChannel waiting = new ScriptedChannel(ByteBuffer.wrap(HttpWire.bytes(head))) {

			private boolean sent;

			@Override
			public int read(ByteBuffer destination) {
				int count = super.read(destination);
				if (count < 0 && !this.sent && written().length > 0) {
					this.sent = true;
					destination.put(HttpWire.bytes("hello"));
					return 5;
				}
				return count;
			}

		};
		Sessions.serve(new HttpProtocol(), waiting, (exchange) -> {
			assertThat(waiting.written()).isEmpty();
			exchange.reply(PipeReply.of(PipeBody.of(exchange.request().body().stream(), 5, "The echo")));
		});
		assertThat(new String(waiting.written(), StandardCharsets.US_ASCII))
			.startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")
			.doesNotContain("close")
			.endsWith("\r\n\r\nhello");
		assertThat(answer(head + "GET /next" + HOST + "\r\n", HttpServed::route))
			.isEqualTo(text("").replace("Content-Length", "Connection: close\r\nContent-Length"));
	}

	@Test
	void unreadBodyIsDrainedUpToALimit() {
		assertThat(drain(60_000)).isEqualTo(text("a") + text("b"));
		assertThat(drain(70_000)).isEqualTo(text("a"));
	}

	private String drain(int length) {
		return serve(HttpServed::route, ByteBuffer.wrap(HttpWire.bytes("POST /a" + HOST + "Content-Length: " + length
				+ "\r\n\r\n" + "x".repeat(length) + "GET /b" + HOST + "\r\n")));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("io.namedpipe.protocol.http.HttpTraps#heads")
	void badHeadIsAnsweredNeverExecutedAndTheConnectionEnds(HttpTraps.Trap trap) {
		String next = trap.name().startsWith("end of the stream") ? "" : "\r\n\r\nGET /next" + HOST + "\r\n";
		for (ByteBuffer[] pieces : List.of(new ByteBuffer[] { ByteBuffer.wrap(HttpWire.bytes(trap.bytes() + next)) },
				split(HttpWire.bytes(trap.bytes() + next)))) {
			String answer = serve(HttpServed::route, pieces);
			assertThat(answer).startsWith("HTTP/1.1 " + trap.status() + " ")
				.contains("\r\nConnection: close\r\n")
				.containsOnlyOnce("HTTP/1.1 " + trap.status())
				.doesNotContain("evil")
				.endsWith("}");
			assertThat(this.requests).isEmpty();
			assertThat(this.end).isInstanceOf(HttpException.class);
		}
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("io.namedpipe.protocol.http.HttpTraps#bodies")
	void badBodyFailsItsReaderAndTheConnectionEnds(HttpTraps.Trap trap) {
		String next = trap.name().startsWith("end of the stream") ? "" : "\r\n\r\nGET /next" + HOST + "\r\n";
		List<Throwable> failures = new ArrayList<>();
		String answer = serve((exchange) -> {
			try {
				echo(exchange);
			}
			catch (IOException ex) {
				failures.add(ex.getCause());
				throw ex;
			}
		}, split(HttpWire.bytes(trap.bytes() + next)));
		assertThat(failures).singleElement().isInstanceOf(HttpException.class);
		assertThat(answer).startsWith("HTTP/1.1 " + trap.status() + " ")
			.contains("\r\nConnection: close\r\n")
			.containsOnlyOnce("HTTP/1.1 " + trap.status())
			.endsWith("}");
		assertThat(this.requests).hasSize(1);
		assertThat(serve(HttpServed::route, split(HttpWire.bytes(trap.bytes() + next)))).as("not read")
			.startsWith("HTTP/1.1 200 ")
			.containsOnlyOnce("HTTP/1.1");
	}

	@Test
	void serverThatStopsSaysSoAndReadsNoFurtherRequest() {
		ScriptedChannel stopping = new ScriptedChannel(get("/a"), get("/b"));
		ServerConnection connection = Sessions.connection(stopping);
		new HttpProtocol().serve(connection).run((exchange) -> {
			connection.stop();
			route(exchange);
		});
		assertThat(withoutDates(new String(stopping.written(), StandardCharsets.US_ASCII)))
			.isEqualTo(text("a").replace("Content-Length", "Connection: close\r\nContent-Length"));
	}

	@Test
	void bodyIsTakenAwayWhenItsRequestIsAnswered() {
		List<InputStream> bodies = new ArrayList<>();
		answer("POST /a" + HOST + "Content-Length: 2\r\n\r\nxxGET /b" + HOST + "\r\n", (exchange) -> {
			for (InputStream former : bodies) {
				try {
					former.transferTo(OutputStream.nullOutputStream());
					throw new AssertionError("The body of another request can be read");
				}
				catch (IOException ex) {
					assertThat(ex).hasMessageContaining("was answered");
				}
			}
			bodies.clear();
			if (!exchange.request().body().isEmpty()) {
				bodies.add(exchange.request().body().stream());
			}
			route(exchange);
		});
	}

	@Test
	void clientThatLeavesWithoutARequestIsNoFailure() {
		assertThat(answer("\r\n", HttpServed::route)).isEmpty();
		assertThat(this.end).isNull();
	}

}
