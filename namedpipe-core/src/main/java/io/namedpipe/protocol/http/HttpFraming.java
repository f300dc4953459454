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

import java.util.List;

/**
 * How long a body is (RFC 9112, 6). Fields that two peers could read in two ways are
 * refused.
 */
final class HttpFraming {

	/** In place of a length: the body is chunked. */
	static final long CHUNKED = -1;

	/** In place of a length: the head does not frame a body. */
	static final long NONE = -2;

	/**
	 * In place of a length: the body of a response ends with the connection, as HTTP/1.0
	 * has it, or is not sent.
	 */
	static final long TO_END = -3;

	private HttpFraming() {
	}

	/**
	 * The length of the body that follows a head.
	 * @param headers the fields
	 * @param minorVersion the minor version of HTTP/1
	 * @return the length, {@link #CHUNKED} or {@link #NONE}
	 * @throws HttpException if the fields do not say it in exactly one way
	 */
	static long lengthOf(HttpHeaders headers, int minorVersion) {
		String length = headers.single("Content-Length");
		String coding = headers.single("Transfer-Encoding");
		if (coding == null) {
			return (length != null) ? number(length) : NONE;
		}
		if (length != null) {
			throw HttpException.badMessage("There are both Content-Length and Transfer-Encoding");
		}
		if (minorVersion == 0) {
			throw HttpException.badMessage("HTTP/1.0 has no Transfer-Encoding");
		}
		if (!coding.equalsIgnoreCase("chunked")) {
			throw unknownCoding(coding);
		}
		return CHUNKED;
	}

	/**
	 * Whether the connection can be used again after a message (RFC 9112, 9.3).
	 * @param headers the fields
	 * @param minorVersion the minor version of HTTP/1
	 * @return {@code true} if it can
	 */
	static boolean keepsAlive(HttpHeaders headers, int minorVersion) {
		return !headers.hasToken("Connection", "close")
				&& (minorVersion > 0 || headers.hasToken("Connection", "keep-alive"));
	}

	private static long number(String length) {
		long number = HttpChars.number(length);
		if (number < 0 || number == Long.MAX_VALUE) {
			throw HttpException.badMessage("Content-Length is not one number of at most 18 digits");
		}
		return number;
	}

	private static HttpException unknownCoding(String coding) {
		List<String> codings = HttpChars.split(coding, ',');
		if (codings.stream().allMatch(HttpChars::isToken) && !codings.stream().allMatch("chunked"::equalsIgnoreCase)) {
			return new HttpException(501, "Transfer-Encoding has another coding than chunked");
		}
		return HttpException.badMessage("Transfer-Encoding is not exactly chunked");
	}

}
