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

package io.namedpipe.handler;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeRequestException;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.transport.LogText;

/**
 * The types of payloads.
 */
final class ContentTypes {

	private static final List<String> TEXT_FORMATS = List.of("json", "xml");

	private ContentTypes() {
	}

	/**
	 * The type that a request says its payload has.
	 * @param headers the headers of the request
	 * @return the type, {@code null} if it does not say
	 * @throws PipeRequestException if it is not a type, or in a charset that is not known
	 */
	static @Nullable MimeType of(Map<String, ?> headers) {
		Object text = headers.get("content-type");
		try {
			return (text != null) ? MimeTypeUtils.parseMimeType(text.toString()) : null;
		}
		catch (InvalidMimeTypeException ex) {
			throw unsupported(String.valueOf(text));
		}
	}

	/**
	 * The type as converters know it: that of a format for a format based on it, such as
	 * JSON for problems.
	 * @param type the type
	 * @return the type or the one that it is based on
	 */
	static @Nullable MimeType general(@Nullable MimeType type) {
		int plus = (type != null) ? type.getSubtype().lastIndexOf('+') : -1;
		return (type != null && plus >= 0)
				? new MimeType(type.getType(), type.getSubtype().substring(plus + 1), type.getParameters()) : type;
	}

	/**
	 * Whether a payload can be read as a text.
	 * @param type the type, in its general form
	 * @return {@code true} also if nobody says what it is
	 */
	static boolean isText(@Nullable MimeType type) {
		return type == null || type.getType().equalsIgnoreCase("text")
				|| TEXT_FORMATS.contains(type.getSubtype().toLowerCase(Locale.ROOT))
				|| type.equalsTypeAndSubtype(MimeTypeUtils.APPLICATION_OCTET_STREAM);
	}

	static Charset charset(@Nullable MimeType type) {
		Charset charset = (type != null) ? type.getCharset() : null;
		return (charset != null) ? charset : StandardCharsets.UTF_8;
	}

	static PipeRequestException unsupported(String type) {
		return failure("415", "the route does not take a payload of the type '%s'".formatted(LogText.of(type)));
	}

	static PipeRequestException notAcceptable(List<String> offered) {
		return failure("406",
				"the route replies with %s, which the client does not accept".formatted(String.join(" or ", offered)));
	}

	private static PipeRequestException failure(String status, String message) {
		return new PipeRequestException(
				new PipeFailure(Code.BAD_REQUEST, message, Map.of(HttpProtocol.STATUS, status), Map.of()), null);
	}

}
