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
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests of problem details as servers send them, and of other content.
 */
class JsonReaderTests {

	@Test
	void membersHaveTheirTypes() {
		assertThat(JsonReader.members("""
				{"a":1,"b":"x","c":true,"d":false,"e":null,"f":1.5e3,"g":[1,[],["y",null]],"h":{"i":-2,"j":{}}}"""))
			.containsExactly(entry("a", 1L), entry("b", "x"), entry("c", true), entry("d", false), entry("f", 1500.0),
					entry("g", List.of(1L, List.of(), List.of("y"))), entry("h", Map.of("i", -2L, "j", Map.of())));
	}

	@Test
	void blanksMeanNothing() {
		assertThat(JsonReader.members(" \t\r\n{ \"a\" : [ 1 , 2 ] ,\t\"b\"\r\n: { } } \n"))
			.isEqualTo(Map.of("a", List.of(1L, 2L), "b", Map.of()));
		assertThat(JsonReader.members("{ }")).isEmpty();
	}

	@Test
	void ofMembersWithOneNameTheFirstIsKept() {
		assertThat(JsonReader.members("{\"a\":1,\"a\":2}")).isEqualTo(Map.of("a", 1L));
	}

	@Test
	void textsHaveTheirCharactersButNoControls() {
		assertThat(
				JsonReader.members("{\"a\":\"\\\"\\\\\\/\\u00e9\\u0041,]}\",\"b\":\"\\b\\f\\n\\r\\t\\u001b\u0085\"}"))
			.isEqualTo(Map.of("a", "\"\\/\u00e9A,]}", "b", "       "));
	}

	@Test
	void numbersAreOfAnySize() {
		assertThat(JsonReader.members("{\"a\":-999999999999999999,\"b\":1000000000000000000,\"c\":-0.5E-2,\"d\":1e+2}"))
			.isEqualTo(Map.of("a", -999_999_999_999_999_999L, "b", 1e18, "c", -0.005, "d", 100.0));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "1", "[]", "\"a\"", "null", "{", "{}x", "{}{}", "{\"a\"}", "{\"a\":}",
			"{\"a\":1,}", "{,}", "{\"a\":1 \"b\":2}", "{\"a\":1,,\"b\":2}", "{\"a\" 1}", "{a:1}", "{a\":1}",
			"{\"a\":\"x}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u00g0\"}", "{\"a\":\"\\u00", "{\"a\":[1 2]}", "{\"a\":[1,]}",
			"{\"a\":[,1]}", "{\"a\":[1}", "{\"a\":tru}", "{\"a\":NaN}", "{\"a\":1e}", "{\"a\":.5}", "{\"a\":1.}",
			"{\"a\":+1}", "{\"a\":0x1}", "{\"a\":1" })
	void whatIsNotOneObjectHasNoMembers(String text) {
		assertThat(JsonReader.members(text)).isEmpty();
	}

	@Test
	void depthHasALimit() {
		assertThat(JsonReader.members("{\"a\":" + "[".repeat(16) + "]".repeat(16) + "}")).hasSize(1);
		assertThat(JsonReader.members("{\"a\":" + "[".repeat(17) + "]".repeat(17) + "}")).isEmpty();
		assertThat(JsonReader.members("{\"a\":".repeat(17) + "1" + "}".repeat(17))).isEmpty();
		assertThat(JsonReader.members("{\"a\":".repeat(100_000))).isEmpty();
	}

}
