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

import org.jspecify.annotations.Nullable;

/**
 * Which media types a client takes (RFC 9110, 12.5.1). Parameters other than the weight
 * are not compared: {@code application/json;charset=utf-8} asks for JSON.
 *
 * @param ranges the media ranges; those that are malformed are left out
 */
record AcceptHeader(List<Range> ranges) {

	private static final Range ANYTHING = new Range("*", "*", 1000);

	/**
	 * Parse the field.
	 * @param accept the field, {@code null} if there is none
	 * @return what the client takes
	 */
	static AcceptHeader of(@Nullable String accept) {
		if (accept == null) {
			return new AcceptHeader(List.of(ANYTHING));
		}
		return new AcceptHeader(
				HttpChars.split(accept, ',').stream().map(Range::of).filter((range) -> range.weight >= 0).toList());
	}

	/**
	 * Choose.
	 * @param offered the media types that there are, the preferred ones first
	 * @return the one with the highest weight, {@code null} if none is accepted (406)
	 */
	@Nullable String best(List<String> offered) {
		String best = null;
		int weight = 0;
		for (String type : offered) {
			if (weight(type) > weight) {
				best = type;
				weight = weight(type);
			}
		}
		return best;
	}

	/** The weight of the range that is closest to the type. */
	private int weight(String type) {
		Range offered = Range.of(type);
		int weight = 0;
		int closeness = 0;
		for (Range range : this.ranges) {
			if (range.closeness(offered) > closeness) {
				closeness = range.closeness(offered);
				weight = range.weight;
			}
		}
		return weight;
	}

	/**
	 * A media range.
	 *
	 * @param type the type, or an asterisk
	 * @param subtype the subtype, or an asterisk
	 * @param weight in thousandths, -1 if the range is malformed
	 */
	record Range(String type, String subtype, int weight) {

		static Range of(String text) {
			List<String> parts = HttpChars.split(text, ';');
			String name = parts.isEmpty() ? "" : parts.get(0);
			int slash = name.indexOf('/');
			String type = name.substring(0, Math.max(0, slash));
			String subtype = name.substring(slash + 1);
			boolean valid = HttpChars.isToken(type) && HttpChars.isToken(subtype)
					&& (!type.equals("*") || subtype.equals("*"));
			int weight = parts.stream()
				.skip(1)
				.filter((part) -> part.regionMatches(true, 0, "q=", 0, 2))
				.findFirst()
				.map((part) -> weight(part.substring(2)))
				.orElse(1000);
			return new Range(type, subtype, valid ? weight : -1);
		}

		/** Also without the digit before the point, as the JDK's own client has it. */
		private static int weight(String text) {
			if (!text.matches("0?\\.[0-9]{1,3}|[01]\\.?|1\\.0{1,3}")) {
				return -1;
			}
			String digits = text.replace(".", "") + "000";
			return Integer.parseInt(text.startsWith(".") ? digits.substring(0, 3) : digits.substring(0, 4));
		}

		private int closeness(Range offered) {
			if (this.type.equals("*")) {
				return 1;
			}
			if (!this.type.equalsIgnoreCase(offered.type)) {
				return 0;
			}
			if (this.subtype.equals("*")) {
				return 2;
			}
			return this.subtype.equalsIgnoreCase(offered.subtype) ? 3 : 0;
		}

	}

}
