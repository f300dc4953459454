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
import java.util.Arrays;

/**
 * Reads lines that end with CR LF and may be cut anywhere. A line is checked only when it
 * is complete, so that the cuts make no difference.
 */
final class LineReader {

	private static final int USUAL_BYTES = 256;

	private static final int KEPT_BYTES = 1024;

	private static final byte[] NONE = {};

	private byte[] bytes = NONE;

	private int length;

	private boolean complete;

	/**
	 * Take bytes up to the end of the line.
	 * @param in the bytes; those that are taken are consumed
	 * @param limit the longest line, with its end; the same until the line is complete
	 * @param status the status if it is longer
	 * @param message the message if it is longer
	 * @return {@code true} if the line is complete, {@code false} if more is needed
	 * @throws HttpException if the line is too long, or ends without CR
	 */
	boolean read(ByteBuffer in, int limit, int status, String message) {
		if (this.complete) {
			this.length = 0;
			this.complete = false;
		}
		int from = in.position();
		int to = from + Math.min(in.remaining(), limit - this.length);
		int end = from;
		while (end < to && in.get(end) != '\n') {
			end++;
		}
		this.complete = end < to;
		append(in, end - from + (this.complete ? 1 : 0));
		if (!this.complete && this.length >= limit) {
			throw new HttpException(status, message);
		}
		if (this.complete) {
			this.length -= 2;
			if (this.length < 0 || this.bytes[this.length] != '\r') {
				throw HttpException.badMessage("A line ends with LF and without CR");
			}
		}
		return this.complete;
	}

	private void append(ByteBuffer in, int count) {
		if (this.length + count > this.bytes.length) {
			int usual = Math.max(USUAL_BYTES, 2 * this.bytes.length);
			this.bytes = Arrays.copyOf(this.bytes, Math.max(usual, this.length + count));
		}
		in.get(this.bytes, this.length, count);
		this.length += count;
	}

	// The line, from index 0 on, until the next one is read.
	byte[] bytes() {
		return this.bytes;
	}

	// Without the line end.
	int length() {
		return this.length;
	}

	boolean isWithinLine() {
		return !this.complete && this.length > 0;
	}

	/** Give up the memory that a long line has taken. */
	void trim() {
		if (this.bytes.length > KEPT_BYTES) {
			this.bytes = NONE;
		}
	}

}
