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

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An {@code ETag} (RFC 9110, 8.8.3).
 *
 * @param value what is between the quotes
 * @param weak whether it only says that the meaning is the same
 */
record EntityTag(String value, boolean weak) {

	private static final String VALUE = "[!#-~\\x80-\\xff]*";

	private static final Pattern ELEMENT = Pattern.compile("(?:^|,)[ \t]*(W/)?\"(" + VALUE + ")\"[ \t]*(?=,|\\z)");

	EntityTag {
		if (!value.matches(VALUE)) {
			throw new IllegalArgumentException("An entity tag has no quotes, blanks and control characters");
		}
	}

	/**
	 * Parse a list.
	 * @param text the list
	 * @return the tags; what is not a tag is left out
	 */
	static List<EntityTag> list(String text) {
		List<EntityTag> tags = new ArrayList<>();
		Matcher matcher = ELEMENT.matcher(text);
		while (matcher.find()) {
			tags.add(new EntityTag(matcher.group(2), matcher.group(1) != null));
		}
		return tags;
	}

	boolean equalsStrongly(EntityTag other) {
		return !this.weak && equals(other);
	}

	boolean equalsWeakly(EntityTag other) {
		return this.value.equals(other.value);
	}

	/**
	 * The tag as it is sent.
	 * @return the text
	 */
	@Override
	public String toString() {
		return (this.weak ? "W/\"" : "\"") + this.value + "\"";
	}

}
