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

import org.jspecify.annotations.Nullable;

/**
 * One range of the bytes of a file (RFC 9110, 14).
 *
 * @param first the position of the first byte
 * @param last the position of the last byte, inclusive
 * @param length the length of the whole file
 */
record ByteRange(long first, long last, long length) {

	private static final String UNIT = "bytes=";

	private static final String CONTENT_UNIT = "bytes ";

	/**
	 * What a request asks for.
	 * @param range the {@code Range} field
	 * @param length the length of the whole file
	 * @return the range; {@code null} to send the whole: there is no field, it has
	 * another unit or several ranges, or makes no sense
	 * @throws HttpException with 416 if the file has none of these bytes; the answer has
	 * {@link #unsatisfied} as its {@code Content-Range}
	 */
	static @Nullable ByteRange requested(@Nullable String range, long length) {
		if (range == null || !range.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
			return null;
		}
		String text = range.substring(UNIT.length()).trim();
		int dash = text.indexOf('-');
		String end = text.substring(dash + 1);
		long first = (dash > 0) ? HttpChars.number(text.substring(0, dash)) : 0;
		long last = end.isEmpty() ? Long.MAX_VALUE : HttpChars.number(end);
		if (dash < 0 || (dash == 0 && end.isEmpty()) || first < 0 || last < first) {
			return null;
		}
		if (dash == 0) {
			return (length == 0 && last > 0) ? null : suffix(last, length);
		}
		return checked(first, last, length);
	}

	private static ByteRange suffix(long count, long length) {
		return checked((count > 0) ? Math.max(0, length - count) : length, Long.MAX_VALUE, length);
	}

	private static ByteRange checked(long first, long last, long length) {
		if (first >= length) {
			throw new HttpException(416, "The range begins after the end");
		}
		return new ByteRange(first, Math.min(last, length - 1), length);
	}

	/**
	 * The {@code Content-Range} of an answer with 416.
	 * @param length the length of the whole file
	 * @return the value
	 */
	static String unsatisfied(long length) {
		return CONTENT_UNIT + "*/" + length;
	}

	long count() {
		return this.last - this.first + 1;
	}

	/**
	 * The {@code Content-Range} of an answer with 206.
	 * @return the value
	 */
	String contentRange() {
		return CONTENT_UNIT + this.first + "-" + this.last + "/" + this.length;
	}

}
