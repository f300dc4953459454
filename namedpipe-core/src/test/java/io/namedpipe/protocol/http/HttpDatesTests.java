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
import java.time.LocalDate;
import java.time.Year;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.Locale;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Dates as they are written and read.
 */
class HttpDatesTests {

	private static final Instant DATE = Instant.parse("1994-11-06T08:49:37Z");

	@Test
	void dateIsWrittenInTheFormatOfToday() {
		assertThat(HttpDates.format(DATE.plusMillis(999))).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994" })
	void dateIsReadInAllThreeFormats(String text) {
		assertThat(HttpDates.parse(text)).isEqualTo(DATE);
	}

	@ParameterizedTest
	@CsvSource({ "'Sun Nov 26 08:49:37 1995', 1995-11-26T08:49:37Z",
			"'Thu, 29 Feb 2024 23:59:59 GMT', 2024-02-29T23:59:59Z",
			"'Thu, 01 Jan 1970 00:00:00 GMT', 1970-01-01T00:00:00Z",
			"'Wed, 16 Sep 2026 00:00:00 GMT', 2026-09-16T00:00:00Z" })
	void otherDatesAreReadToo(String text, Instant date) {
		assertThat(HttpDates.parse(text)).isEqualTo(date);
	}

	@Test
	void twoDigitsAreTheNearestYearThatIsNotFarAhead() {
		int year = Year.now(ZoneOffset.UTC).getValue() + 20;
		Instant date = Year.of(year).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
		String day = LocalDate.ofYearDay(year, 1).getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.US);
		assertThat(HttpDates.parse("%s, 01-Jan-%02d 00:00:00 GMT".formatted(day, year % 100))).isEqualTo(date);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "0", "now", "Sun, 6 Nov 1994 08:49:37 GMT", "Mon, 06 Nov 1994 08:49:37 GMT",
			"Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37 +0000",
			"sun, 06 nov 1994 08:49:37 gmt", "Sun, 06 Nov 94 08:49:37 GMT", "Sun, 06 Nov 1994 8:49:37 GMT",
			"Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:49:60 GMT", "Thu, 30 Feb 2023 00:00:00 GMT",
			" Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ", "1994-11-06T08:49:37Z", "784111777" })
	void whatIsNoDateIsIgnored(String text) {
		assertThat(HttpDates.parse(text)).isNull();
	}

}
