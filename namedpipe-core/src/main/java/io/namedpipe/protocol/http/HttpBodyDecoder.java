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
 * Takes one body out of bytes that may be cut anywhere (RFC 9112, 6 and 7). The body is
 * complete, trailers included, when {@link #isEnded()} says so, and in no other way.
 * After a failure the decoder only throws that failure again.
 */
final class HttpBodyDecoder {

	private static final int MAX_SIZE_DIGITS = 15;

	private static final int LINE_END = 2;

	private final HttpLimits limits;

	private final boolean chunked;

	private final LineReader line = new LineReader();

	private final HttpHeaders trailers = new HttpHeaders();

	private State state;

	/** Of the body, or of the chunk. */
	private long remaining;

	private long total;

	private int extensionBytes;

	private int trailerBytes;

	private @Nullable HttpException failure;

	/**
	 * Create a decoder.
	 * @param length the length, or {@link HttpFraming#CHUNKED}
	 * @param limits the limits
	 * @throws HttpException if the length is over the limit
	 */
	HttpBodyDecoder(long length, HttpLimits limits) {
		this.limits = limits;
		this.chunked = length == HttpFraming.CHUNKED;
		if (this.chunked) {
			this.state = State.SIZE;
		}
		else {
			this.state = (length == 0) ? State.ENDED : State.DATA;
			begin(length);
		}
	}

	/**
	 * Take what is there.
	 * @param in the bytes; those that are taken are consumed, those of the next message
	 * are not
	 * @return a slice with data of the body, {@code null} if these bytes have none: the
	 * body has ended, or more is needed
	 * @throws HttpException if the body is malformed
	 */
	@Nullable ByteBuffer decode(ByteBuffer in) {
		if (this.failure != null) {
			throw this.failure;
		}
		try {
			while (this.state != State.ENDED) {
				if (this.state == State.DATA) {
					return in.hasRemaining() ? takeData(in) : null;
				}
				if (!readLine(in)) {
					return null;
				}
				takeLine(this.line.bytes(), this.line.length());
			}
			return null;
		}
		catch (HttpException ex) {
			this.failure = ex;
			throw ex;
		}
	}

	/**
	 * How much of the body is there, if it is all of it.
	 * @param in the bytes that would be decoded
	 * @return the number of bytes of the body, 0 if some are missing or it is in chunks
	 */
	int present(ByteBuffer in) {
		boolean whole = !this.chunked && this.state == State.DATA && this.remaining <= in.remaining();
		return whole ? (int) this.remaining : 0;
	}

	boolean isEnded() {
		return this.state == State.ENDED;
	}

	/**
	 * Tell that the stream has ended.
	 * @throws HttpException if the body is not complete
	 */
	void end() {
		if (this.failure == null && !isEnded()) {
			this.failure = HttpException.badMessage("The stream ended within the body");
		}
		if (this.failure != null) {
			throw this.failure;
		}
	}

	/**
	 * The fields after a chunked body. They never count as fields of the head.
	 * @return the trailers, complete at the end of the body
	 */
	HttpHeaders trailers() {
		return this.trailers;
	}

	private ByteBuffer takeData(ByteBuffer in) {
		int count = (int) Math.min(in.remaining(), this.remaining);
		ByteBuffer data = in.slice(in.position(), count);
		in.position(in.position() + count);
		taken(count);
		return data;
	}

	/**
	 * The number of bytes of the body that come next, before anything else.
	 * @return the number, 0 if something else may come
	 */
	long ahead() {
		return (this.state == State.DATA && this.failure == null) ? this.remaining : 0;
	}

	/**
	 * Tell that some of the bytes ahead were taken without this decoder.
	 * @param count how many
	 */
	void taken(int count) {
		this.remaining -= count;
		if (this.remaining == 0) {
			this.state = this.chunked ? State.DATA_END : State.ENDED;
		}
	}

	private boolean readLine(ByteBuffer in) {
		return switch (this.state) {
			case SIZE ->
				this.line.read(in, MAX_SIZE_DIGITS + this.limits.chunkExtensionBytes() - this.extensionBytes + LINE_END,
						400, "A chunk size is too long, or there are too many chunk extensions");
			case DATA_END -> this.line.read(in, LINE_END, 400, "A chunk is longer than its size");
			default -> this.line.read(in, this.limits.trailerBytes() - this.trailerBytes + LINE_END, 431,
					"The trailers are too large");
		};
	}

	private void takeLine(byte[] bytes, int length) {
		if (this.state == State.SIZE) {
			takeSize(bytes, length);
		}
		else if (this.state == State.DATA_END) {
			this.state = State.SIZE;
		}
		else if (length == 0) {
			this.state = State.ENDED;
		}
		else {
			takeTrailer(bytes, length);
		}
	}

	private void takeSize(byte[] bytes, int length) {
		long size = 0;
		int digits = 0;
		while (digits < Math.min(length, MAX_SIZE_DIGITS) && HttpChars.hex(bytes[digits] & 0xff) >= 0) {
			size = 16 * size + HttpChars.hex(bytes[digits++]);
		}
		if (digits == 0 || !isExtensions(bytes, digits, length)) {
			throw HttpException.badMessage("A chunk size is not a hexadecimal number of at most 15 digits");
		}
		this.extensionBytes += length - digits;
		if (this.extensionBytes > this.limits.chunkExtensionBytes()) {
			throw HttpException.badMessage("There are too many chunk extensions");
		}
		this.state = (size == 0) ? State.TRAILERS : State.DATA;
		begin(size);
	}

	private void begin(long size) {
		if (size > this.limits.bodyBytes() - this.total) {
			throw new HttpException(413, "The body has more than %d bytes".formatted(this.limits.bodyBytes()));
		}
		this.total += size;
		this.remaining = size;
	}

	private void takeTrailer(byte[] bytes, int length) {
		this.trailerBytes += length + LINE_END;
		if (this.trailerBytes > this.limits.trailerBytes()) {
			throw new HttpException(431, "The trailers are too large");
		}
		HttpHeadParser.parseField(bytes, length, this.trailers, this.limits.fields());
		String name = this.trailers.name(this.trailers.size() - 1);
		if (name.equalsIgnoreCase("Content-Length") || name.equalsIgnoreCase("Transfer-Encoding")
				|| name.equalsIgnoreCase("Host")) {
			throw HttpException.badMessage("The trailers have a field that belongs in the head");
		}
	}

	// Extensions of RFC 9112, 7.1.1, without the blanks that only bad senders write.
	private static boolean isExtensions(byte[] bytes, int from, int to) {
		int i = from;
		while (i >= 0 && i < to) {
			int name = i + 1;
			i = (bytes[i] == ';') ? HttpChars.end(HttpChars.TOKEN, bytes, name, to) : -1;
			if (i == name) {
				return false;
			}
			if (i >= 0 && i < to && bytes[i] == '=') {
				i = valueEnd(bytes, i + 1, to);
			}
		}
		return i == to;
	}

	private static int valueEnd(byte[] bytes, int from, int to) {
		if (from == to || bytes[from] != '"') {
			int end = HttpChars.end(HttpChars.TOKEN, bytes, from, to);
			return (end > from) ? end : -1;
		}
		for (int i = from + 1; i < to; i++) {
			if (bytes[i] == '"') {
				return i + 1;
			}
			i += (bytes[i] == '\\') ? 1 : 0;
			if (i == to || !HttpChars.is(HttpChars.TEXT, bytes[i] & 0xff)) {
				return -1;
			}
		}
		return -1;
	}

	/**
	 * What comes next.
	 */
	private enum State {

		SIZE, DATA, DATA_END, TRAILERS, ENDED

	}

}
