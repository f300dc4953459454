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

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of fields as headers and of headers as fields, and of the lists in them.
 */
class HttpFieldsTests {

	@Test
	void fieldsOfOneNameAreOneHeader() {
		HttpHeaders fields = new HttpHeaders().add("X-Tag", "a")
			.add("x-tag", "b")
			.add("Set-Cookie", "a=b, c")
			.add("Set-Cookie", "d=e")
			.add("Connection", "close")
			.add("Content-Type", "text/plain");
		assertThat(HttpFields.toHeaders(fields))
			.isEqualTo(Map.of("x-tag", "a, b", "set-cookie", "a=b, c\nd=e", "content-type", "text/plain"));
	}

	@Test
	void headersAreFieldsButForThoseOfTheRequestLine() {
		assertThat(HttpFields.toFields(Map.of("X-Tag", "a", HttpProtocol.METHOD, "GET", HttpProtocol.STATUS, "200")))
			.hasToString("X-Tag: a\n");
		assertThatIllegalArgumentException().isThrownBy(() -> HttpFields.toFields(Map.of("Connection", "close")))
			.withMessageContaining("'Connection'");
	}

	@Test
	void fieldThatIsThereIsKept() {
		HttpHeaders fields = new HttpHeaders().add("Date", "today");
		fields.setIfAbsent("date", "tomorrow");
		fields.setIfAbsent("Server", "x");
		assertThat(fields).hasToString("Date: today\nServer: x\n");
	}

	@Test
	void statusOfAReplyIsAFinalOne() {
		assertThat(HttpFields.status("200")).isEqualTo(200);
		assertThat(HttpFields.status("599")).isEqualTo(599);
		for (String status : List.of("199", "600", "", "x", "-200", "2000000000000000000000")) {
			assertThatIllegalArgumentException().as(status).isThrownBy(() -> HttpFields.status(status));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/plain", "TEXT/HTML", "text/plain; charset=utf-8", "text/plain;charset=\"UTF-8\"",
			"text/plain; charset=us-ascii", "application/json", "application/problem+json; x=y" })
	void textInUtf8IsAText(String type) {
		assertThat(HttpFields.isText(type)).isTrue();
	}

	@ParameterizedTest
	@CsvSource(nullValues = "null", value = { "null", "''", ";", "text", "image/png", "application/jsonx",
			"text/plain; charset=iso-8859-1", "text/plain; charset=utf-8; charset=utf-16", "image/png; charset=utf-8" })
	void otherContentIsNoText(@Nullable String type) {
		assertThat(HttpFields.isText(type)).isFalse();
	}

	@Test
	void listsAreSplitButNotWithinQuotes() {
		assertThat(HttpChars.split(" a ,,b;c, \"d,\\\"e,\" ,f", ',')).containsExactly("a", "b;c", "\"d,\\\"e,\"", "f");
		assertThat(HttpChars.split("a\\,b", ',')).containsExactly("a\\", "b");
		assertThat(HttpChars.split("\"a,b", ',')).containsExactly("\"a,b");
		assertThat(HttpChars.split("", ',')).isEmpty();
	}

}
