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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.AbstractMessageConverter;
import org.springframework.messaging.converter.CompositeMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.SmartMessageConverter;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

import io.namedpipe.protocol.PipeBody;

/**
 * Converts bodies by their content type. Converters get a body that arrives as a stream
 * as bytes, and, if none takes these, as a text: none of Spring's takes a stream.
 */
final class BodyMessageConverter implements SmartMessageConverter {

	private final @Nullable SmartMessageConverter converters;

	private final SmartMessageConverter withText;

	private final List<String> types;

	/**
	 * Create the converter.
	 * @param converters those of the application
	 * @param texts converts texts, after all others
	 */
	BodyMessageConverter(List<MessageConverter> converters, MessageConverter texts) {
		this.converters = converters.isEmpty() ? null : new CompositeMessageConverter(converters);
		List<MessageConverter> all = new ArrayList<>(converters);
		all.add(texts);
		this.withText = new CompositeMessageConverter(all);
		this.types = converters.stream()
			.flatMap((converter) -> (converter instanceof AbstractMessageConverter known)
					? known.getSupportedMimeTypes().stream() : Stream.empty())
			.filter(MimeType::isConcrete)
			.map(MimeType::toString)
			.distinct()
			.toList();
	}

	/**
	 * The types that results may be converted to.
	 * @return the types, the preferred ones first
	 */
	List<String> types() {
		return this.types;
	}

	@Override
	public @Nullable Object fromMessage(Message<?> message, Class<?> targetClass) {
		return fromMessage(message, targetClass, null);
	}

	@Override
	public @Nullable Object fromMessage(Message<?> message, Class<?> targetClass, @Nullable Object hint) {
		if (!(message.getPayload() instanceof InputStream stream)) {
			return fromText(message, targetClass, hint);
		}
		MimeType sent = ContentTypes.of(message.getHeaders());
		MimeType type = ContentTypes.general(sent);
		long length = PipeMessages.bodyLength(message);
		if (targetClass.isAssignableFrom(String.class) && ContentTypes.isText(type) && !isJson(type)
				&& BodyText.isSmall(length)) {
			return readText(message, stream, ContentTypes.charset(type), length);
		}
		byte[] bytes = read(stream);
		Object value;
		if (targetClass.isAssignableFrom(String.class) && (targetClass == Object.class || !isJsonString(type, bytes))) {
			value = ContentTypes.isText(type) ? decode(message, bytes, ContentTypes.charset(type)) : null;
		}
		else {
			value = (this.converters != null)
					? this.converters.fromMessage(PipeMessages.with(message, bytes, type), targetClass, hint) : null;
			if (value == null && ContentTypes.isText(type)) {
				String text = decode(message, bytes, ContentTypes.charset(type));
				value = fromText(PipeMessages.with(message, text, type), targetClass, hint);
			}
		}
		if (value == null && targetClass == Object.class) {
			return bytes;
		}
		// A converter that knows the content type returns null for JSON's null alone.
		if (value == null && sent != null
				&& !(isJson(type) && this.types.contains(MimeTypeUtils.APPLICATION_JSON_VALUE))) {
			throw ContentTypes.unsupported(sent.toString());
		}
		return value;
	}

	private @Nullable Object fromText(Message<?> message, Class<?> targetClass, @Nullable Object hint) {
		if (targetClass.isInstance(message.getPayload())) {
			return message.getPayload();
		}
		if (targetClass == InputStream.class) {
			return new ByteArrayInputStream(message.getPayload().toString().getBytes(StandardCharsets.UTF_8));
		}
		boolean texts = !(hint instanceof MethodParameter parameter) || hasTexts(ValueTypes.payload(parameter));
		SmartMessageConverter converter = texts ? this.withText : this.converters;
		return (converter != null) ? converter.fromMessage(message, targetClass, hint) : null;
	}

	/**
	 * Whether the type arguments of a type can be texts. The converter of texts does not
	 * look at type arguments, and would fill a list of numbers with texts.
	 * @param type the type
	 * @return {@code false} if its type arguments are something else
	 */
	static boolean hasTexts(ResolvableType type) {
		return Stream.of(type.getGenerics())
			.allMatch((argument) -> argument.resolve(Object.class).isAssignableFrom(String.class));
	}

	// A text that a client has sent as JSON, such as "a.txt" with the quotation marks.
	// Other JSON for a text is left as it is.
	private boolean isJsonString(@Nullable MimeType type, byte[] bytes) {
		if (this.converters == null || !isJson(type)) {
			return false;
		}
		int start = 0;
		while (start < bytes.length && " \t\r\n".indexOf(bytes[start]) >= 0) {
			start++;
		}
		return start < bytes.length && bytes[start] == '"';
	}

	private static boolean isJson(@Nullable MimeType type) {
		return type != null && type.equalsTypeAndSubtype(MimeTypeUtils.APPLICATION_JSON);
	}

	private static String readText(Message<?> message, InputStream stream, Charset charset, long length) {
		try {
			return BodyText.read(message, stream, charset, length);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static byte[] read(InputStream stream) {
		try {
			return PipeBody.of(stream, PipeBody.UNKNOWN_LENGTH, "The body")
				.bytes(ExchangeArgumentResolver.MAX_BODY_BYTES);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String decode(Message<?> message, byte[] bytes, Charset charset) {
		return BodyText.decode(message, bytes, 0, bytes.length, charset);
	}

	@Override
	public @Nullable Message<?> toMessage(Object payload, @Nullable MessageHeaders headers) {
		return this.withText.toMessage(payload, headers);
	}

	@Override
	public @Nullable Message<?> toMessage(Object payload, @Nullable MessageHeaders headers, @Nullable Object hint) {
		return this.withText.toMessage(payload, headers, hint);
	}

}
