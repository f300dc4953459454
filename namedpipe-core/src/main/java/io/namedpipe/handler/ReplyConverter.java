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

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.util.MimeTypeUtils;

import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.PipeRequestException;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.transport.ClientRights;
import io.namedpipe.transport.FileOpener;
import io.namedpipe.transport.OpenedFile;

/**
 * Converts the result of a handler to a reply. Files are opened here, with the identity
 * of the handler's thread or the rights of the caller, and read later.
 */
final class ReplyConverter {

	private static final String CONTENT_TYPE = "Content-Type";

	private static final String JSON = MimeTypeUtils.APPLICATION_JSON_VALUE;

	private static final List<Class<?>> REPLIES = List.of(CharSequence.class, byte[].class, ByteBuffer.class,
			Path.class, File.class, Resource.class, InputStream.class, PipeBody.Writer.class, Message.class,
			PipeBody.class, PipeReply.class, PipeResponse.class, PipeFailure.class);

	private final BodyMessageConverter messageConverter;

	private final FileReplies files;

	/** What a text can be sent as. */
	private final List<String> textTypes;

	ReplyConverter(BodyMessageConverter messageConverter, FileOpener fileOpener) {
		this.messageConverter = messageConverter;
		this.files = new FileReplies(fileOpener);
		this.textTypes = messageConverter.types().contains(JSON) ? List.of(MimeTypeUtils.TEXT_PLAIN_VALUE, JSON)
				: List.of(MimeTypeUtils.TEXT_PLAIN_VALUE);
	}

	/**
	 * Refuse a request whose client does not accept what the method will return, before
	 * the method has an effect.
	 * @param result the type that the method returns, without what wraps it
	 * @param request the request
	 */
	void requireAcceptable(Class<?> result, PipeRequest request) {
		if (CharSequence.class.isAssignableFrom(result)) {
			choose(this.textTypes, request);
		}
		else if (!isReply(result) && result != Object.class && result != void.class && result != Void.class) {
			choose(this.messageConverter.types(), request);
		}
	}

	// Null if there is no choice: the client or the converters name no type.
	private @Nullable String choose(List<String> types, PipeRequest request) {
		String accept = request.headers().get("accept");
		if (accept == null || accept.isBlank() || types.isEmpty()) {
			return null;
		}
		String best = HttpProtocol.acceptable(accept, types);
		if (best == null) {
			throw ContentTypes.notAcceptable(types);
		}
		return best;
	}

	/**
	 * Convert a result.
	 * @param value the result
	 * @param request the request, which may say what the client accepts
	 * @param rights the rights that the files are opened with
	 * @return the reply
	 * @throws IOException if a file cannot be opened
	 */
	PipeReply convert(@Nullable Object value, PipeRequest request, ClientRights rights) throws IOException {
		if (value instanceof PipeResponse response) {
			return convert(response, request, rights);
		}
		if (value instanceof PipeReply reply) {
			return reply;
		}
		if (value instanceof PipeFailure failure) {
			throw new FailureResult(failure);
		}
		if (value instanceof Message<?> message) {
			return convert(message.getPayload(), request, rights);
		}
		return convert(value, request, rights, false);
	}

	private PipeReply convert(PipeResponse response, PipeRequest request, ClientRights rights) throws IOException {
		boolean typed = response.headers().keySet().stream().anyMatch(CONTENT_TYPE::equalsIgnoreCase);
		PipeReply reply = convert(response.body(), request, rights, typed);
		Map<String, String> headers = new HashMap<>(response.headers());
		reply.headers().forEach((name, content) -> {
			if (response.headers().keySet().stream().noneMatch(name::equalsIgnoreCase)) {
				headers.put(name, content);
			}
		});
		headers.put(HttpProtocol.STATUS, String.valueOf(response.status()));
		return new PipeReply(headers, reply.body());
	}

	private PipeReply convert(@Nullable Object value, PipeRequest request, ClientRights rights, boolean typed)
			throws IOException {
		if (value == null) {
			return PipeReply.empty();
		}
		if (value instanceof CharSequence text) {
			return (!typed && JSON.equals(choose(this.textTypes, request))) ? convertObject(text, JSON)
					: PipeReply.of(text.toString());
		}
		if (value instanceof PipeBody body) {
			return PipeReply.of(body);
		}
		if (value instanceof byte[] bytes) {
			return PipeReply.of(PipeBody.of(bytes));
		}
		if (value instanceof ByteBuffer buffer) {
			byte[] bytes = new byte[buffer.remaining()];
			buffer.duplicate().get(bytes);
			return PipeReply.of(PipeBody.of(bytes));
		}
		if (value instanceof PipeBody.Writer writer) {
			return PipeReply.of(PipeBody.of(coded(writer)));
		}
		if (value instanceof OpenedFile file) {
			return this.files.of(file);
		}
		if (value instanceof InputStream stream) {
			return PipeReply.of(PipeBody.of(stream, PipeBody.UNKNOWN_LENGTH, "The stream"));
		}
		if (value instanceof Path path) {
			return this.files.open(path, rights);
		}
		if (value instanceof File file) {
			return this.files.open(file.toPath(), rights);
		}
		if (value instanceof Resource resource) {
			return this.files.open(resource, rights);
		}
		return convertObject(value, typed ? null : choose(this.messageConverter.types(), request));
	}

	// The answer has not begun yet if the writer fails early enough.
	private static PipeBody.Writer coded(PipeBody.Writer writer) {
		return (stream) -> {
			try {
				writer.writeTo(stream);
			}
			catch (IOException | RuntimeException ex) {
				if (FailureCodes.apply(ex) instanceof PipeRequestException coded) {
					throw coded;
				}
				throw ex;
			}
		};
	}

	private PipeReply convertObject(Object value, @Nullable String type) {
		if (ValueTypes.isDeferred(value.getClass())) {
			throw new IllegalStateException("%s has no value yet".formatted(value.getClass().getName()));
		}
		Message<?> message = toMessage(value, type);
		Object payload = (message != null) ? message.getPayload() : value;
		if (message == null || payload == value || !(payload instanceof byte[] || payload instanceof CharSequence)) {
			throw new IllegalStateException(
					"No message converter turns %s into a reply".formatted(value.getClass().getName()));
		}
		PipeBody body = (payload instanceof byte[] bytes) ? PipeBody.of(bytes) : PipeBody.of(payload.toString());
		Object sent = message.getHeaders().get(MessageHeaders.CONTENT_TYPE);
		return (sent != null) ? new PipeReply(Map.of(CONTENT_TYPE, sent.toString()), body) : PipeReply.of(body);
	}

	// A result that cannot be converted is a defect of the server, not of the request.
	private @Nullable Message<?> toMessage(Object value, @Nullable String type) {
		try {
			MessageHeaders headers = (type != null)
					? new MessageHeaders(Map.of(MessageHeaders.CONTENT_TYPE, MimeTypeUtils.parseMimeType(type))) : null;
			return this.messageConverter.toMessage(value, headers);
		}
		catch (RuntimeException ex) {
			throw new IllegalStateException("%s cannot be turned into a reply".formatted(value.getClass().getName()),
					ex);
		}
	}

	/**
	 * Whether results of a type are replies without a message converter.
	 * @param type the return type of a method
	 * @return {@code true} if they need no message converter
	 */
	static boolean isReply(Class<?> type) {
		return REPLIES.stream().anyMatch((reply) -> reply.isAssignableFrom(type));
	}

}
