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

import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Fields in their order, by names in any case.
 */
class HttpHeadersTests {

	private final HttpHeaders headers = new HttpHeaders().add("A", "1").add("b", "2").add("a", "3").add("C", "");

	@Test
	void orderAndSpellingAreKept() {
		assertThat(this.headers).hasToString("A: 1\nb: 2\na: 3\nC: \n");
		assertThat(this.headers.size()).isEqualTo(4);
		assertThat(this.headers.name(2)).isEqualTo("a");
		assertThat(this.headers.value(2)).isEqualTo("3");
	}

	@Test
	void namesAreComparedWithoutRegardToCase() {
		assertThat(this.headers.get("a")).isEqualTo("1");
		assertThat(this.headers.get("B")).isEqualTo("2");
		assertThat(this.headers.get("c")).isEmpty();
		assertThat(this.headers.get("d")).isNull();
		assertThat(this.headers.values("A")).containsExactly("1", "3");
		assertThat(this.headers.values("d")).isEmpty();
		assertThat(this.headers.list("a")).isEqualTo("1, 3");
		assertThat(this.headers.list("B")).isEqualTo("2");
		assertThat(this.headers.list("d")).isNull();
	}

	@Test
	void singleFieldMustNotBeThereTwice() {
		assertThat(this.headers.single("B")).isEqualTo("2");
		assertThat(this.headers.single("d")).isNull();
		assertThatExceptionOfType(HttpException.class).isThrownBy(() -> this.headers.single("a"))
			.withMessage("There are several a fields")
			.satisfies((ex) -> assertThat(ex.status()).isEqualTo(400));
	}

	@Test
	void setReplacesAllOfAName() {
		assertThat(this.headers.set("A", "4")).hasToString("b: 2\nC: \nA: 4\n");
		assertThat(this.headers.set("new", "5")).hasToString("b: 2\nC: \nA: 4\nnew: 5\n");
	}

	@ParameterizedTest
	@CsvSource({ "close, true", "Close, true", "'x, close', true", "'close ,x', true", "', close,', true",
			"closed, false", "'', false", "'not close', false", "'\"close\"', false", "'\"x, close\"', false" })
	void tokensAreFoundInLists(String value, boolean found) {
		assertThat(new HttpHeaders().add("Connection", value).hasToken("connection", "close")).isEqualTo(found);
		assertThat(new HttpHeaders().add("Connection", "x").add("Connection", value).hasToken("connection", "close"))
			.isEqualTo(found);
	}

	@Test
	void thereMayBeMany() {
		HttpHeaders many = new HttpHeaders();
		IntStream.range(0, 1_000).forEach((i) -> many.add("X-" + i, "v" + i));
		assertThat(many.size()).isEqualTo(1_000);
		assertThat(IntStream.range(0, 1_000)).allMatch((i) -> ("v" + i).equals(many.get("x-" + i)));
	}

}
