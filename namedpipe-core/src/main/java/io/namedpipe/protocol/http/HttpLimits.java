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

import java.util.stream.IntStream;

/**
 * Limits for the messages of a peer. Each limit is checked before memory is taken. Sizes
 * are in bytes and count the line ends.
 *
 * @param headBytes a whole head: empty lines before it, start line and fields
 * @param startLineBytes a request line or a status line
 * @param fieldBytes one field line
 * @param fields the number of fields of a head, and of the trailers
 * @param emptyLines the number of empty lines before a head
 * @param interimResponses the number of 1xx responses before the final one
 * @param bodyBytes the body, without its framing
 * @param chunkExtensionBytes all chunk extensions of a body
 * @param trailerBytes all trailer fields of a body
 */
record HttpLimits(int headBytes, int startLineBytes, int fieldBytes, int fields, int emptyLines, int interimResponses,
		long bodyBytes, int chunkExtensionBytes, int trailerBytes) {

	private static final int MAX_BYTES = 16 * 1024 * 1024;

	/**
	 * The defaults. The body has no limit here, since it is read while it arrives; a
	 * reader that collects it has its own.
	 */
	static final HttpLimits DEFAULTS = new HttpLimits(16 * 1024, 8 * 1024, 8 * 1024, 100, 2, 8, Long.MAX_VALUE,
			4 * 1024, 8 * 1024);

	HttpLimits {
		check(1, headBytes, startLineBytes, fieldBytes, fields);
		check(0, emptyLines, interimResponses, chunkExtensionBytes, trailerBytes);
		if (bodyBytes < 0) {
			throw new IllegalArgumentException("The limit of a body must not be negative");
		}
	}

	private static void check(int least, int... limits) {
		if (IntStream.of(limits).anyMatch((limit) -> limit < least || limit > MAX_BYTES)) {
			throw new IllegalArgumentException(
					"A limit of an HTTP message is not from %d to %d".formatted(least, MAX_BYTES));
		}
	}

}
