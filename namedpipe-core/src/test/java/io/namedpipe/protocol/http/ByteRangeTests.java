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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Ranges that are asked for, and ranges that are sent.
 */
class ByteRangeTests {

	@ParameterizedTest
	@CsvSource({ "bytes=0-0, 0, 0", "bytes=0-499, 0, 499", "bytes=500-, 500, 999", "bytes=-1, 999, 999",
			"bytes=-1000, 0, 999", "bytes=-5000, 0, 999", "bytes=990-5000, 990, 999", "bytes=999-, 999, 999",
			"BYTES=1-2, 1, 2", "'bytes= 1-2 ', 1, 2", "bytes=0-99999999999999999999, 0, 999",
			"bytes=-99999999999999999999, 0, 999", "bytes=007-08, 7, 8" })
	void rangeIsWithinTheFile(String range, long first, long last) {
		assertThat(ByteRange.requested(range, 1_000)).isEqualTo(new ByteRange(first, last, 1_000));
	}

	@ParameterizedTest
	@ValueSource(strings = { "bytes=1000-", "bytes=1000-1000", "bytes=5000-6000", "bytes=99999999999999999999-",
			"bytes=-0" })
	void rangeOfNoByteCannotBeSatisfied(String range) {
		assertThatExceptionOfType(HttpException.class).isThrownBy(() -> ByteRange.requested(range, 1_000))
			.satisfies((ex) -> assertThat(ex.status()).isEqualTo(416));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "bytes", "bytes=", "bytes=-", "bytes=5", "bytes=5-4", "bytes=a-b", "bytes=1-b",
			"bytes=+1-2", "bytes=1--2", "bytes=--2", "bytes=1 - 2", "bytes=0x1-2", "bytes=0-1,5-6", "bytes=0-1, -1",
			"bytes=0-1,", "lines=1-2", "bytes 1-2", "bytes:1-2", "bytes=*", "bytes=\u0661-\u0662" })
	void whatIsNotOneRangeOfBytesIsIgnored(String range) {
		assertThat(ByteRange.requested(range, 1_000)).isNull();
	}

	@Test
	void emptyFileHasNoRange() {
		assertThat(ByteRange.requested(null, 0)).isNull();
		assertThat(ByteRange.requested("bytes=-5", 0)).isNull();
		assertThatExceptionOfType(HttpException.class).isThrownBy(() -> ByteRange.requested("bytes=0-", 0));
		assertThatExceptionOfType(HttpException.class).isThrownBy(() -> ByteRange.requested("bytes=-0", 0));
	}

	@Test
	void rangeIsSentWithItsLength() {
		ByteRange range = new ByteRange(5, 9, 100);
		assertThat(range.count()).isEqualTo(5);
		assertThat(range.contentRange()).isEqualTo("bytes 5-9/100");
		assertThat(ByteRange.unsatisfied(100)).isEqualTo("bytes */100");
	}

}
