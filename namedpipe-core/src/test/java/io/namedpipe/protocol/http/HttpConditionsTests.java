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

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Conditions of requests and the entity tags in them.
 */
class HttpConditionsTests {

	private static final String BEFORE = "Sun, 06 Nov 1994 08:49:36 GMT";

	private static final String EXACTLY = "Sun, 06 Nov 1994 08:49:37 GMT";

	private static final Instant MODIFIED = Instant.parse("1994-11-06T08:49:37.5Z");

	private final HttpHeaders headers = new HttpHeaders();

	private final HttpConditions conditions = new HttpConditions(this.headers, new EntityTag("a", false), MODIFIED);

	private final HttpConditions weak = new HttpConditions(this.headers, new EntityTag("a", true), MODIFIED);

	@Test
	void nothingAskedMeansWholeAnswer() {
		assertThat(this.conditions.isFailed()).isFalse();
		assertThat(this.conditions.isNotModified()).isFalse();
		assertThat(this.conditions.isRangeUsable()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "*, true", "'\"a\"', true", "'W/\"a\"', true", "'\"b\", \"a\"', true", "'\"b\",W/\"a\"', true",
			"'\"b\"', false", "'\"A\"', false", "a, false", "'', false", "'\"a', false", "'w/\"a\"', false",
			"'\"x y\", \"a\"', true", "'\"a\"\u0085', false" })
	void clientHasTheFile(String noneMatch, boolean same) {
		this.headers.add("If-None-Match", noneMatch).add("If-Modified-Since", EXACTLY);
		assertThat(this.conditions.isNotModified()).isEqualTo(same);
		assertThat(this.weak.isNotModified()).isEqualTo(same);
	}

	@Test
	void tagsMayBeInSeveralFields() {
		this.headers.add("If-None-Match", "\"b\"").add("if-none-match", "\"a\"");
		assertThat(this.conditions.isNotModified()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "'" + BEFORE + "'" + ", false", "'" + EXACTLY + "'" + ", true",
			"'Sun, 06 Nov 1994 08:49:38 GMT', true", "now, false" })
	void clientHasTheFileOfThatTime(String date, boolean same) {
		this.headers.add("If-Modified-Since", date);
		assertThat(this.conditions.isNotModified()).isEqualTo(same);
	}

	@ParameterizedTest
	@CsvSource({ "*, false", "'\"a\"', false", "'\"b\", \"a\"', false", "'\"b\"', true", "'W/\"a\"', true", "a, true",
			"'', true" })
	void clientMeansAnotherFile(String match, boolean failed) {
		this.headers.add("If-Match", match).add("If-Unmodified-Since", EXACTLY);
		assertThat(this.conditions.isFailed()).isEqualTo(failed);
	}

	@Test
	void weakTagIsNeverProof() {
		this.headers.add("If-Match", "W/\"a\"").add("If-Range", "W/\"a\"");
		assertThat(this.weak.isFailed()).isTrue();
		assertThat(this.weak.isRangeUsable()).isFalse();
		this.headers.set("If-Match", "\"a\"").set("If-Range", "\"a\"");
		assertThat(this.weak.isFailed()).isTrue();
		assertThat(this.weak.isRangeUsable()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "'" + BEFORE + "'" + ", true", "'" + EXACTLY + "'" + ", false", "now, false" })
	void clientMeansTheFileOfThatTime(String date, boolean failed) {
		this.headers.add("If-Unmodified-Since", date);
		assertThat(this.conditions.isFailed()).isEqualTo(failed);
	}

	@ParameterizedTest
	@CsvSource({ "'\"a\"', true", "'\"b\"', false", "'W/\"a\"', false", "*, false", "'\"b\", \"a\"', false",
			"'\"a\", \"a\"', false", "'" + EXACTLY + "'" + ", false", "'', false", "'\"a\" x', false" })
	void rangeIsOfThisVeryFile(String ifRange, boolean usable) {
		this.headers.add("If-Range", ifRange);
		assertThat(this.conditions.isRangeUsable()).isEqualTo(usable);
	}

	@Test
	void tagsAreComparedInTwoWays() {
		EntityTag strong = new EntityTag("1", false);
		EntityTag weak = new EntityTag("1", true);
		assertThat(strong.equalsStrongly(new EntityTag("1", false))).isTrue();
		assertThat(strong.equalsStrongly(weak)).isFalse();
		assertThat(weak.equalsStrongly(strong)).isFalse();
		assertThat(weak.equalsStrongly(weak)).isFalse();
		assertThat(strong.equalsWeakly(weak)).isTrue();
		assertThat(weak.equalsWeakly(weak)).isTrue();
		assertThat(weak.equalsWeakly(new EntityTag("2", true))).isFalse();
	}

	@Test
	void tagsAreWrittenAsTheyAreRead() {
		assertThat(EntityTag.list("\"\", W/\"a,b\\\",\t\"\u00e9!#~\" , ,")).isEqualTo(
				List.of(new EntityTag("", false), new EntityTag("a,b\\", true), new EntityTag("\u00e9!#~", false)));
		assertThat(new EntityTag("a", false)).hasToString("\"a\"");
		assertThat(new EntityTag("a", true)).hasToString("W/\"a\"");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"", "a b", "a\n", "\u0000", "\u007f", "\u0100" })
	void badTagIsRefused(String value) {
		assertThatIllegalArgumentException().isThrownBy(() -> new EntityTag(value, false));
	}

}
