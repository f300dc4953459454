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

package io.namedpipe.protocol.http;

import java.nio.ByteBuffer;

/**
 * What has arrived and was not taken yet: the one buffer of a session. Parser and decoder
 * keep what they need, so that it is empty whenever more is received.
 */
final class HttpInput {

	private static final int USUAL_BYTES = 8 * 1024;

	private static final int MAX_BYTES = 64 * 1024;

	private ByteBuffer buffer = ByteBuffer.allocate(USUAL_BYTES).limit(0);

	/**
	 * What has arrived.
	 * @return the buffer, from which the bytes are consumed
	 */
	ByteBuffer available() {
		return this.buffer;
	}

	/**
	 * Wait for more.
	 * @param source gives the bytes
	 * @return {@code false} at the end of the stream
	 */
	boolean receive(Source source) {
		if (this.buffer.hasRemaining()) {
			throw new IllegalStateException("There is something that was not taken yet");
		}
		this.buffer.clear();
		try {
			return source.read(this.buffer) >= 0;
		}
		finally {
			this.buffer.flip();
		}
	}

	/**
	 * Take more at once from now on, if a body is long.
	 * @param length the length of the body, or {@link HttpFraming#CHUNKED}
	 */
	void expect(long length) {
		if (this.buffer.capacity() < MAX_BYTES && (length > USUAL_BYTES || length == HttpFraming.CHUNKED)) {
			this.buffer = ByteBuffer.allocate(MAX_BYTES).put(this.buffer).flip();
		}
	}

	/**
	 * Where bytes come from.
	 */
	@FunctionalInterface
	interface Source {

		int read(ByteBuffer destination);

	}

}
