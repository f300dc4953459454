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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Each limit: a value at the limit is accepted, and one above it is refused.
 */
class HttpLimitsTests {

	private static final String GET = "GET / HTTP/1.1\r\n";

	private static final String HOST = "Host: a\r\n";

	private static final String CHUNKED = GET + HOST + "Transfer-Encoding: chunked\r\n\r\n";

	@Test
	void wholeHeadHasOneLimit() {
		String head = "\r\n" + GET + HOST + "X: 1\r\nY: 2\r\n\r\n";
		HttpLimits enough = new HttpLimits(head.length(), 100, 100, 100, 2, 8, 100, 100, 100);
		assertThat(status(enough, head)).isZero();
		assertThat(status(enough, head + head)).isZero();
		for (int length = 1; length < head.length(); length++) {
			HttpLimits limits = new HttpLimits(length, 100, 100, 100, 2, 8, 100, 100, 100);
			assertThat(status(limits, head)).as("%d bytes", length).isEqualTo((length < 2 + GET.length()) ? 414 : 431);
		}
	}

	@Test
	void firstLineHasALimit() {
		HttpLimits limits = new HttpLimits(1000, GET.length() + 10, 100, 100, 2, 8, 100, 100, 100);
		assertThat(status(limits, "GET /" + "x".repeat(10) + " HTTP/1.1\r\n" + HOST + "\r\n")).isZero();
		assertThat(status(limits, "GET /" + "x".repeat(11) + " HTTP/1.1\r\n" + HOST + "\r\n")).isEqualTo(414);
		assertThat(status(limits, "x".repeat(1000))).isEqualTo(414);
	}

	@Test
	void fieldHasALimit() {
		HttpLimits limits = new HttpLimits(1000, 100, 20, 100, 2, 8, 100, 100, 100);
		assertThat(status(limits, GET + HOST + "X: " + "y".repeat(15) + "\r\n\r\n")).isZero();
		assertThat(status(limits, GET + HOST + "X: " + "y".repeat(16) + "\r\n\r\n")).isEqualTo(431);
		assertThat(status(limits, GET + HOST + "y".repeat(2000))).isEqualTo(431);
	}

	@Test
	void fieldsHaveALimitInNumber() {
		HttpLimits limits = new HttpLimits(1000, 100, 100, 5, 2, 8, 100, 100, 100);
		assertThat(status(limits, GET + HOST + "X: y\r\n".repeat(4) + "\r\n")).isZero();
		assertThat(status(limits, GET + HOST + "X: y\r\n".repeat(5) + "\r\n")).isEqualTo(431);
	}

	@Test
	void emptyLinesHaveALimit() {
		String head = GET + HOST + "\r\n";
		HttpLimits limits = new HttpLimits(1000, 100, 100, 5, 2, 8, 100, 100, 100);
		assertThat(status(limits, "\r\n\r\n" + head + "\r\n\r\n" + head + "\r\n\r\n")).isZero();
		assertThat(status(limits, "\r\n\r\n\r\n" + head)).isEqualTo(400);
		assertThat(status(limits, head + "\r\n\r\n\r\n" + head)).isEqualTo(400);
	}

	@Test
	void interimResponsesHaveALimit() {
		String interim = "HTTP/1.1 103 Early Hints\r\n\r\n";
		String last = "HTTP/1.1 204 No Content\r\n\r\n";
		HttpLimits limits = new HttpLimits(1000, 100, 100, 5, 2, 3, 100, 100, 100);
		assertThat(HttpWire.responses(limits, "GET", HttpWire.bytes(interim.repeat(3) + last)).failure()).isNull();
		assertThat(HttpWire.responses(limits, "GET", HttpWire.bytes(interim.repeat(4) + last)).failure())
			.hasMessageContaining("too many interim responses");
	}

