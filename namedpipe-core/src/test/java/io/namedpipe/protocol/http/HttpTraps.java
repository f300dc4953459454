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

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Requests that must be refused, by name. Most of them have been used to smuggle requests
 * past a server or proxy.
 */
final class HttpTraps {

	private static final List<Trap> HEADS = new ArrayList<>();

	private static final List<Trap> BODIES = new ArrayList<>();

	static {
		requestLines();
		targetsAndHosts();
		fields();
		framing();
		chunks();
	}

	private HttpTraps() {
	}

	static Stream<Trap> heads() {
		return HEADS.stream();
	}

	static Stream<Trap> headsThatAreComplete() {
		return heads().filter((trap) -> !trap.name().startsWith("end of the stream"));
	}

	static Stream<Trap> bodies() {
		return BODIES.stream();
	}

	private static void requestLines() {
		line("no version", "GET /", 400);
		line("HTTP/0.9 without a version, with a blank", "GET / ", 400);
		line("two spaces before the target", "GET  / HTTP/1.1", 400);
		line("two spaces before the version", "GET /  HTTP/1.1", 400);
		line("space at the end", "GET / HTTP/1.1 ", 400);
		line("space at the beginning", " GET / HTTP/1.1", 400);
		line("tab instead of a space", "GET\t/ HTTP/1.1", 400);
		line("tab before the version", "GET /\tHTTP/1.1", 400);
		line("form feed instead of a space", "GET\f/ HTTP/1.1", 400);
		line("version in lower case", "GET / http/1.1", 400);
		line("version with a letter in lower case", "GET / HTTp/1.1", 400);
		line("version of three numbers", "GET / HTTP/1.1.1", 400);
		line("version with two digits", "GET / HTTP/1.10", 400);
		line("version without a minor one", "GET / HTTP/1", 400);
		line("version with a comma", "GET / HTTP/1,1", 400);
		line("version of letters", "GET / HTTP/x.y", 400);
		line("version of another protocol", "GET / ICAP/1.1", 400);
		line("version 0.9", "GET / HTTP/0.9", 505);
		line("version 1.2", "GET / HTTP/1.2", 505);
		line("version 2.0", "GET / HTTP/2.0", 505);
		line("version 9.9", "GET / HTTP/9.9", 505);
		head("preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);
		head("handshake of TLS", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\n", 400);
		line("no method", "/ HTTP/1.1", 400);
		line("method with a colon", "GET: / HTTP/1.1", 400);
		line("method with NUL", "G\0T / HTTP/1.1", 400);
		line("method with a letter that is not ASCII", "G\u00caT / HTTP/1.1", 400);
		line("field instead of a request line", "Host: a", 400);
		head("bare LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400);
		head("bare CR after the request line", "GET / HTTP/1.1\rHost: a\r\n\r\n", 400);
		head("CR CR LF after the request line", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", 400);
		head("bare LF before the request line", "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400);
		head("bare CR before the request line", "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400);
		head("blank line that is not empty before the request line", " \r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400);
		head("byte order mark", "\u00ef\u00bb\u00bfGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400);
		head("NUL alone", "\0", 400);
		head("end of the stream in the request line", "GET /evil HTTP/1.1", 400);
		head("end of the stream after CR", "GET /evil HTTP/1.1\r", 400);
		head("end of the stream in a field", "GET /evil HTTP/1.1\r\nHost: a", 400);
		head("end of the stream before the empty line", "GET /evil HTTP/1.1\r\nHost: a\r\n", 400);
		head("end of the stream within the empty line", "GET /evil HTTP/1.1\r\nHost: a\r\n\r", 400);
	}

	private static void targetsAndHosts() {
		line("authority form", "GET pipe:80 HTTP/1.1", 400);
		line("CONNECT", "CONNECT pipe:80 HTTP/1.1", 400);
		line("CONNECT with a path", "CONNECT /evil HTTP/1.1", 400);
		line("asterisk form", "OPTIONS * HTTP/1.1", 400);
		line("path without a slash", "GET evil HTTP/1.1", 400);
		line("query alone", "GET ?evil HTTP/1.1", 400);
		line("another scheme", "GET https://pipe/ HTTP/1.1", 400);
		line("no host in the absolute form", "GET http:///evil HTTP/1.1", 400);
		line("user in the absolute form", "GET http://evil@pipe/ HTTP/1.1", 400);
		line("bad port in the absolute form", "GET http://pipe:8x/ HTTP/1.1", 400);
		line("fragment", "GET /evil#part HTTP/1.1", 400);
		for (String c : new String[] { "\0", "\u0001", "\t", "\u000b", "\u007f", "\u0080", "\u00e9", "\u00ff", "\"",
				"<", ">", "\\", "^", "`", "{", "|", "}", "[", "]", "\r" }) {
			line("target with U+%04X".formatted((int) c.charAt(0)), "GET /ev" + c + "il HTTP/1.1", 400);
			line("query with U+%04X".formatted((int) c.charAt(0)), "GET /?ev" + c + "il HTTP/1.1", 400);
		}
		for (String escape : new String[] { "%", "%4", "%4g", "%g4", "%%41", "%u0041", "% 1", "%+1", "%00" }) {
			line("target with the escape " + escape, "GET /" + escape + " HTTP/1.1", 400);
			line("query with the escape " + escape, "GET /?" + escape + " HTTP/1.1", 400);
		}
		line("escapes that are not UTF-8", "GET /%ff HTTP/1.1", 400);
		line("escapes that are overlong UTF-8", "GET /%c0%af HTTP/1.1", 400);
		line("escapes that are a surrogate", "GET /%ed%a0%80 HTTP/1.1", 400);
		head("no Host", "GET / HTTP/1.1\r\nX: y\r\n\r\n", 400);
		head("no Host with the absolute form", "GET http://pipe/ HTTP/1.1\r\n\r\n", 400);
		field("Host twice", "Host: a", 400);
		field("Host twice in another case", "hOST: b", 400);
		head("Host twice in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400);
		for (String host : new String[] { "", "evil evil", "a,b", "a/b", "a?b", "evil@a", "a:", "a:0", "a:65536", "a:b",
				"a:-1", "a:123456", ":80", "a:80:80", "[::1", "::1", "[]", "[evil]", "[..10.1e:]", "[1:2:3:4:5:6:7]",
				"[1:2:3:4:5:6:7:8:9]", "[1::2:3:4:5:6:7:8]", "[:]", "[:::]", "[1::2::3]", "[:1]", "[1:]", "[12345::]",
				"[::1%25eth0]", "[::1]x", "[::1]:x", "[v1.evil:x]", "a\u00e9", "a%", "a%00", "http://a", "a#b", "a\\b",
				"<a>" }) {
			head("Host is '" + host + "'", "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 400);
		}
	}

	private static void fields() {
		head("Host is an endless address", "GET / HTTP/1.1\r\nHost: [" + "1:".repeat(4_000) + ":]\r\n\r\n", 400);
		field("bare LF after a field", "X: y\nContent-Length: 5", 400);
		field("bare CR after a field", "X: y\rContent-Length: 5", 400);
		field("bare CR in a value", "X: y\rz", 400);
		field("CR CR LF", "X: y\r", 400);
		field("folded line", "X: y\r\n z", 400);
		field("folded line with a tab", "X: y\r\n\tz", 400);
		field("folded line that is a length", "X: y\r\n Content-Length: 5", 400);
		field("blank line that is not empty", " ", 400);
		field("space before the colon", "X : y", 400);
		field("tab before the colon", "X\t: y", 400);
		field("space before the colon of Content-Length", "Content-Length : 5", 400);
		field("space before the colon of Transfer-Encoding", "Transfer-Encoding : chunked", 400);
		field("tab before the colon of Transfer-Encoding", "Transfer-Encoding\t:chunked", 400);
		field("empty name", ": y", 400);
		field("colon alone", ":", 400);
		field("no colon", "X", 400);
		field("no colon, with blanks", "X y", 400);
		for (String c : new String[] { "\0", "\u0001", "\u0008", "\u000b", "\f", "\u001b", "\u001f", "\u007f" }) {
			field("value with U+%04X".formatted((int) c.charAt(0)), "X: ev" + c + "il", 400);
			field("value that begins with U+%04X".formatted((int) c.charAt(0)), "X:" + c + "evil", 400);
			field("Transfer-Encoding with U+%04X".formatted((int) c.charAt(0)), "Transfer-Encoding:" + c + "chunked",
					400);
		}
		for (String c : new String[] { "\0", "\u0001", "\u007f", "\u0080", "\u00e9", "\"", "(", ")", ",", "/", ";", "<",
				"=", ">", "?", "@", "[", "\\", "]", "{", "}" }) {
			field("name with U+%04X".formatted((int) c.charAt(0)), "X" + c + "Y: z", 400);
		}
		head("folded line before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400);
		head("first field begins with a tab", "GET / HTTP/1.1\r\n\tHost: a\r\n\r\n", 400);
		head("bare LF as the empty line", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400);
		head("bare CR as the empty line", "GET / HTTP/1.1\r\nHost: a\r\n\rX: y\r\n\r\n", 400);
		field("Expect unknown", "Expect: 200-ok", 417);
		field("Expect empty", "Expect:", 417);
		field("Expect of two", "Expect: 100-continue, 100-continue", 417);
		field("Expect with a parameter", "Expect: 100-continue;x=y", 417);
		field("Expect twice", "Expect: 100-continue\r\nExpect: 100-continue", 417);
	}

	private static void framing() {
		field("two different lengths", "Content-Length: 5\r\nContent-Length: 6", 400);
		field("equal lengths twice", "Content-Length: 5\r\nContent-Length: 5", 400);
		field("lengths twice in another case", "Content-Length: 5\r\ncontent-length: 5", 400);
		for (String length : new String[] { "", "+3", "-1", "-0", "3 4", "3, 3", "3,3", "3,", ",3", "0x3", "a", "3;",
				"3.0", "1e1", "\"3\"", "\u00b2", "9223372036854775807", "9223372036854775808", "18446744073709551619",
				"4294967299123456789", "99999999999999999999", "0000000000000000003" }) {
			field("Content-Length is '" + length + "'", "Content-Length: " + length, 400);
		}
		field("length and chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked", 400);
		field("chunks and length", "Transfer-Encoding: chunked\r\nContent-Length: 5", 400);
		field("chunks and length 0", "Transfer-Encoding: chunked\r\nContent-Length: 0", 400);
		field("length and another coding", "Content-Length: 5\r\nTransfer-Encoding: identity", 400);
		field("chunks twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 400);
		field("chunks and another coding in two fields", "Transfer-Encoding: chunked\r\nTransfer-Encoding: x", 400);
		for (String coding : new String[] { "", "chunked, chunked", "chunked,", ", chunked", "chunked;", "chunked;q=1",
				"\"chunked\"", "chun ked", "chunked chunked", "{chunked}", "chunked\u00a0", "[chunked]" }) {
			field("Transfer-Encoding is '" + coding + "'", "Transfer-Encoding: " + coding, 400);
		}
		for (String coding : new String[] { "gzip", "gzip, chunked", "chunked, gzip", "identity", "identity, chunked",
				"chunked, identity", "xchunked", "chunkedx", "x", "cow" }) {
			field("Transfer-Encoding is '" + coding + "'", "Transfer-Encoding: " + coding, 501);
		}
		head("Transfer-Encoding in HTTP/1.0",
				"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
	}

	private static void chunks() {
		for (String size : new String[] { "", "+5", "-5", " 5", "5 ", "5\t", "0x5", "5,", "g", "5h", "5_", "05.",
				"\u00b5", "ffffffffffffffff", "fffffffffffffffff", "10000000000000005", "0000000000000005", "5 5", "5;",
				"5; a", "5 ;a", "5;a ", "5;=b", "5;a=", "5;a=\"b", "5;a=\"b\"c", "5;a=b c", "5;a;", "5;a=b;",
				"5;a=\"\\\"", "5,a", "5;a=\0", "5;a=\"\0\"", "5;a=\"\\\0\"", "5;a\rb", "5\r", "5;\rb" }) {
			chunk("chunk size is '" + size + "'", size + "\r\nhello\r\n0\r\n\r\n", 400);
		}
		chunk("bare LF after the chunk size", "5\nhello\r\n0\r\n\r\n", 400);
		chunk("bare CR after the chunk size", "5\rhello\r\n0\r\n\r\n", 400);
		chunk("bare LF in an extension", "5;\nhello\r\n0\r\n\r\n", 400);
		chunk("bare LF after an extension", "5;a=b\nhello\r\n0\r\n\r\n", 400);
		chunk("no line end after the data", "5\r\nhello0\r\n\r\n", 400);
		chunk("bare LF after the data", "5\r\nhello\n0\r\n\r\n", 400);
		chunk("bare CR after the data", "5\r\nhello\r0\r\n\r\n", 400);
		chunk("two bytes instead of a line end", "5\r\nhelloXX0\r\n\r\n", 400);
		chunk("blank before the line end", "5\r\nhello \r\n0\r\n\r\n", 400);
		chunk("chunk longer than its size", "3\r\nhello\r\n0\r\n\r\n", 400);
		chunk("bare LF after the last chunk", "0\n\r\n", 400);
		chunk("bare LF instead of the last empty line", "0\r\n\n", 400);
		chunk("bare CR instead of the last empty line", "0\r\n\rX\r\n", 400);
		chunk("empty line within chunks", "5\r\nhello\r\n\r\n0\r\n\r\n", 400);
		chunk("end of the stream in the size", "5", 400);
		chunk("end of the stream in the data", "5\r\nhel", 400);
		chunk("end of the stream after the data", "5\r\nhello", 400);
		chunk("end of the stream between chunks", "5\r\nhello\r\n", 400);
		chunk("end of the stream after the last chunk", "0\r\n", 400);
		chunk("end of the stream within the last line end", "0\r\n\r", 400);
		chunk("end of the stream in the trailers", "0\r\nX: y\r\n", 400);
		chunk("folded trailer", "0\r\nX: y\r\n z\r\n\r\n", 400);
		chunk("trailer with a space before the colon", "0\r\nX : y\r\n\r\n", 400);
		chunk("trailer with NUL", "0\r\nX: \0\r\n\r\n", 400);
		chunk("trailer with a bare LF", "0\r\nX: y\n\r\n", 400);
		chunk("trailer without a colon", "0\r\nGET / HTTP/1.1\r\n\r\n", 400);
		chunk("length as a trailer", "0\r\nContent-Length: 5\r\n\r\n", 400);
		chunk("coding as a trailer", "0\r\ntransfer-encoding: chunked\r\n\r\n", 400);
		chunk("Host as a trailer", "0\r\nHost: a\r\n\r\n", 400);
		BODIES.add(new Trap("end of the stream in a body with a length",
				"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nhello", 400));
		BODIES.add(new Trap("end of the stream instead of a body with a length",
				"POST / HTTP/1.0\r\nContent-Length: 1\r\n\r\n", 400));
	}

	private static void line(String name, String line, int status) {
		head(name, line + "\r\nHost: a\r\n\r\n", status);
	}

	private static void field(String name, String field, int status) {
		head(name, "POST /evil HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n", status);
	}

	private static void head(String name, String bytes, int status) {
		HEADS.add(new Trap(name, bytes, status));
	}

	private static void chunk(String name, String body, int status) {
		BODIES.add(new Trap(name, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body, status));
	}

	/**
	 * What a client sends before it ends the stream.
	 *
	 * @param name what is wrong with it
	 * @param bytes the bytes, one in each character
	 * @param status the status of the answer
	 */
	record Trap(String name, String bytes, int status) {

		@Override
		public String toString() {
			return this.name;
		}

	}

}
