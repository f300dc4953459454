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

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

/**
 * Decoding of paths, queries and forms.
 */
class HttpUrisTests {

	@ParameterizedTest
	@CsvSource({ "'', ''", "/a/b, /a/b", "/a%20b, /a b", "/a+b, /a+b", "%2F%2f, //", "/%2e%2E/%5C, /../\\",
			"%C3%A9, \u00e9", "%e4%b8%96, \u4e16", "%F0%9F%98%80, \ud83d\ude00", "%25, %", "%2500, %00",
			"%7f%0a, '\u007f\n'" })
	void pathIsDecoded(String text, String decoded) {
		assertThat(HttpUris.decode(text)).isEqualTo(decoded);
	}

	@ParameterizedTest
	@ValueSource(strings = { "%", "a%", "%4", "%4g", "%g4", "%%41", "%+1", "%-1", "% 1", "%u0041", "%00", "a%00b", "\0",
			"%41\0", "%ff", "%80", "%c3", "%c3%28", "%c0%af", "%e0%80%af", "%ed%a0%80", "%f4%90%80%80",
			"%f8%88%80%80%80", "%\uff14\uff11", "%\u0664\u0661" })
	void whatIsNoEscapedTextIsRefused(String text) {
		assertThatExceptionOfType(HttpException.class).isThrownBy(() -> HttpUris.decode(text))
			.satisfies((ex) -> assertThat(ex.status()).isEqualTo(400));
		assertThatExceptionOfType(HttpException.class).isThrownBy(() -> HttpUris.decodeForm(text + "=x", 10));
		assertThatExceptionOfType(HttpException.class).isThrownBy(() -> HttpUris.decodeForm("x=" + text, 10));
	}

	@Test
	void formHasValuesOfNames() {
		assertThat(HttpUris.decodeForm("a=1&b=x+y%2B%3D%26&a=2&&c&d=&=e&f=g=h&%C3%A9=\u00e9", 20)).containsExactly(
				entry("a", List.of("1", "2")), entry("b", List.of("x y+=&")), entry("c", List.of("")),
				entry("d", List.of("")), entry("", List.of("e")), entry("f", List.of("g=h")),
				entry("\u00e9", List.of("\u00e9")));
	}

	@Test
	void emptyFormHasNothing() {
		assertThat(HttpUris.decodeForm("", 0)).isEqualTo(Map.of());
		assertThat(HttpUris.decodeForm("&&&", 0)).isEqualTo(Map.of());
	}

	@Test
	void valuesOfAFormHaveALimit() {
		assertThat(HttpUris.decodeForm("a&b&c", 3)).hasSize(3);
		assertThatExceptionOfType(HttpException.class).isThrownBy(() -> HttpUris.decodeForm("a&a&a&a", 3))
			.withMessage("There are more than 3 parameters");
	}

}
