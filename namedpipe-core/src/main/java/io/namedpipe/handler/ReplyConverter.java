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

import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;

import io.namedpipe.protocol.PipeReply;
import io.namedpipe.transport.FileOpener;

/**
 * From what a handler returns to what is sent. Files are opened here, on the thread of
 * the handler and with its identity; they are read later.
 */
final class ReplyConverter {

	private final MessageConverter messageConverter;

	private final FileOpener fileOpener;

	ReplyConverter(MessageConverter messageConverter, FileOpener fileOpener) {
		this.messageConverter = messageConverter;
		this.fileOpener = fileOpener;
	}

	PipeReply convert(@Nullable Object value) throws IOException {
		if (value == null) {
			return new PipeReply.Empty();
		}
		if (value instanceof PipeReply reply) {
			return reply;
		}
		if (value instanceof CharSequence text) {
			return new PipeReply.Text(text.toString());
		}
		if (value instanceof byte[] bytes) {
			return new PipeReply.Bytes(bytes);
		}
		if (value instanceof Path path) {
			return open(path);
		}
		if (value instanceof Resource resource) {
			return resource.isFile() ? open(resource.getFile().toPath())
					: new PipeReply.Content(resource.getInputStream(), resource.getDescription());
		}
		if (value instanceof InputStream stream) {
			return new PipeReply.Content(stream, "The stream");
		}
		if (value instanceof Message<?> message) {
			return convert(message.getPayload());
		}
		Message<?> message = this.messageConverter.toMessage(value, null);
		if (message == null || message.getPayload() == value) {
			throw new MessageConversionException(
					"No message converter turns %s into a reply".formatted(value.getClass().getName()));
		}
		return convert(message.getPayload());
	}

	// The name may be the client's.
	private PipeReply open(Path name) throws IOException {
		return new PipeReply.Content(this.fileOpener.open(name), "The file '" + name + "'");
	}

}
