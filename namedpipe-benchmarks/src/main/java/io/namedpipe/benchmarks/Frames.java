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

package io.namedpipe.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Sends and receives whole buffers over blocking channels of the JDK.
 */
final class Frames {

	private Frames() {
	}

	/**
	 * Fill a buffer.
	 * @param channel where from
	 * @param target the buffer
	 * @return {@code false} if there is nothing more to come
	 * @throws IOException if the end comes within the buffer
	 */
	static boolean receive(SocketChannel channel, ByteBuffer target) throws IOException {
		int begin = target.position();
		while (target.hasRemaining()) {
			if (channel.read(target) < 0) {
				if (target.position() > begin) {
					throw new EOFException("the end of the stream within a message");
				}
				return false;
			}
		}
		return true;
	}

	static void send(SocketChannel channel, ByteBuffer source) throws IOException {
		while (source.hasRemaining()) {
			channel.write(source);
		}
	}

	static void skip(SocketChannel channel, ByteBuffer buffer, long count) throws IOException {
		for (long rest = count; rest > 0;) {
			int read = channel.read(buffer.clear().limit((int) Math.min(rest, buffer.capacity())));
			if (read < 0) {
				throw new EOFException("the end of the stream, and %d bytes are missing".formatted(rest));
			}
			rest -= read;
		}
	}

}
