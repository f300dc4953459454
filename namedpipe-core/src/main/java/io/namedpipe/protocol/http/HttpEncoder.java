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
 * Writes messages into memory, head and body one after the other, to be sent at once. A
 * message that could be read in two ways is refused before a byte of it can be taken, and
 * the body is counted. Framing fields are written here and nowhere else.
 * <p>
 * Arguments that cannot be sent fail with an {@link IllegalArgumentException}; a body
 * that is shorter or longer than its declared length, with an
 * {@link IllegalStateException}. The connection has to be closed after the latter.
 */
final class HttpEncoder {

	private static final int USUAL_BYTES = 512;

	private static final int KEPT_BYTES = 8 * 1024;

	private byte[] bytes = new byte[USUAL_BYTES];

	private int size;

	/** Of the body; a constant of {@link HttpFraming} until its end. */
	private long remaining;

	private boolean withinChunk;

	/**
	 * Begin a request.
	 * @param method the method
	 * @param target the target in origin form, escaped
	 * @param headers the fields, one of them {@code Host}, none of them of the framing
	 * @param length the length of the body, {@link HttpFraming#CHUNKED} or
	 * {@link HttpFraming#NONE}
	 */
	void request(String method, String target, HttpHeaders headers, long length) {
		check(HttpChars.isToken(method) && !method.equals("CONNECT"), "The method is not a token, or CONNECT");
		check(target.startsWith("/") && HttpChars.isAll(HttpChars.URI, target) && HttpUris.isEscaped(target),
				"The target is not a path with characters escaped as in RFC 3986");
		check(headers.values("Host").size() == 1, "There is not exactly one Host field");
		begin(headers);
		ascii(method);
		ascii(" ");
		ascii(target);
		ascii(" HTTP/1.1");
		head(headers, length);
	}

	/**
	 * Begin a response.
	 * @param status the status, 100 to 599
	 * @param reason the reason, may be empty
	 * @param headers the fields, none of them of the framing
	 * @param length the length of the body, {@link HttpFraming#CHUNKED} or
	 * {@link HttpFraming#TO_END}; {@link HttpFraming#NONE} for 1xx, 204 and 304, and for
	 * these alone
	 */
	void response(int status, String reason, HttpHeaders headers, long length) {
		check(status >= 100 && status <= 599, "The status is not from 100 to 599");
		check(HttpChars.isAll(HttpChars.TEXT, reason), "The reason has a control character, or one above U+00FF");
		check((length == HttpFraming.NONE) == (status < 200 || status == 204 || status == 304),
				"Either the status allows no body and there is one, or the reverse");
		begin(headers);
		ascii("HTTP/1.1 ");
		ascii(String.valueOf(status));
		ascii(" ");
		ascii(reason);
		head(headers, length);
	}

	/** Leave out the body: it was a response to {@code HEAD}. */
	void omitBody() {
		this.remaining = 0;
	}

	/**
	 * Append a part of the body, as a chunk if the body is chunked.
	 * @param data the part, consumed
	 */
	void body(ByteBuffer data) {
		int count = data.remaining();
		if (count > 0) {
			announce(count);
			reserve(count);
			data.get(this.bytes, this.size, count);
			this.size += count;
			endChunk();
		}
	}

	/**
	 * Count a part of the body that the caller sends itself, all of it and right after
	 * what is to be taken now.
	 * @param count its length in bytes, at least 1
	 */
	void announce(long count) {
		check(count > 0, "A part of a body has at least one byte");
		endChunk();
		if (this.remaining == HttpFraming.CHUNKED) {
			ascii(Long.toHexString(count));
			lineEnd();
			this.withinChunk = true;
		}
		else if (this.remaining == HttpFraming.TO_END) {
			return;
		}
		else if (count > this.remaining) {
			throw new IllegalStateException("The body is longer than its declared length, by %d bytes or more"
				.formatted(count - this.remaining));
		}
		else {
			this.remaining -= count;
		}
	}

	/** End the message. */
	void end() {
		endChunk();
		if (this.remaining > 0) {
			throw new IllegalStateException(
					"The body is shorter than its declared length, by %d bytes".formatted(this.remaining));
		}
		if (this.remaining == HttpFraming.CHUNKED) {
			ascii("0\r\n\r\n");
		}
		this.remaining = 0;
	}

	/**
	 * Take what has been written since the last time.
	 * @return the bytes, to be sent before anything else is written here
	 */
	ByteBuffer take() {
		ByteBuffer taken = ByteBuffer.wrap(this.bytes, 0, this.size);
		this.size = 0;
		return taken;
	}

	private void begin(HttpHeaders headers) {
		if (this.remaining != 0) {
			throw new IllegalStateException("The message before this one has not ended");
		}
		for (int i = 0; i < headers.size(); i++) {
			checkField(headers.name(i), headers.value(i));
		}
		if (this.size == 0 && this.bytes.length > KEPT_BYTES) {
			this.bytes = new byte[USUAL_BYTES];
		}
	}

	private static void checkField(String name, String value) {
		check(HttpChars.isToken(name), "A header name is not a token");
		check(HttpChars.isAll(HttpChars.TEXT, value),
				"The header value has a control character, or one above U+00FF, which has to be encoded");
		check(!name.equalsIgnoreCase("Content-Length") && !name.equalsIgnoreCase("Transfer-Encoding"),
				"Content-Length and Transfer-Encoding follow from the body and cannot be set");
	}

	private void head(HttpHeaders headers, long length) {
		lineEnd();
		for (int i = 0; i < headers.size(); i++) {
			ascii(headers.name(i));
			ascii(": ");
			ascii(headers.value(i));
			lineEnd();
		}
		if (length == HttpFraming.CHUNKED) {
			ascii("Transfer-Encoding: chunked\r\n");
		}
		else if (length >= 0) {
			ascii("Content-Length: ");
			ascii(String.valueOf(length));
			lineEnd();
		}
		lineEnd();
		this.remaining = (length != HttpFraming.NONE) ? length : 0;
	}

	private void endChunk() {
		if (this.withinChunk) {
			lineEnd();
			this.withinChunk = false;
		}
	}

	private void lineEnd() {
		ascii("\r\n");
	}

	private void ascii(String text) {
		int length = text.length();
		reserve(length);
		for (int i = 0; i < length; i++) {
			this.bytes[this.size + i] = (byte) text.charAt(i);
		}
		this.size += length;
	}

	private void reserve(int count) {
		if (count > this.bytes.length - this.size) {
			this.bytes = Arrays.copyOf(this.bytes, Math.max(2 * this.bytes.length, this.size + count));
		}
	}

	private static void check(boolean expression, String message) {
		if (!expression) {
			throw new IllegalArgumentException(message);
		}
	}

}
