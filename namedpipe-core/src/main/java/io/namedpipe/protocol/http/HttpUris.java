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

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decodes paths, queries and forms. {@code ..} and escaped slashes are left to the code
 * that opens files.
 */
final class HttpUris {

	private HttpUris() {
	}

	/**
	 * Whether each percent sign begins an escape, and none is that of NUL.
	 * @param text the text
	 * @return {@code true} if so
	 */
	static boolean isEscaped(String text) {
		for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 3)) {
			if (i + 2 >= text.length() || HttpChars.hex(text.charAt(i + 1)) < 0 || HttpChars.hex(text.charAt(i + 2)) < 0
					|| text.startsWith("00", i + 1)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Decode a path, or one of its segments.
	 * @param text the escaped text
	 * @return the text
	 * @throws HttpException if an escape is malformed, or of NUL, or if the result is not
	 * UTF-8
	 */
	static String decode(String text) {
		return decode(text, false);
	}

	/**
	 * Decode a query, or a body of {@code application/x-www-form-urlencoded}.
	 * @param text the escaped text
	 * @param limit how many values there may be
	 * @return the values of each name, in their order
	 * @throws HttpException if something cannot be decoded, or if there are more values
	 */
	static Map<String, List<String>> decodeForm(String text, int limit) {
		Map<String, List<String>> values = new LinkedHashMap<>();
		int count = 0;
		for (int from = 0; from < text.length();) {
			int to = text.indexOf('&', from);
			String pair = text.substring(from, (to < 0) ? text.length() : to);
			if (!pair.isEmpty()) {
				if (++count > limit) {
					throw HttpException.badMessage("There are more than %d parameters".formatted(limit));
				}
				int equals = pair.indexOf('=');
				String name = decode((equals < 0) ? pair : pair.substring(0, equals), true);
				values.computeIfAbsent(name, (key) -> new ArrayList<>(1))
					.add((equals < 0) ? "" : decode(pair.substring(equals + 1), true));
			}
			from += pair.length() + 1;
		}
		return values;
	}

	private static String decode(String text, boolean form) {
		if (!isEscaped(text) || text.indexOf('\0') >= 0) {
			throw HttpException.badMessage("There is an escape other than % and two hexadecimal digits, or NUL");
		}
		if (text.indexOf('%') < 0 && (!form || text.indexOf('+') < 0)) {
			return text;
		}
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		int length = 0;
		for (int i = 0; i < bytes.length; i++) {
			byte b = bytes[i];
			if (b == '%') {
				b = (byte) (16 * HttpChars.hex(bytes[i + 1]) + HttpChars.hex(bytes[i + 2]));
				i += 2;
			}
			else if (b == '+' && form) {
				b = ' ';
			}
			bytes[length++] = b;
		}
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString();
		}
		catch (CharacterCodingException ex) {
			throw HttpException.badMessage("What was escaped is not UTF-8");
		}
	}

}
