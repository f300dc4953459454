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
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.transport.PipeChannel;

/**
 * Reads strings from a connection, whose bytes may arrive in any number of pieces.
 */
final class StreamStringReader {

	/** Enough for most file names. */
	private static final int INITIAL_BYTES = 512;

	private static final int QUOTED_BYTES = 60;

	private final PipeChannel channel;

	/**
	 * The bytes that have been read and not decoded, ready to be read from the buffer.
	 */
	private ByteBuffer buffer = ByteBuffer.allocate(INITIAL_BYTES).limit(0);

	private boolean ended;

	StreamStringReader(PipeChannel channel) {
		this.channel = channel;
	}

	/**
	 * Wait until there is something to read.
	 * @return {@code false} if the stream has ended
	 */
	boolean awaitFirstByte() {
		return this.buffer.hasRemaining() || fill() >= 0;
	}

	/**
	 * Read a string.
	 * @return the string, {@code null} if the stream ends before its first byte
	 * @throws PipeProtocolException if the stream ends within the string, or the length
	 * is wrong
	 */
	@Nullable String read() {
		String text;
		while ((text = StreamStringCodec.decode(this.buffer)) == null) {
			if (fill() < 0) {
				this.ended = true;
				if (!this.buffer.hasRemaining()) {
					return null;
				}
				throw new PipeProtocolException(
						"The stream ended within a string: %s".formatted(describe(this.buffer)));
			}
		}
		return text;
	}

	boolean hasEnded() {
		return this.ended;
	}

	private int fill() {
		int length = Math.max(0, StreamStringCodec.bodyLength(this.buffer)) + StreamStringCodec.HEADER_BYTES;
		if (length > this.buffer.capacity()) {
			// The length has two bytes, so that this is at most 64 KiB.
			this.buffer = ByteBuffer.allocate(length).put(this.buffer).flip();
		}
		ByteBuffer free = this.buffer.compact();
		try {
			return this.channel.read(free);
		}
		finally {
			free.flip();
		}
	}

	/**
	 * The bytes that were read and are no complete string, for a message.
	 * @return its first bytes as characters
	 */
	String undecoded() {
		int length = Math.min(this.buffer.remaining(), QUOTED_BYTES);
		return StandardCharsets.ISO_8859_1.decode(this.buffer.slice(this.buffer.position(), length)).toString();
	}

	private static String describe(ByteBuffer buffer) {
		int length = StreamStringCodec.bodyLength(buffer);
		return (length < 0) ? "half a length"
				: "%d of %d bytes".formatted(buffer.remaining() - StreamStringCodec.HEADER_BYTES, length);
	}

}
