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

package io.namedpipe.protocol.streamstring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.transport.PipeMessageTooLargeException;

/**
 * One string on the wire: two bytes, big-endian, with the number of bytes; then UTF-16,
 * little-endian, without a byte order mark. Code units are passed on as they are,
 * surrogates without their other half included. Does no I/O.
 */
final class StreamStringCodec {

	static final int HEADER_BYTES = 2;

	static final int MAX_BODY_BYTES = 0xffff;

	static final int MAX_CHARS = MAX_BODY_BYTES / Character.BYTES;

	private StreamStringCodec() {
	}

	static ByteBuffer encode(String text) {
		if (text.length() > MAX_CHARS) {
			throw new PipeMessageTooLargeException(
					"The text has %d UTF-16 code units and this protocol carries at most %d".formatted(text.length(),
							MAX_CHARS));
		}
		int length = text.length() * Character.BYTES;
		ByteBuffer buffer = ByteBuffer.allocate(HEADER_BYTES + length);
		buffer.putShort((short) length);
		// A char[] is copied as a whole, a String char by char.
		buffer.slice().order(ByteOrder.LITTLE_ENDIAN).asCharBuffer().put(text.toCharArray());
		return buffer.rewind();
	}

	/**
	 * Decode a string from the bytes that have been read so far.
	 * @param buffer the bytes; its position is changed only if the string is complete
	 * @return the string, or {@code null} if it is not complete
	 * @throws PipeProtocolException if the length is odd
	 */
	static @Nullable String decode(ByteBuffer buffer) {
		int length = bodyLength(buffer);
		if (length < 0 || buffer.remaining() < HEADER_BYTES + length) {
			return null;
		}
		buffer.position(buffer.position() + HEADER_BYTES);
		String text = buffer.slice(buffer.position(), length).order(ByteOrder.LITTLE_ENDIAN).asCharBuffer().toString();
		buffer.position(buffer.position() + length);
		return text;
	}

	/**
	 * The announced number of bytes after the header.
	 * @param buffer the bytes that have been read
	 * @return the number, or -1 if the header is not complete
	 * @throws PipeProtocolException if the number is odd
	 */
	static int bodyLength(ByteBuffer buffer) {
		if (buffer.remaining() < HEADER_BYTES) {
			return -1;
		}
		int length = buffer.getShort(buffer.position()) & MAX_BODY_BYTES;
		if (length % Character.BYTES != 0) {
			throw new PipeProtocolException(
					"A string of %d bytes was announced, which is no whole number of UTF-16 code units"
						.formatted(length));
		}
		return length;
	}

}
