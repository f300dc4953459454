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

/**
 * The characters of RFC 9110 and RFC 3986, and the numbers and lists made of them.
 */
final class HttpChars {

	/** {@code tchar} of RFC 9110, 5.6.2. */
	static final int TOKEN = 1;

	/** Paths and queries (RFC 3986, 3.3 and 3.4), the percent sign included. */
	static final int URI = 2;

	/** Field values and reasons, blanks included (RFC 9110, 5.5). */
	static final int TEXT = 4;

	/**
	 * Names of hosts, the percent sign included. RFC 3986, 3.2.2, has more, and a comma
	 * among it: two hosts in one field.
	 */
	static final int HOST = 8;

	private static final int MAX_DIGITS = 18;

	private static final byte[] KINDS = new byte[256];

	static {
		String alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
		mark(alphanumeric + "!#$%&'*+-.^_`|~", TOKEN);
		mark(alphanumeric + "-._~!$&'()*+,;=%:@/?", URI);
		mark(alphanumeric + "-._~%", HOST);
		for (int c = 0x20; c < KINDS.length; c++) {
			KINDS[c] |= (byte) ((c != 0x7f) ? TEXT : 0);
		}
		KINDS['\t'] |= TEXT;
	}

	private HttpChars() {
	}

	private static void mark(String chars, int kind) {
		chars.chars().forEach((c) -> KINDS[c] |= (byte) kind);
	}

	static boolean is(int kind, int c) {
		return c < KINDS.length && (KINDS[c] & kind) != 0;
	}

	// The index after a run of characters of a kind.
	static int end(int kind, byte[] bytes, int from, int to) {
		int i = from;
		while (i < to && (KINDS[bytes[i] & 0xff] & kind) != 0) {
			i++;
		}
		return i;
	}

	static boolean isAll(int kind, String text) {
		for (int i = 0; i < text.length(); i++) {
			if (!is(kind, text.charAt(i))) {
				return false;
			}
		}
		return true;
	}

	static boolean isToken(String text) {
		return !text.isEmpty() && isAll(TOKEN, text);
	}

	static boolean isDigit(int c) {
		return c >= '0' && c <= '9';
	}

	/**
	 * The value of a hexadecimal digit. {@link Character#digit} also takes digits that
	 * are not ASCII.
	 * @param c the digit
	 * @return the value, -1 if it is no digit
	 */
	static int hex(int c) {
		return (c < 0x80) ? Character.digit(c, 16) : -1;
	}

	/**
	 * A number as HTTP writes it.
	 * @param text the text
	 * @return the number, -1 if it is not made of digits alone, {@link Long#MAX_VALUE} if
	 * it has more than 18
	 */
	static long number(String text) {
		long number = text.isEmpty() ? -1 : 0;
		for (int i = 0; i < text.length(); i++) {
			if (!isDigit(text.charAt(i))) {
				return -1;
			}
			number = (i < MAX_DIGITS) ? 10 * number + text.charAt(i) - '0' : Long.MAX_VALUE;
		}
		return number;
	}

	/**
	 * Split a list, but not within quoted strings.
	 * @param text the list
	 * @param separator the separator
	 * @return the parts, without blanks around them; empty ones are left out
	 */
	static List<String> split(String text, char separator) {
		List<String> parts = new ArrayList<>();
		boolean quoted = false;
		int from = 0;
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == '"') {
				quoted = !quoted;
			}
			else if (c == '\\' && quoted) {
				i++;
			}
			else if (c == separator && !quoted) {
				parts.add(text.substring(from, i).trim());
				from = i + 1;
			}
		}
		parts.add(text.substring(from).trim());
		parts.removeIf(String::isEmpty);
		return parts;
	}

}
