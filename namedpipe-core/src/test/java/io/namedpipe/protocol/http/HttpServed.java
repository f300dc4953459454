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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.testing.Sessions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The answers of a server's session to given bytes.
 */
abstract class HttpServed {

	static final String HOST = " HTTP/1.1\r\nHost: a\r\n";

	final List<PipeRequest> requests = new ArrayList<>();

	@Nullable RuntimeException end;

	int writes;

	@Nullable ScriptedChannel channel;

	// The server's answer, which must be the same however the bytes are cut.
	String answer(String sent, ExchangeHandler handler) {
		byte[] bytes = HttpWire.bytes(sent);
		String answer = serve(handler, ByteBuffer.wrap(bytes));
		int executed = this.requests.size();
		for (int cut = 1; cut < bytes.length; cut++) {
			assertThat(serve(handler, ByteBuffer.wrap(bytes, 0, cut).slice(),
					ByteBuffer.wrap(bytes, cut, bytes.length - cut).slice()))
				.as("cut at %d", cut)
				.isEqualTo(answer);
			assertThat(this.requests).hasSize(executed);
		}
		assertThat(serve(handler, split(bytes))).as("byte by byte").isEqualTo(answer);
		return answer;
	}

	static ByteBuffer[] split(byte[] bytes) {
		ByteBuffer[] pieces = new ByteBuffer[bytes.length];
		Arrays.setAll(pieces, (i) -> ByteBuffer.wrap(bytes, i, 1).slice());
		return pieces;
	}

	String serve(ExchangeHandler handler, ByteBuffer... pieces) {
		this.requests.clear();
		this.writes = 0;
		this.end = null;
		ScriptedChannel served = new ScriptedChannel(pieces) {

			@Override
			public void write(ByteBuffer source) {
				assertThat(source.remaining()).isBetween(1, 64 * 1024);
				HttpServed.this.writes++;
				super.write(source);
			}

		};
		this.channel = served;
		try {
			Sessions.serve(new HttpProtocol(), served, (exchange) -> {
				this.requests.add(exchange.request());
				handler.handle(exchange);
			});
		}
		catch (RuntimeException ex) {
			this.end = ex;
		}
		return withoutDates(new String(served.written(), StandardCharsets.ISO_8859_1));
	}

	/**
	 * Every response has the date, which no test can know.
	 */
	static String withoutDates(String answer) {
		long heads = Pattern.compile("HTTP/1\\.1 [2-5]\\d\\d ").matcher(answer).results().count();
		Matcher dates = Pattern.compile("Date: \\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT\r\n")
			.matcher(answer);
		assertThat(dates.results().count()).as("dates in '%s'", answer).isEqualTo(heads);
		return dates.replaceAll("");
	}

	static void route(PipeExchange exchange) {
		exchange.reply(PipeReply.of(exchange.request().route()));
	}

	static void echo(PipeExchange exchange) throws IOException {
		exchange.reply(PipeReply.of(PipeBody.of(exchange.request().body().bytes(1000))));
	}

	static ExchangeHandler replying(PipeReply reply) {
		return (exchange) -> exchange.reply(reply);
	}

	static PipeBody stream(String content, long length) {
		return PipeBody.of(new ByteArrayInputStream(HttpWire.bytes(content)), length, "The stream");
	}

	static String text(String text) {
		return "HTTP/1.1 200 OK\r\nContent-Type: text/plain;charset=UTF-8\r\nContent-Length: %d\r\n\r\n%s"
			.formatted(text.length(), text);
	}

	static ByteBuffer get(String target) {
		return ByteBuffer.wrap(HttpWire.bytes("GET " + target + HOST + "\r\n"));
	}

}
