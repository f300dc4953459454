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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.MessageConversionException;

/**
 * Takes the bytes of a text. Most texts come in one piece, which is decoded from where it
 * is, without a copy of the bytes.
 */
final class BodyText extends OutputStream {

	private static final char REPLACEMENT = '\ufffd';

	private static final int LARGEST_PIECE = 64 * 1024;

	private final Message<?> message;

	private final Charset charset;

	private final long length;

	private @Nullable String text;

	private @Nullable ByteArrayOutputStream pieces;

	private BodyText(Message<?> message, Charset charset, long length) {
		this.message = message;
		this.charset = charset;
		this.length = length;
	}

	/**
	 * Whether a body may come in one piece.
	 * @param length its length, negative if it is not known
	 * @return {@code true} if that is worth a try
	 */
	static boolean isSmall(long length) {
		return length > 0 && length <= LARGEST_PIECE;
	}

	/**
	 * Read a text.
	 * @param message the request
	 * @param stream the text, closed afterwards
	 * @param charset its charset
	 * @param length its length in bytes
	 * @return the text
	 * @throws IOException if it cannot be read
	 * @throws MessageConversionException if it is not of the charset
	 */
	static String read(Message<?> message, InputStream stream, Charset charset, long length) throws IOException {
		BodyText body = new BodyText(message, charset, length);
		try (stream) {
			stream.transferTo(body);
		}
		if (body.pieces != null) {
			byte[] bytes = body.pieces.toByteArray();
			return decode(message, bytes, 0, bytes.length, charset);
		}
		return (body.text != null) ? body.text : "";
	}

	@Override
	public void write(int value) {
		write(new byte[] { (byte) value }, 0, 1);
	}

	@Override
	public void write(byte[] bytes, int offset, int count) {
		if (count == this.length) {
			this.text = decode(this.message, bytes, offset, count, this.charset);
			return;
		}
		ByteArrayOutputStream collected = this.pieces;
		if (collected == null) {
			collected = new ByteArrayOutputStream((int) this.length);
			this.pieces = collected;
		}
		collected.write(bytes, offset, count);
	}

	/**
	 * Decode a text.
	 * @param message the request
	 * @param bytes holds the text
	 * @param offset where it begins
	 * @param count its length in bytes
	 * @param charset its charset
	 * @return the text
	 * @throws MessageConversionException if it is not of the charset
	 */
	static String decode(Message<?> message, byte[] bytes, int offset, int count, Charset charset) {
		String text = new String(bytes, offset, count, charset);
		if (text.indexOf(REPLACEMENT) < 0) {
			return text;
		}
		// The character was sent, or replaces bytes that are not of the charset.
		try {
			return charset.newDecoder().decode(ByteBuffer.wrap(bytes, offset, count)).toString();
		}
		catch (CharacterCodingException ex) {
			throw new MessageConversionException(message, "The body is not " + charset, ex);
		}
	}

}
