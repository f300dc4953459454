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

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Bodies that are taken. {@link HttpRefusedRequestTests} has those that are not.
 */
class HttpBodyDecoderTests {

	@ParameterizedTest
	@CsvSource({ "'0\r\n\r\n', ''", "'5\r\nhello\r\n0\r\n\r\n', hello", "'00005\r\nhello\r\n000\r\n\r\n', hello",
			"'a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n', 01234567890123456789a",
			"'1;a\r\nx\r\n1;a=b;c;d=\"e;\\\"f\"\r\ny\r\n0;end\r\n\r\n', xy", "'2\r\n\r\n\r\n0\r\n\r\n', '\r\n'",
			"'3\r\n0\r\n\r\n0\r\n\r\n', '0\r\n'", "'1\r\n\0\r\n0\r\n\r\n', '\0'" })
	void chunksAreTakenApart(String chunks, String body) {
		HttpWire wire = HttpWire.requests("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
		assertThat(wire.message1().body).hasToString(body);
	}

	@Test
	void trailersAreKeptApart() {
		HttpWire wire = HttpWire
			.requests("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n"
					+ "0\r\nX: y\r\nConnection: close\r\n\r\n");
		assertThat(wire.message1().trailers).isEqualTo("X: y\nConnection: close\n");
		assertThat(wire.request().headers().get("X")).isNull();
		assertThat(wire.request().keepAlive()).isTrue();
	}

	@Test
	void dataIsASliceAndNotACopy() {
		byte[] bytes = HttpWire.bytes("hello and more");
		ByteBuffer in = ByteBuffer.wrap(bytes);
		HttpBodyDecoder decoder = new HttpBodyDecoder(5, HttpLimits.DEFAULTS);
		ByteBuffer data = decoder.decode(in);
		assertThat(data).isNotNull();
		assertThat(data.array()).isSameAs(bytes);
		assertThat(data.remaining()).isEqualTo(5);
		assertThat(in.position()).isEqualTo(5);
		assertThat(decoder.isEnded()).isTrue();
		assertThat(decoder.decode(in)).isNull();
		assertThat(in.position()).isEqualTo(5);
	}

	@Test
	void lengthMayBeMoreThanMemory() {
		HttpBodyDecoder decoder = new HttpBodyDecoder(Long.MAX_VALUE, HttpLimits.DEFAULTS);
		assertThat(decoder.decode(ByteBuffer.allocate(100_000))).extracting(ByteBuffer::remaining).isEqualTo(100_000);
		assertThat(decoder.isEnded()).isFalse();
	}

	@Test
	void emptyBodyHasEndedFromTheStart() {
		HttpBodyDecoder decoder = new HttpBodyDecoder(0, HttpLimits.DEFAULTS);
		assertThat(decoder.isEnded()).isTrue();
		decoder.end();
	}

}
