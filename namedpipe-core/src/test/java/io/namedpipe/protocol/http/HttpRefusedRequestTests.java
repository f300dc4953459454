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
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Requests that are refused, each with its status, and nothing of them executed.
 */
class HttpRefusedRequestTests {

	@ParameterizedTest(name = "{0}")
	@MethodSource("io.namedpipe.protocol.http.HttpTraps#heads")
	void badHeadIsRefusedAndNeverExecuted(HttpTraps.Trap trap) {
		HttpWire wire = HttpWire.requests(trap.bytes());
		assertThat(wire.failure()).as(trap.name()).isNotNull();
		assertThat(wire.status()).isEqualTo(trap.status());
		assertThat(wire.messages()).isEmpty();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("io.namedpipe.protocol.http.HttpTraps#bodies")
	void badBodyIsNeverComplete(HttpTraps.Trap trap) {
		HttpWire wire = HttpWire.requests(trap.bytes());
		assertThat(wire.failure()).as(trap.name()).isNotNull();
		assertThat(wire.status()).isEqualTo(trap.status());
		assertThat(wire.messages()).singleElement().matches((message) -> !message.complete);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("io.namedpipe.protocol.http.HttpTraps#headsThatAreComplete")
	void nothingAfterABadHeadIsExecuted(HttpTraps.Trap trap) {
		HttpWire wire = HttpWire.uncut(HttpWire.bytes(trap.bytes() + "\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n"));
		assertThat(wire.failure()).as(trap.name()).isNotNull();
		assertThat(wire.messages()).isEmpty();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("io.namedpipe.protocol.http.HttpTraps#heads")
	void messageRepeatsNothingThatWasSent(HttpTraps.Trap trap) {
		HttpException failure = HttpWire.uncut(HttpWire.bytes(trap.bytes())).failure();
		assertThat(failure).as(trap.name()).isNotNull();
		assertThat(failure.getMessage()).matches("[A-Z][ -~]{10,120}").doesNotContain("evil");
	}

	@Test
	void everyHeadThatIsCutShortIsNeverExecuted() {
		String head = "POST /evil?a=b HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nX-Thing: value\r\n\r\n";
		for (int length = 1; length < head.length(); length++) {
			HttpWire wire = HttpWire.requests(head.substring(0, length));
			assertThat(wire.messages()).isEmpty();
			assertThat(wire.status()).isEqualTo(400);
		}
	}

	@Test
	void everyBodyThatIsCutShortIsIncomplete() {
		String head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
		String body = "5;a=b\r\nhello\r\nA\r\n0123456789\r\n0\r\nTrailer: value\r\n\r\n";
		for (int length = 0; length < body.length(); length++) {
			HttpWire wire = HttpWire.requests(head + body.substring(0, length));
			assertThat(wire.status()).as(body.substring(0, length)).isEqualTo(400);
			assertThat(wire.messages()).singleElement().matches((message) -> !message.complete);
		}
		for (int length = 0; length < 5; length++) {
			HttpWire wire = HttpWire
				.requests("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n" + "hello".substring(0, length));
			assertThat(wire.status()).isEqualTo(400);
			assertThat(wire.messages()).singleElement().matches((message) -> !message.complete);
		}
	}

	@Test
	void parserAndDecoderStayRefusing() {
		HttpRequestParser parser = new HttpRequestParser(HttpLimits.DEFAULTS);
		ByteBuffer good = ByteBuffer.wrap(HttpWire.bytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
		assertThatExceptionOfType(HttpException.class)
			.isThrownBy(() -> parser.parse(ByteBuffer.wrap(HttpWire.bytes("BAD\n"))));
		assertThatExceptionOfType(HttpException.class).isThrownBy(() -> parser.parse(good));
		assertThatExceptionOfType(HttpException.class).isThrownBy(parser::end);
		assertThat(good.position()).isZero();
		HttpBodyDecoder decoder = new HttpBodyDecoder(HttpFraming.CHUNKED, HttpLimits.DEFAULTS);
		ByteBuffer end = ByteBuffer.wrap(HttpWire.bytes("0\r\n\r\n"));
		assertThatExceptionOfType(HttpException.class)
			.isThrownBy(() -> decoder.decode(ByteBuffer.wrap(HttpWire.bytes("x\r\n"))));
		assertThatExceptionOfType(HttpException.class).isThrownBy(() -> decoder.decode(end));
		assertThatExceptionOfType(HttpException.class).isThrownBy(decoder::end);
		assertThat(decoder.isEnded()).isFalse();
	}

}
