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

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Reads the heads of requests (RFC 9112, 3): origin form and absolute form, HTTP/1.1 and
 * 1.0.
 */
final class HttpRequestParser extends HttpHeadParser<HttpRequestHead> {

	private static final String SCHEME = "http://";

	/**
	 * IPv6: eight groups, or fewer and two colons for the others. Looking ahead for more
	 * than seven also keeps the pattern from recursing over a long text.
	 */
	private static final Pattern ADDRESS = Pattern
		.compile("\\[(?:(?:H:){7}H|(?!(?::*H\\b){8})(?:H(?::H)*)?::(?:H(?::H)*)?)]".replace("H", "[0-9A-Fa-f]{1,4}"));

	private String method = "";

	private String target = "";

	private String path = "";

	private @Nullable String query;

	private int minorVersion;

	HttpRequestParser(HttpLimits limits) {
		super(limits);
	}

	@Override
	void startLine(byte[] bytes, int length) {
		int methodEnd = HttpChars.end(HttpChars.TOKEN, bytes, 0, length);
		int targetEnd = methodEnd + 1;
		while (targetEnd < length && bytes[targetEnd] != ' ') {
			targetEnd++;
		}
		if (methodEnd == 0 || targetEnd >= length || bytes[methodEnd] != ' ') {
			throw HttpException.badMessage("The request line is not a method, a target and a version");
		}
		this.minorVersion = minorVersion(bytes, targetEnd + 1, length);
		this.method = CommonStrings.of(bytes, 0, methodEnd);
		this.target = CommonStrings.of(bytes, methodEnd + 1, targetEnd);
		if (this.method.equals("CONNECT")) {
			throw HttpException.badMessage("CONNECT is for proxies");
		}
		split(this.target.startsWith("/") ? this.target : withoutAuthority(this.target));
	}

	private void split(String target) {
		if (!HttpChars.isAll(HttpChars.URI, target) || !HttpUris.isEscaped(target)) {
			throw HttpException.badMessage("The target has a bad escape, or a character that has to be escaped");
		}
		int mark = target.indexOf('?');
		this.path = (mark < 0) ? target : target.substring(0, mark);
		this.query = (mark < 0) ? null : target.substring(mark + 1);
		// Refuse here, and not in each handler, what cannot be decoded.
		HttpUris.decode(this.path);
	}

	private static String withoutAuthority(String target) {
		if (!target.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
			throw HttpException.badMessage("The target is neither a path nor an http address");
		}
		int end = SCHEME.length();
		while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
			end++;
		}
		checkHost(target.substring(SCHEME.length(), end));
		return target.startsWith("/", end) ? target.substring(end) : "/" + target.substring(end);
	}

	@Override
	HttpRequestHead complete(HttpHeaders headers) {
		String host = headers.single("Host");
		if (host != null) {
			checkHost(host);
		}
		else if (this.minorVersion > 0) {
			throw HttpException.badMessage("There is no Host field");
		}
		long length = HttpFraming.lengthOf(headers, this.minorVersion);
		return new HttpRequestHead(this.method, this.target, this.path, this.query, this.minorVersion, headers,
				(length != HttpFraming.NONE) ? length : 0, HttpFraming.keepsAlive(headers, this.minorVersion),
				expectsContinue(headers));
	}

	private boolean expectsContinue(HttpHeaders headers) {
		String expect = headers.list("Expect");
		if (expect != null && !expect.equalsIgnoreCase("100-continue")) {
			throw new HttpException(417, "Expect is not exactly 100-continue");
		}
		// HTTP/1.0 has no interim responses (RFC 9110, 10.1.1).
		return expect != null && this.minorVersion > 0;
	}

	private static void checkHost(String host) {
		int colon = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
		String name = (colon < 0) ? host : host.substring(0, colon);
		String port = (colon < 0) ? "" : host.substring(colon);
		if (!(isName(name) || ADDRESS.matcher(name).matches()) || !isPort(port)) {
			throw HttpException.badMessage("The host is not a name or address and at most a port");
		}
	}

	private static boolean isName(String text) {
		return !text.isEmpty() && HttpChars.isAll(HttpChars.HOST, text) && HttpUris.isEscaped(text);
	}

	private static boolean isPort(String text) {
		long port = HttpChars.number(text.substring(Math.min(1, text.length())));
		return text.isEmpty() || (text.startsWith(":") && port >= 1 && port <= 65_535);
	}

}
