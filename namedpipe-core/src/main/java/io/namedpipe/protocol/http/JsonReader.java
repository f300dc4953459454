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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON of problems, which a client without a JSON library must understand too:
 * objects as maps, arrays as lists, numbers as {@code Long} or {@code Double}. Control
 * characters in texts become blanks, since texts get into messages and logs.
 */
final class JsonReader {

	private static final int MAX_DEPTH = 16;

	private static final String ESCAPED = "\"\\/bfnrt";

	private static final String UNESCAPED = "\"\\/    \u0020";

	private final String json;

	private int position;

	private JsonReader(String json) {
		this.json = json;
	}

	/**
	 * Read an object.
	 * @param json the text
	 * @return its members, in their order and without those that are null; none if the
	 * text is not one object
	 */
	static Map<String, Object> members(String json) {
		JsonReader reader = new JsonReader(json);
		try {
			Object value = reader.value(0);
			reader.skipBlanks();
			if (value instanceof Map<?, ?> members && reader.position == json.length()) {
				Map<String, Object> result = new LinkedHashMap<>();
				members.forEach((name, member) -> result.put((String) name, member));
				return result;
			}
		}
		catch (IllegalArgumentException | IndexOutOfBoundsException ex) {
			// Not JSON.
		}
		return Map.of();
	}

	private @Nullable Object value(int depth) {
		check(depth <= MAX_DEPTH);
		skipBlanks();
		char c = this.json.charAt(this.position);
		return switch (c) {
			case '{' -> object(depth);
			case '[' -> array(depth);
			case '"' -> text();
			default -> literal();
		};
	}

	private Map<String, Object> object(int depth) {
		Map<String, Object> members = new LinkedHashMap<>();
		this.position++;
		for (boolean first = true; !skip('}'); first = false) {
			check(first || skip(','));
			skipBlanks();
			check(this.json.charAt(this.position) == '"');
			String name = text();
			check(skip(':'));
			Object value = value(depth + 1);
			if (value != null) {
				members.putIfAbsent(name, value);
			}
		}
		return members;
	}

	private List<Object> array(int depth) {
		List<Object> elements = new ArrayList<>();
		this.position++;
		for (boolean first = true; !skip(']'); first = false) {
			check(first || skip(','));
			Object element = value(depth + 1);
			if (element != null) {
				elements.add(element);
			}
		}
		return elements;
	}

	private String text() {
		StringBuilder text = new StringBuilder();
		this.position++;
		char c;
		while ((c = this.json.charAt(this.position++)) != '"') {
			char next = (c == '\\') ? unescape() : c;
			text.append(Character.isISOControl(next) ? ' ' : next);
		}
		return text.toString();
	}

	private char unescape() {
		char c = this.json.charAt(this.position++);
		if (c == 'u') {
			int value = 0;
			for (int i = 0; i < 4; i++) {
				int digit = HttpChars.hex(this.json.charAt(this.position++));
				check(digit >= 0);
				value = 16 * value + digit;
			}
			return (char) value;
		}
		check(ESCAPED.indexOf(c) >= 0);
		return UNESCAPED.charAt(ESCAPED.indexOf(c));
	}

	private @Nullable Object literal() {
		int begin = this.position;
		while (this.position < this.json.length() && ",]} \t\r\n".indexOf(this.json.charAt(this.position)) < 0) {
			this.position++;
		}
		String text = this.json.substring(begin, this.position);
		return switch (text) {
			case "null" -> null;
			case "true" -> true;
			case "false" -> false;
			default -> number(text);
		};
	}

	private static Object number(String text) {
		if (text.matches("-?[0-9]{1,18}")) {
			return Long.valueOf(text);
		}
		check(text.matches("-?[0-9]{1,300}(\\.[0-9]{1,300})?([eE][+-]?[0-9]{1,3})?"));
		return Double.valueOf(text);
	}

	private boolean skip(char expected) {
		skipBlanks();
		boolean found = this.json.charAt(this.position) == expected;
		this.position += found ? 1 : 0;
		return found;
	}

	private void skipBlanks() {
		while (this.position < this.json.length() && " \t\r\n".indexOf(this.json.charAt(this.position)) >= 0) {
			this.position++;
		}
	}

	private static void check(boolean expression) {
		if (!expression) {
			throw new IllegalArgumentException("This is not JSON");
		}
	}

}
