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

package io.namedpipe.protocol.tagged;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.transport.PipeChannel;

/**
 * A number, a kind, a length, a text.
 */
final class TaggedCodec {

	static final int MAX_BYTES = 1024;

	private final PipeChannel channel;

	private final ReentrantLock writing = new ReentrantLock();

	TaggedCodec(PipeChannel channel) {
		this.channel = channel;
	}

	/**
	 * Read a frame.
	 * @return the frame, or {@code null} at the end of the stream
	 */
	@Nullable Frame read() {
		ByteBuffer head = ByteBuffer.allocate(9);
		if (!this.channel.readFully(head)) {
			return null;
		}
		int number = head.flip().getInt();
		boolean failure = head.get() != 0;
		int length = head.getInt();
		if (length < 0 || length > MAX_BYTES) {
			throw new PipeProtocolException("A frame of %d bytes was announced".formatted(length));
		}
		ByteBuffer text = ByteBuffer.allocate(length);
		if (length > 0 && !this.channel.readFully(text)) {
			throw new PipeProtocolException("The stream ended before the text of a frame");
		}
		return new Frame(number, failure, new String(text.array(), StandardCharsets.UTF_8));
	}

	void write(Frame frame) {
		byte[] text = frame.text().getBytes(StandardCharsets.UTF_8);
		ByteBuffer buffer = ByteBuffer.allocate(9 + text.length)
			.putInt(frame.number())
			.put((byte) (frame.failure() ? 1 : 0))
			.putInt(text.length)
			.put(text)
			.flip();
		this.writing.lock();
		try {
			this.channel.write(buffer);
		}
		finally {
			this.writing.unlock();
		}
	}

	/**
	 * What is on the wire.
	 *
	 * @param number the number of the request
	 * @param failure whether it is a failure
	 * @param text the text
	 */
	record Frame(int number, boolean failure, String text) {
	}

}
