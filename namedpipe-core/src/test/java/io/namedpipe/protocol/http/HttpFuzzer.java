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
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The entry for coverage-guided fuzzing: {@code namedpipe-core/fuzz} runs it with Jazzer,
 * {@link HttpFuzzerTests} runs it with what was found so far.
 */
public final class HttpFuzzer {

	private static final List<String> MEANINGS = List.of("What was escaped is not UTF-8",
			"Expect is not exactly 100-continue");

	private HttpFuzzer() {
	}

	/**
	 * Try one input: a byte that chooses what is tried, a byte for the length of the
	 * pieces, and what is read.
	 * @param input the input
	 */
	public static void fuzzerTestOneInput(byte[] input) {
		if (input.length > 2) {
			byte[] bytes = Arrays.copyOfRange(input, 2, input.length);
			int piece = 1 + (input[1] & 0x3f);
			switch (input[0] & 3) {
				case 0 -> requests(bytes, piece);
				case 1 -> responses(bytes, piece, ((input[1] & 0x40) != 0) ? "HEAD" : "GET");
				case 2 -> written(new String(bytes, StandardCharsets.ISO_8859_1).split("\u0001", 6));
				default -> fields(new String(bytes, StandardCharsets.ISO_8859_1));
			}
		}
	}

	private static void requests(byte[] bytes, int piece) {
		HttpWire wire = HttpWire.uncut(bytes);
		same(wire.toString(), HttpWire.inPieces(bytes, piece).toString());
		List<String> ours = wire.messages()
			.stream()
			.filter((message) -> message.complete)
			.map(JettyWire::text)
			.toList();
		List<String> jettys = JettyWire.requests(bytes);
		same(ours, jettys.subList(0, Math.min(jettys.size(), ours.size())));
	}

	private static void responses(byte[] bytes, int piece, String method) {
		same(HttpWire.uncutResponse(method, bytes).toString(),
				HttpWire.responseInPieces(method, bytes, piece).toString());
	}

	/**
	 * What the encoder takes must be read as it was given.
	 * @param parts method or reason, target, name, value, body
	 */
	private static void written(String[] parts) {
		if (parts.length < 5) {
			return;
		}
		HttpEncoder encoder = new HttpEncoder();
		HttpHeaders headers = new HttpHeaders().add("Host", "pipe").add(parts[2], parts[3]);
		try {
			encoder.request(parts[0], parts[1], headers, HttpFraming.CHUNKED);
			encoder.body(ByteBuffer.wrap(HttpWire.bytes(parts[4])));
			encoder.end();
		}
		catch (IllegalArgumentException ex) {
			return;
		}
		ByteBuffer taken = encoder.take();
		HttpWire wire = HttpWire.uncut(Arrays.copyOf(taken.array(), taken.limit()));
		if (wire.failure() != null) {
			// The encoder knows the grammar, the parser also some of the meanings.
			same(true, MEANINGS.contains(wire.failure().getMessage()));
			return;
		}
		same(List.of(parts[0], parts[1], parts[2], trim(parts[3]), parts[4]),
				List.of(wire.request().method(), wire.request().target(), wire.request().headers().name(1),
						wire.request().headers().value(1), wire.message1().body.toString()));
	}

	private static String trim(String text) {
		return text.replaceAll("^[ \t]+|[ \t]+\\z", "");
	}

	private static void fields(String text) {
		EntityTag.list(text).forEach((tag) -> same(List.of(tag), EntityTag.list(tag.toString())));
		AcceptHeader.of(text).best(List.of("application/json", "text/plain"));
		HttpDates.parse(text);
		try {
			ByteRange range = ByteRange.requested(text, 1_000);
			if (range != null) {
				same("bytes %d-%d/1000".formatted(range.first(), range.last()), range.contentRange());
				same(true, range.first() >= 0 && range.count() > 0 && range.last() < 1_000);
			}
			HttpUris.decodeForm(text, 100);
			HttpUris.decode(text);
		}
		catch (HttpException ex) {
			same(true, ex.status() == 400 || ex.status() == 416);
		}
	}

	private static void same(Object expected, Object actual) {
		if (!expected.equals(actual)) {
			throw new IllegalStateException("Expected\n" + expected + "\nand there is\n" + actual);
		}
	}

}
