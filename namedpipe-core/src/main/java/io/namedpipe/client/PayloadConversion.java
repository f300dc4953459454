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

package io.namedpipe.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.ResolvableType;
import org.springframework.core.io.Resource;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.AbstractMessageConverter;
import org.springframework.messaging.converter.CompositeMessageConverter;
import org.springframework.messaging.converter.JacksonJsonMessageConverter;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.util.ClassUtils;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeRemoteException;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.transport.LogText;
import io.namedpipe.transport.PipeException;

/**
 * Turns what callers have into bodies, and replies into what callers want. Texts, bytes
 * and streams need no converter.
 */
final class PayloadConversion {

	static final String CONTENT_TYPE = "content-type";

	/** The largest reply that is collected, in bytes. */
	static final int MAX_BYTES = 16 * 1024 * 1024;

	private static final boolean JACKSON = ClassUtils.isPresent("tools.jackson.databind.json.JsonMapper",
			PayloadConversion.class.getClassLoader());

	private final List<MessageConverter> converters;

	PayloadConversion(List<MessageConverter> ownConverters) {
		this.converters = new ArrayList<>(ownConverters);
		if (JACKSON) {
			this.converters.add(new JacksonJsonMessageConverter());
		}
	}

	/**
	 * The body that a payload is.
	 * @param payload the payload
	 * @param headers the headers of the request, which get the content type of an object
	 * @return the body
	 * @throws MessageConversionException if nothing converts it
	 */
	PipeBody toBody(Object payload, Map<String, String> headers) {
		if (payload instanceof PipeBody body) {
			return body;
		}
		if (payload instanceof CharSequence text) {
			return PipeBody.of(text.toString());
		}
		if (payload instanceof byte[] bytes) {
			return PipeBody.of(bytes);
		}
		if (payload instanceof InputStream stream) {
			return PipeBody.of(stream, PipeBody.UNKNOWN_LENGTH, "The payload");
		}
		try {
			if (payload instanceof Path file) {
				return PipeBody.of(Files.newInputStream(file), Files.size(file), "The file '%s'".formatted(file));
			}
			if (payload instanceof Resource resource) {
				return PipeBody.of(resource.getInputStream(), resource.contentLength(), resource.getDescription());
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return convert(payload, headers);
	}

	private PipeBody convert(Object payload, Map<String, String> headers) {
		for (MessageConverter converter : this.converters) {
			Message<?> message = converter.toMessage(payload, messageHeaders(headers));
			if (message != null && message.getPayload() != payload) {
				Object type = message.getHeaders().get(MessageHeaders.CONTENT_TYPE);
				if (type != null) {
					headers.put(CONTENT_TYPE, type.toString());
				}
				return toBody(message.getPayload(), headers);
			}
		}
		throw new MessageConversionException(
				"No message converter turns %s into a payload: add Jackson, or set messageConverters on the PipeTemplateBuilder"
					.formatted(payload.getClass().getName()));
	}

	private static MessageHeaders messageHeaders(Map<String, String> headers) {
		String type = headers.get(CONTENT_TYPE);
		return new MessageHeaders((type != null) ? Map.of(MessageHeaders.CONTENT_TYPE, type) : Map.of());
	}

	/**
	 * The media types that converters read, to ask for them.
	 * @return the value of an {@code Accept} header, {@code null} if anything will do
	 */
	@Nullable String accepted() {
		Set<MimeType> types = new LinkedHashSet<>();
		for (MessageConverter converter : this.converters) {
			if (!(converter instanceof AbstractMessageConverter known)) {
				return null;
			}
			known.getSupportedMimeTypes().stream().filter(MimeType::isConcrete).forEach(types::add);
		}
		return types.isEmpty() ? null : types.stream().map(MimeType::toString).collect(Collectors.joining(", "));
	}

	/**
	 * Turn a reply into an object. Its body is closed.
	 * @param reply the reply
	 * @param type the type of the object
	 * @return the object, {@code null} if the reply is empty
	 * @throws MessageConversionException if nothing converts it
	 */
	@Nullable Object fromReply(PipeReply reply, Type type) {
		try (PipeBody body = reply.body()) {
			if (type == Void.class || (body.isEmpty() && type != String.class && type != byte[].class)) {
				return null;
			}
			if (type == String.class) {
				String text = body.text();
				return (text != null) ? text : new String(body.bytes(MAX_BYTES), charset(reply.headers()));
			}
			byte[] bytes = body.bytes(MAX_BYTES);
			return (type == byte[].class) ? bytes : fromBytes(bytes, reply.headers(), type);
		}
		catch (IOException ex) {
			throw failure(ex);
		}
	}

	/**
	 * Refuse a reply that is not what was asked for, but says where it is.
	 * @param reply the reply
	 * @return the reply
	 * @throws PipeRemoteException if it is a redirect
	 */
	static PipeReply requireContent(PipeReply reply) {
		String status = status(reply);
		return (status.startsWith("3") && !status.equals("304")) ? refuse(reply) : reply;
	}

	/**
	 * Refuse a reply that is no file, not even an empty one.
	 * @param reply the reply
	 * @return the reply
	 * @throws PipeRemoteException if it has another status than one with content
	 */
	static PipeReply requireFile(PipeReply reply) {
		String status = status(reply);
		return (status.startsWith("3") || status.equals("204") || status.equals("205")) ? refuse(reply) : reply;
	}

	// Protocols without one have no other content than what was asked for.
	private static String status(PipeReply reply) {
		return reply.headers().getOrDefault(HttpProtocol.STATUS, "200");
	}

	private static PipeReply refuse(PipeReply reply) {
		String location = reply.headers().get("location");
		try (PipeBody body = reply.body()) {
			int status = Integer.parseInt(status(reply));
			throw new PipeRemoteException(Code.BAD_REQUEST,
					"The server answered with the status %d and no content%s".formatted(status, (location != null)
							? ", but with a redirect to '%s', which is not followed".formatted(LogText.of(location))
							: ""),
					status, "", "", Map.of());
		}
		catch (IOException ex) {
			throw failure(ex);
		}
	}

	/**
	 * What a caller gets of a stream of a reply that has failed.
	 * @param thrown what the stream has thrown
	 * @return the failure of the connection, if it is one
	 */
	static RuntimeException failure(IOException thrown) {
		return (thrown.getCause() instanceof PipeException cause) ? cause : new UncheckedIOException(thrown);
	}

	private static Charset charset(Map<String, String> headers) {
		String type = headers.get(CONTENT_TYPE);
		try {
			Charset charset = (type != null) ? MimeTypeUtils.parseMimeType(type).getCharset() : null;
			return (charset != null) ? charset : StandardCharsets.UTF_8;
		}
		catch (InvalidMimeTypeException ex) {
			throw new MessageConversionException("The reply has the type '%s', which is none".formatted(type), ex);
		}
	}

	private Object fromBytes(byte[] bytes, Map<String, String> headers, Type type) {
		Class<?> raw = ResolvableType.forType(type).resolve(Object.class);
		String sent = LogText.of(headers.getOrDefault(CONTENT_TYPE, "unknown"));
		Object converted;
		try {
			Message<byte[]> message = new GenericMessage<>(bytes, messageHeaders(headers));
			converted = new CompositeMessageConverter(this.converters).fromMessage(message, raw,
					new TypeHint(type, raw));
		}
		catch (RuntimeException ex) {
			// Without its cause, which says what the reply contains.
			throw new MessageConversionException(
					"The reply (%d bytes of the type '%s') is no %s: %s".formatted(bytes.length, sent,
							type.getTypeName(), NestedExceptionUtils.getMostSpecificCause(ex).getClass().getName()));
		}
		if (converted == null) {
			throw new MessageConversionException(
					"No message converter turns a reply of the type '%s' into %s".formatted(sent, type.getTypeName()));
		}
		return converted;
	}

	/**
	 * Says a generic type to converters, which read it from a parameter of a handler.
	 */
	private static final class TypeHint extends MethodParameter {

		private final Type type;

		private final Class<?> raw;

		TypeHint(Type type, Class<?> raw) {
			super(ClassUtils.getMethod(Object.class, "equals", Object.class), 0);
			this.type = type;
			this.raw = raw;
		}

		@Override
		public Class<?> getParameterType() {
			return this.raw;
		}

		@Override
		public Type getGenericParameterType() {
			return this.type;
		}

		@Override
		public Type getNestedGenericParameterType() {
			return this.type;
		}

		@Override
		public MethodParameter nestedIfOptional() {
			return this;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof TypeHint hint && this.type.equals(hint.type);
		}

		@Override
		public int hashCode() {
			return this.type.hashCode();
		}

	}

}
