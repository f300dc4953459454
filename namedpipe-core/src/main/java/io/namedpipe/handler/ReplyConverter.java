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

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.MessageConverter;

import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.transport.ClientRights;
import io.namedpipe.transport.FileOpener;

/**
 * Converts the result of a handler to a reply. Files are opened here, with the identity
 * of the handler's thread or the rights of the caller, and read later.
 */
final class ReplyConverter {

	private static final List<Class<?>> REPLIES = List.of(CharSequence.class, byte[].class, Path.class, Resource.class,
			InputStream.class, Message.class, PipeBody.class, PipeReply.class, PipeFailure.class);

	private final MessageConverter messageConverter;

	private final FileOpener fileOpener;

	ReplyConverter(MessageConverter messageConverter, FileOpener fileOpener) {
		this.messageConverter = messageConverter;
		this.fileOpener = fileOpener;
	}

	/**
	 * Convert a result.
	 * @param value the result
	 * @param rights whose rights the files need that it names
	 * @return the reply
	 * @throws IOException if a file cannot be opened
	 */
	PipeReply convert(@Nullable Object value, ClientRights rights) throws IOException {
		if (value == null) {
			return PipeReply.empty();
		}
		if (value instanceof PipeReply reply) {
			return reply;
		}
		if (value instanceof PipeFailure failure) {
			throw new FailureResult(failure);
		}
		PipeBody body = body(value, rights);
		if (body != null) {
			return PipeReply.of(body);
		}
		if (value instanceof Message<?> message) {
			return convert(message.getPayload(), rights);
		}
		Message<?> message = toMessage(value);
		if (message == null || message.getPayload() == value) {
			throw new IllegalStateException(
					"No message converter turns %s into a reply".formatted(value.getClass().getName()));
		}
		return convert(message.getPayload(), rights);
	}

	// A result that cannot be converted is a defect of the server, not of the request.
	private @Nullable Message<?> toMessage(Object value) {
		try {
			return this.messageConverter.toMessage(value, null);
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

	private @Nullable PipeBody body(Object value, ClientRights rights) throws IOException {
		if (value instanceof PipeBody body) {
			return body;
		}
		if (value instanceof CharSequence text) {
			return PipeBody.of(text.toString());
		}
		if (value instanceof byte[] bytes) {
			return PipeBody.of(bytes);
		}
		if (value instanceof Path path) {
			return open(path, rights);
		}
		if (value instanceof Resource resource) {
			return resource.isFile() ? open(resource.getFile().toPath(), rights)
					: PipeBody.of(resource.getInputStream(), PipeBody.UNKNOWN_LENGTH, resource.getDescription());
		}
		if (value instanceof InputStream stream) {
			return PipeBody.of(stream, PipeBody.UNKNOWN_LENGTH, "The stream");
		}
		return null;
	}

	// The name may come from the client, therefore the FileOpener and not Files opens it.
	private PipeBody open(Path name, ClientRights rights) throws IOException {
		return PipeBody.of(this.fileOpener.open(name, rights), PipeBody.UNKNOWN_LENGTH, "The file '" + name + "'");
	}

}
