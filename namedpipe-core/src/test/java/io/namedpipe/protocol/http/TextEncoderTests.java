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
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TextEncoderTests {

	private final TextEncoder encoder = new TextEncoder();

	@Test
	void encodesAsTheJdkDoes() {
		Random random = new Random(17);
		for (int i = 0; i < 2_000; i++) {
			assertEncoded(text(random, random.nextInt((i % 10 == 0) ? 10_000 : 1_500)));
		}
	}

	@Test
	void pairsOfSurrogatesAreNotCut() {
		for (int length = 500; length < 530; length++) {
			assertEncoded("x".repeat(length) + "\ud83d\ude00" + "y");
			assertEncoded("x".repeat(length) + "\ud83d");
			assertEncoded("x".repeat(length) + "\ude00\ud83dx");
		}
	}

	@Test
	void anyLengthIsEncoded() {
		for (int length : new int[] { 0, 1, 511, 512, 513, 8_191, 8_192, 8_193, 100_000 }) {
			assertEncoded("a".repeat(length));
			assertEncoded("\u20ac".repeat(length));
			assertEncoded("");
		}
	}

	private static String text(Random random, int length) {
		// ASCII alone, Latin 1, everything with halves of pairs.
		int range = new int[] { 0x80, 0x100, 0x1_0000 }[random.nextInt(3)];
		StringBuilder text = new StringBuilder();
		random.ints(length, 0, range).forEach((c) -> text.append((char) c));
		return text.toString();
	}

	private void assertEncoded(String text) {
		ByteBuffer encoded = this.encoder.encode(text);
		byte[] bytes = new byte[encoded.remaining()];
		encoded.get(bytes);
		assertThat(bytes).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
	}

}
