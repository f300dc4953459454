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
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Encodes texts in UTF-8, small ones into memory that is used again.
 */
final class TextEncoder {

	private static final int USUAL_BYTES = 512;

	private static final int MAX_BYTES = 8 * 1024;

	// What String.getBytes does with half a pair of surrogates.
	private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder()
		.onMalformedInput(CodingErrorAction.REPLACE);

	private final CharBuffer chars = CharBuffer.allocate(USUAL_BYTES);

	private ByteBuffer bytes = ByteBuffer.allocate(USUAL_BYTES);

	/**
	 * Encode a text.
	 * @param text the text
	 * @return its bytes, which stay until the next call
	 */
	ByteBuffer encode(String text) {
		int length = text.length();
		if (length > this.bytes.capacity() && length <= MAX_BYTES) {
			this.bytes = ByteBuffer.allocate(Math.min(2 * length, MAX_BYTES));
		}
		return (length <= MAX_BYTES && fits(text)) ? this.bytes.flip()
				: ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
	}

	private boolean fits(String text) {
		this.encoder.reset();
		this.bytes.clear();
		this.chars.clear();
		int from = 0;
		boolean fits;
		do {
			int to = Math.min(text.length(), from + this.chars.remaining());
			this.chars.put(text, from, to).flip();
			fits = this.encoder.encode(this.chars, this.bytes, to == text.length()).isUnderflow();
			// The first half of a pair waits for the second one.
			this.chars.compact();
			from = to;
		}
		while (fits && from < text.length());
		return fits;
	}

}
