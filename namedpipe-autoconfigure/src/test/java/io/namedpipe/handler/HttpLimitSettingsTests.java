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

package io.namedpipe.handler;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.autoconfigure.PipeRunner;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeTransport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The limits of HTTP as settings of a pipe.
 */
class HttpLimitSettingsTests {

	private final ApplicationContextRunner runner = PipeRunner.create()
		.withUserConfiguration(Ignoring.class)
		.withPropertyValues("namedpipe.server.pipes.files.protocol=http", "namedpipe.server.http.max-line-size=200B",
				"namedpipe.server.pipes.files.http.max-head-size=1000B", "namedpipe.server.http.max-headers=5",
				"namedpipe.server.http.max-body-size=1KB", "namedpipe.server.http.max-drained-size=10B");

	@Test
	void whatIsWithinTheLimitsIsTaken() {
		this.runner.run((context) -> {
			assertThat(RawHttp.call(context, "GET /?" + "x".repeat(150) + "\nX: " + "y".repeat(150)).status())
				.isEqualTo(200);
			assertThat(RawHttp.call(context, "POST /read", new byte[1024]).body()).isEqualTo("1024");
		});
	}

	@ParameterizedTest
	@CsvSource({ "200, 1, 1, 0, 414", "1, 1, 200, 0, 431", "1, 4, 1, 0, 431", "1, 1, 1, 1025, 413" })
	void moreIsRefused(int query, int fields, int value, int body, int status) {
		this.runner.run((context) -> {
			String request = "POST /read?" + "x".repeat(query) + ("\nX: " + "y".repeat(value)).repeat(fields);
			assertThat(RawHttp.call(context, request, new byte[body]).status()).isEqualTo(status);
		});
	}

	@Test
	void wholeHeadHasALimit() {
		this.runner.withPropertyValues("namedpipe.server.http.max-headers=100")
			.run((context) -> assertThat(
					RawHttp.call(context, "GET /" + ("\nX: " + "y".repeat(100)).repeat(10)).status())
				.isEqualTo(431));
	}

	@ParameterizedTest
	@CsvSource({ "10, 2", "11, 1" })
	void restOfABodyIsReadUpToALimit(int rest, int answers) {
		this.runner.run((context) -> {
			try (PipeChannel channel = context.getBean(PipeTransport.class)
				.connect(PipeAddress.of("files"), PipeClientOptions.defaults())) {
				String post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s".formatted(rest,
						"x".repeat(rest));
				channel.write(ByteBuffer.wrap((post + "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII)));
				assertThat(new String(channel.inputStream().readAllBytes(), StandardCharsets.US_ASCII)
					.split("HTTP/1.1 200 OK", -1)).hasSize(answers + 1);
			}
		});
	}

	@ParameterizedTest
	@CsvSource({ "http.max-head-size=1B, from 100B to 16MB", "http.max-headers=0, from 1 to 10000",
			"http.max-line-size=17MB, from 100B to 16MB", "http.min-body-rate=-1B, from 0B to 1GB" })
	void valueOutOfRangeIsAnErrorAtStartUp(String setting, String range) {
		this.runner.withPropertyValues("namedpipe.server.pipes.files." + setting)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("namedpipe.server.pipes.files." + setting.substring(0, setting.indexOf('=')))
				.hasStackTraceContaining(range));
	}

	@PipeEndpoint("files")
	static class Ignoring {

		@PipeMapping
		String ignore() {
			return "ignored";
		}

		@PipeMapping("read")
		String read(byte[] body) {
			return String.valueOf(body.length);
		}

	}

}
