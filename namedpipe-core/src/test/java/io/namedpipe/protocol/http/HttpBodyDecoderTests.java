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
 * Bodies that are taken. {@link HttpRefusedRequestTests} has those that are not.
 */
class HttpBodyDecoderTests {

	@ParameterizedTest
	@CsvSource({ "'0\r\n\r\n', ''", "'5\r\nhello\r\n0\r\n\r\n', hello", "'00005\r\nhello\r\n000\r\n\r\n', hello",
			"'a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n', 01234567890123456789a",
			"'1;a\r\nx\r\n1;a=b;c;d=\"e;\\\"f\"\r\ny\r\n0;end\r\n\r\n', xy",
			"'1;a=b\r\nx\r\n1;a\r\ny\r\n0\r\n\r\n', xy", "'2\r\n\r\n\r\n0\r\n\r\n', '\r\n'",
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

	@Test
	void wholeBodyIsPresentOrNothingIs() {
		HttpBodyDecoder decoder = new HttpBodyDecoder(5, HttpLimits.DEFAULTS);
		assertThat(decoder.present(ByteBuffer.allocate(4))).isZero();
		assertThat(decoder.present(ByteBuffer.allocate(5))).isEqualTo(5);
		assertThat(decoder.present(ByteBuffer.allocate(6))).isEqualTo(5);
		decoder.decode(ByteBuffer.allocate(5));
		assertThat(decoder.present(ByteBuffer.allocate(5))).isZero();
		HttpBodyDecoder chunked = new HttpBodyDecoder(HttpFraming.CHUNKED, HttpLimits.DEFAULTS);
		assertThat(chunked.present(ByteBuffer.allocate(5))).isZero();
		chunked.decode(ByteBuffer.wrap(HttpWire.bytes("2\r\n")));
		assertThat(chunked.present(ByteBuffer.allocate(5))).isZero();
	}

	@Test
	void bytesAheadAreThoseOfTheBodyOrOfTheChunk() {
		HttpBodyDecoder decoder = new HttpBodyDecoder(5, HttpLimits.DEFAULTS);
		assertThat(decoder.ahead()).isEqualTo(5);
		decoder.decode(ByteBuffer.allocate(2));
		assertThat(decoder.ahead()).isEqualTo(3);
		assertThatExceptionOfType(HttpException.class).isThrownBy(decoder::end);
		assertThat(decoder.ahead()).isZero();
		HttpBodyDecoder chunked = new HttpBodyDecoder(HttpFraming.CHUNKED, HttpLimits.DEFAULTS);
		assertThat(chunked.ahead()).isZero();
		chunked.decode(ByteBuffer.wrap(HttpWire.bytes("2\r\n")));
		assertThat(chunked.ahead()).isEqualTo(2);
		chunked.taken(2);
		assertThat(chunked.ahead()).isZero();
		chunked.decode(ByteBuffer.wrap(HttpWire.bytes("\r\n0\r\n\r\n")));
		assertThat(chunked.isEnded()).isTrue();
		assertThat(chunked.ahead()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "1;", "1; a", "1 ;a", "1;a;", "1;;a", "1;a=", "1;a=;b", "1;a=b c", "1;a=\"", "1;a=\"b",
			"1;a=\"\\", "1;a=\"\\\"", "1;a=\"b\"c", "1;a=\"\u0001\"", "1;a=\"\\\u0001\"", "1;=b", "1,a" })
	void extensionThatIsNoneIsRefused(String line) {
		assertThatExceptionOfType(HttpException.class)
			.isThrownBy(() -> new HttpBodyDecoder(HttpFraming.CHUNKED, HttpLimits.DEFAULTS)
				.decode(ByteBuffer.wrap(HttpWire.bytes(line + "\r\n"))))
			.withMessageContaining("A chunk size is not");
	}

	@Test
	void endlessExtensionIsRefusedAsSoonAsAllTogetherAreTooLong() {
		HttpBodyDecoder decoder = new HttpBodyDecoder(HttpFraming.CHUNKED, limits(100, 100));
		feed(decoder, "1;" + "a".repeat(79) + "\r\nx\r\n1;aaa");
		assertThatExceptionOfType(HttpException.class).isThrownBy(() -> feed(decoder, "a".repeat(40)))
			.withMessageContaining("chunk extensions");
	}

	@Test
	void endlessTrailerIsRefusedAsSoonAsAllTogetherAreTooLong() {
		HttpBodyDecoder decoder = new HttpBodyDecoder(HttpFraming.CHUNKED, limits(100, 100));
		feed(decoder, "0\r\nA: " + "a".repeat(79) + "\r\nB: b");
		assertThatExceptionOfType(HttpException.class).isThrownBy(() -> feed(decoder, "b".repeat(40)))
			.withMessage("The trailers are too large");
	}

	private static void feed(HttpBodyDecoder decoder, String text) {
		ByteBuffer in = ByteBuffer.wrap(HttpWire.bytes(text));
		while (in.hasRemaining()) {
			decoder.decode(in);
		}
	}

	private static HttpLimits limits(int extensions, int trailers) {
		return new HttpLimits(1000, 1000, 1000, 10, 0, 0, 1000, extensions, trailers);
	}

}
