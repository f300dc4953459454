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

package io.namedpipe.protocol;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.LogText;
import io.namedpipe.transport.PipeMessageTooLargeException;

/**
 * The content of a request or a reply: nothing, a text, bytes, or a stream of bytes that
 * is read while it is sent or while it arrives. A text that is read as bytes is encoded
 * in UTF-8. A stream can be read once. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class PipeBody implements AutoCloseable {

	/** The length of a stream whose length is not known. */
	public static final long UNKNOWN_LENGTH = -1;

	private static final int MAX_COLLECTED_BYTES = 16 * 1024 * 1024;

	private static final PipeBody EMPTY = new PipeBody(null, 0, "nothing");

	private final @Nullable Object content;

	private final long length;

	private final String description;

	private boolean closed;

	private PipeBody(@Nullable Object content, long length, String description) {
		this.content = content;
		this.length = length;
		this.description = description;
	}

	/**
	 * Make a body without content.
	 * @return the body
	 */
	public static PipeBody empty() {
		return EMPTY;
	}

	/**
	 * Make a body from a text.
	 * @param text the text
	 * @return the body
	 */
	public static PipeBody of(String text) {
		return new PipeBody(text, UNKNOWN_LENGTH, "The text");
	}

	/**
	 * Make a body from bytes. They are not copied.
	 * @param bytes the bytes
	 * @return the body
	 */
	public static PipeBody of(byte[] bytes) {
		return new PipeBody(bytes, bytes.length, "The content");
	}

	/**
	 * Make a body from a stream. The stream is closed with the body.
	 * @param stream the stream
	 * @param length the number of bytes, or {@link #UNKNOWN_LENGTH}
	 * @param description a phrase that says what the content is, to begin an error
	 * message, such as {@code The file 'a.txt'}; control characters are made visible,
	 * since a client may have chosen the name
	 * @return the body
	 */
	public static PipeBody of(InputStream stream, long length, String description) {
		return new PipeBody(stream, length, description);
	}

	/**
	 * Make a body from code that writes it while it is sent.
	 * @param writer writes the content
	 * @return the body
	 */
	public static PipeBody of(Writer writer) {
		return new PipeBody(writer, UNKNOWN_LENGTH, "The content");
	}

	/**
	 * Whether there is no content at all.
	 * @return {@code true} if the body was made by {@link #empty()}
	 */
	public boolean isEmpty() {
		return this.content == null;
	}

	/**
	 * Whether the content is a stream, which can be read once.
	 * @return {@code true} if it is
	 */
	public boolean isStream() {
		return this.content instanceof InputStream;
	}

	/**
	 * The number of bytes.
	 * @return the number; {@link #UNKNOWN_LENGTH} for a text, and for a stream of unknown
	 * length
	 */
	public long length() {
		return this.length;
	}

	/**
	 * What the content is.
	 * @return a phrase that can begin an error message
	 */
	public String description() {
		return LogText.of(this.description);
	}

	/**
	 * The content, if it is a text.
	 * @return the text, or {@code null} if the content is bytes, a stream or nothing
	 */
	public @Nullable String text() {
		return (this.content instanceof String text) ? text : null;
	}

	/**
	 * The content, if it is written while it is sent.
	 * @return what writes it, or {@code null}
	 */
	public @Nullable Writer writer() {
		return (this.content instanceof Writer writer) ? writer : null;
	}

	/**
	 * Read the whole content as bytes. A stream is closed.
	 * @param limit the maximum number of bytes
	 * @return the bytes
	 * @throws PipeMessageTooLargeException if there are more
	 * @throws IOException if the stream fails
	 */
	public byte[] bytes(int limit) throws IOException {
		if (this.length > limit) {
			throw tooLarge(limit);
		}
		byte[] bytes;
		if (this.content instanceof InputStream stream) {
			int most = (limit < Integer.MAX_VALUE) ? limit + 1 : limit;
			try (this) {
				bytes = stream.readNBytes(most);
			}
		}
		else if (this.content instanceof Writer writer) {
			bytes = collect(writer, limit);
		}
		else {
			bytes = encoded();
		}
		if (bytes.length > limit) {
			throw tooLarge(limit);
		}
		return bytes;
	}

	private byte[] encoded() {
		if (this.content instanceof byte[] bytes) {
			return bytes;
		}
		String text = text();
		return (text != null) ? text.getBytes(StandardCharsets.UTF_8) : new byte[0];
	}

	private byte[] collect(Writer writer, int limit) throws IOException {
		ByteArrayOutputStream collected = new ByteArrayOutputStream();
		writer.writeTo(new OutputStream() {

			@Override
			public void write(int value) {
				write(new byte[] { (byte) value }, 0, 1);
			}

			@Override
			public void write(byte[] source, int offset, int count) {
				if (count > limit - collected.size()) {
					throw tooLarge(limit);
				}
				collected.write(source, offset, count);
			}

		});
		return collected.toByteArray();
	}

	private PipeMessageTooLargeException tooLarge(int limit) {
		return new PipeMessageTooLargeException("%s has more than %d bytes".formatted(description(), limit));
	}

	/**
	 * Get the content as a stream. What is written while it is sent is collected first.
	 * @return the stream, which the caller closes
	 */
	public InputStream stream() {
		if (this.content instanceof Writer writer) {
			try {
				return new ByteArrayInputStream(collect(writer, MAX_COLLECTED_BYTES));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		if (this.content instanceof InputStream stream) {
			return stream;
		}
		return new ByteArrayInputStream(encoded());
	}

	/**
	 * Close the stream, if it is one. Idempotent.
	 * @throws IOException if it cannot be closed
	 */
	@Override
	public void close() throws IOException {
		if (!this.closed && this.content instanceof InputStream stream) {
			this.closed = true;
			stream.close();
		}
	}

	@Override
	public String toString() {
		return "PipeBody[%s]"
			.formatted((this.content != null) ? this.content.getClass().getSimpleName() : description());
	}

	/**
	 * Writes a content.
	 *
	 * @since 0.1.0
	 */
	@FunctionalInterface
	public interface Writer {

		/**
		 * Write the content. What is flushed is sent at once.
		 * @param stream takes the content; it need not be closed, and must not be used
		 * afterwards
		 * @throws IOException if it cannot be written or made; the client then gets no
		 * complete reply
		 */
		void writeTo(OutputStream stream) throws IOException;

	}

}
