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

import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;

import org.jspecify.annotations.Nullable;

/**
 * As much of JSON as problems need: texts, and the members of an object that are texts.
 */
final class JsonText {

	private final String json;

	private int position;

	private JsonText(String json) {
		this.json = json;
	}

	static String quote(String text) {
		StringBuilder quoted = new StringBuilder("\"");
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == '"' || c == '\\') {
				quoted.append('\\').append(c);
			}
			else if (c < ' ' || Character.isSurrogate(c)) {
				quoted.append("\\u%04x".formatted((int) c));
			}
			else {
				quoted.append(c);
			}
		}
		return quoted.append('"').toString();
	}

	static String object(Map<String, String> members) {
		StringJoiner object = new StringJoiner(",", "{", "}");
		members.forEach((name, value) -> object.add(quote(name) + ":" + quote(value)));
		return object.toString();
	}

	/**
	 * Find the members of an object that are texts, whatever else is in it.
	 * @param json the object
	 * @return the members; control characters in them are blanks
	 */
	static Map<String, String> members(String json) {
		return new JsonText(json).members();
	}

	private Map<String, String> members() {
		Map<String, String> members = new HashMap<>();
		int depth = 0;
		String name = null;
		String text = null;
		while (this.position < this.json.length()) {
			char c = this.json.charAt(this.position++);
			if (c == '"') {
				text = text();
				if (name != null && depth == 1) {
					members.putIfAbsent(name, text);
				}
				name = null;
			}
			else if (c == ':') {
				name = text;
			}
			else if (!Character.isWhitespace(c)) {
				depth += depthChange(c);
				name = null;
			}
		}
		return members;
	}

	private static int depthChange(char c) {
		if (c == '{' || c == '[') {
			return 1;
		}
		return (c == '}' || c == ']') ? -1 : 0;
	}

	private String text() {
		StringBuilder text = new StringBuilder();
		while (this.position < this.json.length()) {
			char c = this.json.charAt(this.position++);
			if (c == '"') {
				break;
			}
			Character unescaped = (c == '\\') ? unescape() : Character.valueOf(c);
			if (unescaped != null) {
				text.append(Character.isISOControl(unescaped) ? ' ' : (char) unescaped);
			}
		}
		return text.toString();
	}

	private @Nullable Character unescape() {
		if (this.position >= this.json.length()) {
			return null;
		}
		char c = this.json.charAt(this.position++);
		if (c != 'u') {
			return ("bfnrt".indexOf(c) >= 0) ? ' ' : c;
		}
		int value = 0;
		for (int i = 0; i < 4; i++) {
			int digit = (this.position < this.json.length()) ? HttpChars.hex(this.json.charAt(this.position)) : -1;
			if (digit < 0) {
				return null;
			}
			value = 16 * value + digit;
			this.position++;
		}
		return (char) value;
	}

}
