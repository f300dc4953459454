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

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Year;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Dates of RFC 9110, 5.6.7: written in the one format of today, read in that and the two
 * obsolete ones.
 */
final class HttpDates {

	private static final DateTimeFormatter FIXED = formatter("EEE, dd MMM uuuu HH:mm:ss 'GMT'");

	/** Two digits mean the year that is less than 50 years ahead. */
	private static final DateTimeFormatter RFC_850 = new DateTimeFormatterBuilder().appendPattern("EEEE, dd-MMM-")
		.appendValueReduced(ChronoField.YEAR, 2, 2, Year.now(ZoneOffset.UTC).getValue() - 50)
		.appendPattern(" HH:mm:ss 'GMT'")
		.toFormatter(Locale.US)
		.withResolverStyle(ResolverStyle.STRICT);

	private static final List<DateTimeFormatter> READ = List.of(FIXED, RFC_850, formatter("EEE MMM ppd HH:mm:ss uuuu"));

	private static volatile Now lastNow = new Now(0, "");

	private HttpDates() {
	}

	private static DateTimeFormatter formatter(String pattern) {
		return DateTimeFormatter.ofPattern(pattern, Locale.US).withResolverStyle(ResolverStyle.STRICT);
	}

	/**
	 * Now, to be sent as the {@code Date} of a response. Written once a second.
	 * @return the date
	 */
	static String now() {
		long second = System.currentTimeMillis() / 1000;
		Now last = lastNow;
		if (last.second != second) {
			last = new Now(second, format(Instant.ofEpochSecond(second)));
			lastNow = last;
		}
		return last.text;
	}

	static String format(Instant instant) {
		return FIXED.format(instant.atOffset(ZoneOffset.UTC));
	}

	/**
	 * Parse a date.
	 * @param text the text
	 * @return the date, {@code null} if it is none, as such a field is to be ignored
	 */
	static @Nullable Instant parse(String text) {
		for (DateTimeFormatter formatter : READ) {
			try {
				return LocalDateTime.parse(text, formatter).toInstant(ZoneOffset.UTC);
			}
			catch (DateTimeException ex) {
				// It may be one of the other formats.
			}
		}
		return null;
	}

	/**
	 * A second.
	 *
	 * @param second since 1970
	 * @param text as it is sent
	 */
	private record Now(long second, String text) {

	}

}
