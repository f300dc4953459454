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

package io.namedpipe.listener.adapter;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;

import io.namedpipe.protocol.PipeReply;

/**
 * From what a handler returns to what is sent. Files are opened here, on the thread of
 * the handler and with its identity; they are read later.
 */
final class ReplyConverter {

	private static final boolean IS_UNIX = File.separatorChar == '/';

	private static final Path PROCESSES = Path.of("/proc");

	private static final LinkOption[] LINKS = IS_UNIX ? new LinkOption[] { LinkOption.NOFOLLOW_LINKS }
			: new LinkOption[0];

	private final MessageConverter messageConverter;

	ReplyConverter(MessageConverter messageConverter) {
		this.messageConverter = messageConverter;
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

	// The name may be the client's. Opening a FIFO or a device can wait for ever, or act.
	// Under /proc are the server's own memory map and open files, which belong to the
	// process and are shown to a thread of it whoever the thread acts as; and links there
	// lead past directories that the client may not enter, so every name is resolved
	// first.
	private static PipeReply open(Path name) throws IOException {
		Path path = IS_UNIX ? name.toRealPath() : name;
		BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
		if (attributes.isDirectory()) {
			throw new FileSystemException(name.toString(), null, "is a directory");
		}
		if (!attributes.isRegularFile()) {
			throw new FileSystemException(name.toString(), null, "is not a regular file");
		}
		if (IS_UNIX && path.startsWith(PROCESSES)) {
			throw new AccessDeniedException(name.toString());
		}
		return new PipeReply.Content(Files.newInputStream(path, LINKS), "The file '" + name + "'");
	}

}
