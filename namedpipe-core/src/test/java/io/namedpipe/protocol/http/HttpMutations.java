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
import java.util.Random;
import java.util.stream.Stream;

/**
 * Requests with something changed, from a seed.
 */
final class HttpMutations {

	private static final List<String> GOOD = List.of("GET / HTTP/1.1\r\nHost: a\r\n\r\n",
			"GET /read?name=notes.txt HTTP/1.1\r\nHost: pipe\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n\r\n",
			"POST /stat HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\nhello"
					+ "GET /next HTTP/1.1\r\nHost: a\r\n\r\n",
			"PUT /write HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n"
					+ "5;a=\"b\";c\r\nhello\r\n10\r\n0123456789abcdef\r\n0\r\nX-Sum: 1\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
			"HEAD http://pipe:80/a?b HTTP/1.1\r\nHost: pipe:80\r\nConnection: close\r\n\r\n",
			"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n",
			"GET /1 HTTP/1.1\r\nHost: a\r\n\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nX: \t y \t\r\nEmpty:\r\n\r\n");

	private static final List<String> PARTS = List.of("\r\n", "\n", "\r", "\r\n\r\n", "\0", " ", "\t", ":", ";", ",",
			"\"", "\\", "%", "%2f", "%00", "#", "\u007f", "\u0080", "\u00ff", "+", "-", "0", "5", "a", "HTTP/1.1",
			"HTTP/1.0", "HTTP/2.0", "Host: a\r\n", "Content-Length: 5\r\n", "Content-Length: 6\r\n",
			"Content-Length: 0\r\n", "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip, chunked\r\n",
			"Connection: close\r\n", "Expect: 100-continue\r\n", "X: y\r\n", " z\r\n", "0\r\n\r\n", "5\r\nhello\r\n",
			"0\r\nX: y\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "http://", "*", "[::1]", "@",
			"99999999999999999999", "ffffffffffffffff");

	private static final List<String> SEEDS = Stream
		.concat(GOOD.stream(), Stream.concat(HttpTraps.heads(), HttpTraps.bodies()).map(HttpTraps.Trap::bytes))
		.toList();

	private final Random random;

	HttpMutations(long seed) {
		this.random = new Random(seed);
	}

	static List<String> seeds() {
		return SEEDS;
	}

	byte[] next() {
		// Most mutations of what is bad already are refused for what was bad before.
		List<String> seeds = (this.random.nextInt(4) > 0) ? GOOD : SEEDS;
		StringBuilder text = new StringBuilder(any(seeds));
		for (int i = this.random.nextInt(4); i >= 0; i--) {
			mutate(text, seeds);
		}
		return HttpWire.bytes(text.toString());
	}

	private void mutate(StringBuilder text, List<String> seeds) {
		int from = this.random.nextInt(text.length() + 1);
		int to = Math.min(text.length(), from + 1 + this.random.nextInt(6));
		switch (this.random.nextInt(8)) {
			case 0 -> text.delete(from, to);
			case 1 -> text.insert(from, any(PARTS));
			case 2 -> text.replace(from, to, any(PARTS));
			case 3 -> text.insert(from, text.substring(from, to));
			case 4 -> text.insert(from, (char) this.random.nextInt(256));
			case 5 -> text.replace(from, Math.min(to, from + 1), String.valueOf((char) this.random.nextInt(256)));
			case 6 -> text.insert(lineBegin(text, from), any(PARTS));
			default -> text.append(any(seeds));
		}
	}

	private static int lineBegin(StringBuilder text, int from) {
		return text.lastIndexOf("\n", from) + 1;
	}

	int piece() {
		return 1 + this.random.nextInt(20);
	}

	private String any(List<String> texts) {
		return texts.get(this.random.nextInt(texts.size()));
	}

}
