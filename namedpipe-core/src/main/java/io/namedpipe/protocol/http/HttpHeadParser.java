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

import org.jspecify.annotations.Nullable;

/**
 * Reads heads, one after another, from bytes that may be cut anywhere. After a failure
 * the parser only throws that failure again.
 *
 * @param <H> the kind of head
 */
abstract class HttpHeadParser<H> {

	private final LineReader line = new LineReader();

	private final HttpLimits limits;

	/** From the first line on. */
	private @Nullable HttpHeaders headers;

	private int emptyLines;

	private int usedBytes;

	private @Nullable HttpException failure;

	HttpHeadParser(HttpLimits limits) {
		this.limits = limits;
	}

	/**
	 * Take bytes up to the end of the head.
	 * @param in the bytes; those that are taken are consumed, those of a body are not
	 * @return the head, {@code null} if more is needed
	 * @throws HttpException if the head is malformed
	 */
	final @Nullable H parse(ByteBuffer in) {
		if (this.failure != null) {
			throw this.failure;
		}
		try {
			while (readLine(in)) {
				H head = takeLine(this.line.bytes(), this.line.length());
				if (head != null) {
					return head;
				}
			}
			return null;
		}
		catch (HttpException ex) {
			this.failure = ex;
			throw ex;
		}
	}

	/**
	 * Whether a head has begun and not ended. Empty lines before a head do not begin it.
	 * @return {@code true} if so
	 */
	final boolean isWithinHead() {
		return this.headers != null || this.line.isWithinLine();
	}

	/**
	 * Tell that the stream has ended.
	 * @throws HttpException if that is within a head
	 */
	final void end() {
		if (this.failure == null && isWithinHead()) {
			this.failure = HttpException.badMessage("The stream ended within the head");
		}
		if (this.failure != null) {
			throw this.failure;
		}
	}

	private boolean readLine(ByteBuffer in) {
		int rest = this.limits.headBytes() - this.usedBytes;
		if (this.headers == null) {
			return this.line.read(in, Math.min(this.limits.startLineBytes(), rest), 414, "The first line is too long");
		}
		return this.line.read(in, Math.min(this.limits.fieldBytes(), rest), 431,
				(rest <= this.limits.fieldBytes()) ? "The head is too large" : "A field is too long");
	}

	private @Nullable H takeLine(byte[] bytes, int length) {
		this.usedBytes += length + 2;
		HttpHeaders fields = this.headers;
		if (fields == null) {
			takeFirstLine(bytes, length);
			return null;
		}
		if (length > 0) {
			parseField(bytes, length, fields, this.limits.fields());
			return null;
		}
		H head = complete(fields);
		this.headers = null;
		this.emptyLines = 0;
		this.usedBytes = 0;
		this.line.trim();
		return head;
	}

	private void takeFirstLine(byte[] bytes, int length) {
		if (length > 0) {
			startLine(bytes, length);
			this.headers = new HttpHeaders();
		}
		else if (++this.emptyLines > this.limits.emptyLines()) {
			throw HttpException.badMessage("There are too many empty lines before the head");
		}
	}

	/**
	 * Parse a field line (RFC 9112, 5).
	 * @param bytes the line
	 * @param length its length
	 * @param headers where to add the field
	 * @param limit how many fields there may be
	 * @throws HttpException if it is not a field, or one too many
	 */
	static void parseField(byte[] bytes, int length, HttpHeaders headers, int limit) {
		int colon = HttpChars.end(HttpChars.TOKEN, bytes, 0, length);
		if (colon == 0 || colon == length || bytes[colon] != ':') {
			throw HttpException.badMessage("A field is not a name, a colon and a value in one line");
		}
		int from = colon + 1;
		int to = length;
		if (HttpChars.end(HttpChars.TEXT, bytes, from, to) < to) {
			throw HttpException.badMessage("A field value has a control character");
		}
		while (from < to && isBlank(bytes[from])) {
			from++;
		}
		while (to > from && isBlank(bytes[to - 1])) {
			to--;
		}
		if (headers.size() >= limit) {
			throw new HttpException(431, "There are too many fields");
		}
		headers.add(CommonStrings.of(bytes, 0, colon), CommonStrings.of(bytes, from, to));
	}

	private static boolean isBlank(byte c) {
		return c == ' ' || c == '\t';
	}

	/**
	 * The minor version in {@code HTTP/1.x}.
	 * @param bytes the line
	 * @param from where the version begins
	 * @param to where it has to end
	 * @return 0 or 1
	 * @throws HttpException if it is no version, or another one
	 */
	static int minorVersion(byte[] bytes, int from, int to) {
		String version = CommonStrings.of(bytes, from, to);
		if (version.equals("HTTP/1.1")) {
			return 1;
		}
		if (version.equals("HTTP/1.0")) {
			return 0;
		}
		if (version.matches("HTTP/[0-9]\\.[0-9]")) {
			throw new HttpException(505, "The version is neither HTTP/1.1 nor HTTP/1.0");
		}
		throw HttpException.badMessage("The first line has no version such as HTTP/1.1 in its place");
	}

	// The line is not empty.
	abstract void startLine(byte[] bytes, int length);

	abstract H complete(HttpHeaders headers);

}