	@Test
	void bodyHasALimit() {
		HttpLimits limits = new HttpLimits(1000, 100, 100, 5, 2, 3, 10, 100, 100);
		assertThat(status(limits, GET + HOST + "Content-Length: 10\r\n\r\n0123456789")).isZero();
		assertThat(status(limits, GET + HOST + "Content-Length: 11\r\n\r\n")).isEqualTo(413);
		assertThat(status(limits, CHUNKED + "5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n")).isZero();
		assertThat(status(limits, CHUNKED + "5\r\n01234\r\n6\r\n")).isEqualTo(413);
		assertThat(status(limits, CHUNKED + "fffffffffffffff\r\n")).isEqualTo(413);
	}

	@Test
	void sizesOfChunksDoNotOverflow() {
		HttpLimits limits = new HttpLimits(1000, 100, 100, 5, 2, 3, Long.MAX_VALUE, 100, 100);
		assertThat(status(limits, CHUNKED + "fffffffffffffff\r\n")).isEqualTo(400);
	}

	@Test
	void chunkExtensionsHaveALimitTogether() {
		HttpLimits limits = new HttpLimits(1000, 100, 100, 5, 2, 3, 100, 10, 100);
		assertThat(status(limits, CHUNKED + "1;a=b\r\nx\r\n1;a=bc\r\ny\r\n0\r\n\r\n")).isZero();
		assertThat(status(limits, CHUNKED + "1;a=b\r\nx\r\n1;a=bc\r\ny\r\n0;a\r\n\r\n")).isEqualTo(400);
		assertThat(status(limits, CHUNKED + "1;a=b\r\nx\r\n1;a=bcdef\r\ny\r\n0\r\n\r\n")).isEqualTo(400);
		assertThat(status(limits, CHUNKED + "1;" + "a".repeat(10_000))).isEqualTo(400);
		HttpLimits none = new HttpLimits(1000, 100, 100, 5, 2, 3, 100, 0, 100);
		assertThat(status(none, CHUNKED + "000000000000001\r\nx\r\n0\r\n\r\n")).isZero();
		assertThat(status(none, CHUNKED + "1;a\r\nx\r\n0\r\n\r\n")).isEqualTo(400);
	}

	@Test
	void trailersHaveALimitInSizeAndNumber() {
		HttpLimits limits = new HttpLimits(1000, 100, 100, 3, 2, 3, 100, 100, 20);
		assertThat(status(limits, CHUNKED + "0\r\nA: 23456\r\nB: 23456\r\n\r\n")).isZero();
		assertThat(status(limits, CHUNKED + "0\r\nA: 23456\r\nB: 234567\r\n\r\n")).isEqualTo(431);
		assertThat(status(limits, CHUNKED + "0\r\nA:\r\nA:\r\nA:\r\n\r\n")).isZero();
		assertThat(status(limits, CHUNKED + "0\r\nA:\r\nA:\r\nA:\r\nA:\r\n\r\n")).isEqualTo(431);
		assertThat(status(limits, CHUNKED + "0\r\n" + "A".repeat(10_000))).isEqualTo(431);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 3 })
	void limitsOfAHeadArePositive(int index) {
		int[] limits = { 1, 1, 1, 1 };
		limits[index] = 0;
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new HttpLimits(limits[0], limits[1], limits[2], limits[3], 0, 0, 0, 0, 0));
	}

	@Test
	void limitsInMemoryAreAtMost16Megabytes() {
		int most = 16 * 1024 * 1024;
		new HttpLimits(most, most, most, most, most, most, Long.MAX_VALUE, most, most);
		assertThatIllegalArgumentException().isThrownBy(() -> new HttpLimits(most + 1, 1, 1, 1, 1, 1, 1, 1, 1));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new HttpLimits(1, 1, 1, 1, 1, 1, 1, Integer.MAX_VALUE, 1));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 3, 4 })
	void noLimitIsNegative(int index) {
		int[] limits = { 0, 0, 0, 0, 0 };
		new HttpLimits(1, 1, 1, 1, limits[0], limits[1], limits[2], limits[3], limits[4]);
		limits[index] = -1;
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new HttpLimits(1, 1, 1, 1, limits[0], limits[1], limits[2], limits[3], limits[4]));
	}

	private static int status(HttpLimits limits, String bytes) {
		return HttpWire.requests(limits, HttpWire.bytes(bytes)).status();
	}

}
