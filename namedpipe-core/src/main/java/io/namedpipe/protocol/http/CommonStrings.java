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

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Strings from bytes, without a new object for those that most messages have. The
 * spelling stays: a name in lower case is another entry.
 */
final class CommonStrings {

	private static final String[] NAMES = { "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language",
			"Accept-Ranges", "Allow", "Authorization", "Cache-Control", "Connection", "Content-Disposition",
			"Content-Encoding", "Content-Length", "Content-Range", "Content-Type", "Date", "ETag", "Expect", "Host",
			"If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since", "Keep-Alive",
			"Last-Modified", "Location", "Range", "Retry-After", "Server", "TE", "Trailer", "Transfer-Encoding",
			"User-Agent", "Vary", "traceparent", "tracestate" };

	private static final String[] OTHERS = { "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "/", "", "*/*",
			"application/json", "application/octet-stream", "text/plain", "chunked", "keep-alive", "close",
			"100-continue", "gzip", "gzip, deflate", "identity", "bytes", "localhost", "pipe", "0", "OK", "No Content",
			"HTTP/1.1", "HTTP/1.0" };

	private static final int MAX_LENGTH = 24;

	private static final @Nullable String[] TABLE = new String[512];

	static {
		for (String text : OTHERS) {
			put(text);
		}
		for (String name : NAMES) {
			put(name);
			put(name.toLowerCase(Locale.ROOT));
		}
	}

	private CommonStrings() {
	}

	static Stream<String> names() {
		return Arrays.stream(NAMES);
	}

	private static void put(String text) {
		byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
		TABLE[find(bytes, 0, bytes.length)] = text;
	}

	/**
	 * The string of bytes in ISO 8859-1, the only charset of fields (RFC 9110, 5.5).
	 * @param bytes the bytes
	 * @param from the first
	 * @param to the one after the last
	 * @return the string
	 */
	static String of(byte[] bytes, int from, int to) {
		String common = (to - from <= MAX_LENGTH) ? TABLE[find(bytes, from, to)] : null;
		return (common != null) ? common : new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
	}

	// The index of the text in the table, or of its free place.
	private static int find(byte[] bytes, int from, int to) {
		int hash = 0;
		for (int i = from; i < to; i++) {
			hash = 31 * hash + bytes[i];
		}
		int index = (hash ^ (hash >>> 9)) & (TABLE.length - 1);
		String text;
		while ((text = TABLE[index]) != null && !isEqual(text, bytes, from, to)) {
			index = (index + 1) & (TABLE.length - 1);
		}
		return index;
	}

	private static boolean isEqual(String text, byte[] bytes, int from, int to) {
		if (text.length() != to - from) {
			return false;
		}
		for (int i = from; i < to; i++) {
			if (text.charAt(i - from) != (bytes[i] & 0xff)) {
				return false;
			}
		}
		return true;
	}

}
