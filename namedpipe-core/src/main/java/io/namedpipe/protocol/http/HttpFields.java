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
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.PipeBody;
import io.namedpipe.transport.OpenedFile;

/**
 * The fields of messages as headers of requests and replies, and the other way round.
 */
final class HttpFields {

	/** Common names, which need no new string for each request. */
	private static final Map<String, String> IN_LOWER_CASE = CommonStrings.names()
		.collect(Collectors.toUnmodifiableMap(Function.identity(), (name) -> name.toLowerCase(Locale.ROOT)));

	private static final Set<String> PSEUDO = Set.of(HttpProtocol.METHOD, HttpProtocol.PATH, HttpProtocol.QUERY,
			HttpProtocol.STATUS, HttpProtocol.CONTENT_LENGTH);

	private static final String SET_COOKIE = "set-cookie";

	private static final String UTF_8 = "utf-8";

	private HttpFields() {
	}

	/**
	 * The headers that fields are.
	 * @param fields the fields
	 * @return headers with names in lower case, which can be changed
	 */
	static Map<String, String> toHeaders(HttpHeaders fields) {
		Map<String, String> headers = new HashMap<>();
		for (int i = 0; i < fields.size(); i++) {
			String name = inLowerCase(fields.name(i));
			if (!HttpProtocol.CONNECTION_HEADERS.contains(name)) {
				// RFC 9110, 5.3: the values of Set-Cookie have commas.
				String separator = name.equals(SET_COOKIE) ? "\n" : ", ";
				headers.merge(name, fields.value(i), (first, second) -> first + separator + second);
			}
		}
		return headers;
	}

	private static String inLowerCase(String name) {
		String known = IN_LOWER_CASE.get(name);
		return (known != null) ? known : name.toLowerCase(Locale.ROOT);
	}

	/**
	 * The fields that headers are.
	 * @param headers the headers
	 * @return the fields, without those whose names begin with a colon
	 * @throws IllegalArgumentException if a header belongs to the connection
	 */
	static HttpHeaders toFields(Map<String, String> headers) {
		HttpHeaders fields = new HttpHeaders();
		headers.forEach((name, value) -> {
			if (HttpProtocol.CONNECTION_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
				throw new IllegalArgumentException(
						"The header '%s' follows from the message and the connection, and cannot be set"
							.formatted(name));
			}
			if (name.equalsIgnoreCase(SET_COOKIE)) {
				value.lines().forEach((cookie) -> fields.add(name, cookie));
			}
			else if (!PSEUDO.contains(name)) {
				fields.add(name, value);
			}
		});
		return fields;
	}

	/**
	 * The status that a header names.
	 * @param header the header
	 * @return 200 to 599
	 * @throws IllegalArgumentException if it is not such a number
	 */
	static int status(String header) {
		long number = HttpChars.number(header);
		if (number < 200 || number > 599) {
			throw new IllegalArgumentException("The header :status is not a number from 200 to 599");
		}
		return (int) number;
	}

	/**
	 * Say what a body is, unless the fields say it.
	 * @param fields the fields of a message
	 * @param body the body
	 */
	static void setContentType(HttpHeaders fields, PipeBody body) {
		if (!body.isEmpty()) {
			fields.setIfAbsent("Content-Type",
					(body.text() != null) ? "text/plain;charset=UTF-8" : "application/octet-stream");
		}
	}

	/**
	 * Say which content of a file it is (RFC 9110, 8.8).
	 * @param fields the fields of a reply
	 * @param file the file
	 */
	static void setValidators(HttpHeaders fields, OpenedFile file) {
		Instant modified = file.lastModified();
		fields.setIfAbsent("Last-Modified", HttpDates.format(modified));
		fields.setIfAbsent("ETag", '"' + Long.toHexString(ChronoUnit.NANOS.between(Instant.EPOCH, modified)) + '-'
				+ Long.toHexString(file.size()) + '"');
	}

	/**
	 * The path with a route as its segments.
	 * @param route the route
	 * @return the path, escaped
	 */
	static String path(String route) {
		StringBuilder path = new StringBuilder("/");
		for (byte each : route.getBytes(StandardCharsets.UTF_8)) {
			int c = each & 0xff;
			if (HttpChars.is(HttpChars.URI, c) && c != '%' && c != '?') {
				path.append((char) c);
			}
			else {
				path.append("%%%02X".formatted(c));
			}
		}
		return path.toString();
	}

	/**
	 * A body in the charset that its type names.
	 * @param body the body
	 * @param contentType the field, {@code null} if there is none
	 * @return the body; a text in another charset than UTF-8 as its bytes
	 * @throws IllegalArgumentException if the charset is not known, or has not all of the
	 * characters
	 */
	static PipeBody encoded(PipeBody body, @Nullable String contentType) {
		String text = (contentType != null) ? body.text() : null;
		String charset = (text != null) ? charset(parts(contentType)) : UTF_8;
		if (text == null || charset.equals(UTF_8)) {
			return body;
		}
		try {
			ByteBuffer bytes = charset(charset).newEncoder().encode(CharBuffer.wrap(text));
			return PipeBody.of(Arrays.copyOf(bytes.array(), bytes.limit()));
		}
		catch (CharacterCodingException ex) {
			throw new IllegalArgumentException("The text has characters that its charset %s has not".formatted(charset),
					ex);
		}
	}

	/**
	 * Whether a body is text in UTF-8.
	 * @param contentType the field, {@code null} if there is none
	 * @return {@code true} for text and JSON, unless they are in another charset
	 */
	static boolean isText(@Nullable String contentType) {
		List<String> parts = parts(contentType);
		String type = parts.isEmpty() ? "" : parts.get(0);
		boolean text = type.startsWith("text/") || type.equals("application/json") || type.endsWith("+json");
		return text && List.of(UTF_8, "us-ascii").contains(charset(parts));
	}

	private static Charset charset(String name) {
		try {
			return Charset.forName(name);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("The charset '%s' in the Content-Type is not known".formatted(name), ex);
		}
	}

	private static List<String> parts(@Nullable String contentType) {
		return HttpChars.split((contentType != null) ? contentType.toLowerCase(Locale.ROOT) : "", ';');
	}

	// With several charsets, a name that no charset has.
	private static String charset(List<String> parts) {
		List<String> names = parts.stream()
			.filter((part) -> part.startsWith("charset="))
			.map((part) -> part.substring("charset=".length()).replace("\"", ""))
			.distinct()
			.toList();
		return names.isEmpty() ? UTF_8 : String.join(", ", names);
	}

}
