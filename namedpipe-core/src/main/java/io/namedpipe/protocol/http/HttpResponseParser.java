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

import org.jspecify.annotations.Nullable;

/**
 * Reads the heads of responses (RFC 9112, 4), those of interim responses too.
 * <p>
 * A body that only the end of the stream would end is refused: a connection that broke
 * would look like a complete body.
 */
final class HttpResponseParser extends HttpHeadParser<HttpResponseHead> {

	private static final int PREFIX_LENGTH = "HTTP/1.1 200 ".length();

	private final int interimLimit;

	private @Nullable String requestMethod;

	private int interims;

	private int minorVersion;

	private int status;

	private String reason = "";

	HttpResponseParser(HttpLimits limits) {
		super(limits);
		this.interimLimit = limits.interimResponses();
	}

	/**
	 * Tell which request is answered next. Responses to {@code HEAD} have no body.
	 * @param method the method of the request
	 */
	void expectResponseTo(String method) {
		this.requestMethod = method;
		this.interims = 0;
	}

	@Override
	void startLine(byte[] bytes, int length) {
		if (length < PREFIX_LENGTH || bytes[8] != ' ' || bytes[12] != ' ') {
			throw HttpException.badMessage("The status line is not a version, a status and a reason");
		}
		this.minorVersion = minorVersion(bytes, 0, 8);
		this.status = (int) HttpChars.number(CommonStrings.of(bytes, 9, 12));
		if (this.status < 100 || this.status > 599) {
			throw HttpException.badMessage("The status is not a number from 100 to 599");
		}
		if (HttpChars.end(HttpChars.TEXT, bytes, PREFIX_LENGTH, length) < length) {
			throw HttpException.badMessage("The reason has a control character");
		}
		this.reason = CommonStrings.of(bytes, PREFIX_LENGTH, length);
	}

	@Override
	HttpResponseHead complete(HttpHeaders headers) {
		if (this.requestMethod == null) {
			throw HttpException.badMessage("There is a response without a request");
		}
		boolean interim = this.status < 200;
		if (interim && (++this.interims > this.interimLimit || this.status == 101)) {
			throw HttpException.badMessage("There are too many interim responses, or one that changes the protocol");
		}
		long length = HttpFraming.lengthOf(headers, this.minorVersion);
		if (interim || this.status == 204) {
			if (length != HttpFraming.NONE && length != 0) {
				throw HttpException.badMessage("A response of status %d has a body".formatted(this.status));
			}
			length = 0;
		}
		else if (this.status == 304 || this.requestMethod.equals("HEAD")) {
			length = 0;
		}
		if (length == HttpFraming.NONE) {
			throw HttpException.badMessage("The response has neither Content-Length nor chunks");
		}
		this.requestMethod = interim ? this.requestMethod : null;
		return new HttpResponseHead(this.status, this.reason, this.minorVersion, headers, length,
				HttpFraming.keepsAlive(headers, this.minorVersion));
	}

}
