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

package io.namedpipe.protocol.streamstring;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeMessageTooLargeException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The bytes of one string.
 */
class StreamStringCodecTests {

	/** {@code I am the one true server!}, as .NET writes it. */
	static final String GREETING_BYTES = "0032" + "4900200061006d0020007400680065002000"
			+ "6f006e0065002000740072007500650020007300650072007600650072002100";

	@Test
	void greetingOfTheDocumentedExampleHasItsBytes() {
		assertThat(hex(StreamStringCodec.encode(StreamStringProtocol.DEFAULT_GREETING))).isEqualTo(GREETING_BYTES);
		assertThat(StreamStringCodec.decode(ByteBuffer.wrap(HexFormat.of().parseHex(GREETING_BYTES))))
			.isEqualTo("I am the one true server!");
	}

	@ParameterizedTest
	@CsvSource({ "'', 0000", "a, 00026100", "\u00e9, 0002e900", "\u4e16, 0002164e", "\ud83d\ude00, 00043dd800de" })
	void textsHaveTheirBytes(String text, String bytes) {
		assertThat(hex(StreamStringCodec.encode(text))).isEqualTo(bytes);
		assertThat(StreamStringCodec.decode(ByteBuffer.wrap(HexFormat.of().parseHex(bytes)))).isEqualTo(text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\ud83d", "\ude00", "\ude00\ud83d", "a\ud83db", "\u0000", "\ufeffmark", "\uffff" })
	void codeUnitsThatAreNoTextAreKept(String text) {
		assertThat(StreamStringCodec.decode(StreamStringCodec.encode(text))).isEqualTo(text);
	}

	@Test
	void longestTextFits() {
		String text = "x".repeat(32_767);
		ByteBuffer encoded = StreamStringCodec.encode(text);
		assertThat(encoded.remaining()).isEqualTo(2 + 65_534);
		assertThat(encoded.get(0)).isEqualTo((byte) 0xff);
		assertThat(encoded.get(1)).isEqualTo((byte) 0xfe);
		assertThat(StreamStringCodec.decode(encoded)).isEqualTo(text);
	}

	@ParameterizedTest
	@ValueSource(ints = { 32_768, 65_536, 98_304, 1_000_000 })
	void longerTextIsRefusedAndNotCut(int length) {
		assertThatExceptionOfType(PipeMessageTooLargeException.class)
			.isThrownBy(() -> StreamStringCodec.encode("x".repeat(length)))
			.withMessage("The text has %d UTF-16 code units and this protocol carries at most 32767", length);
	}

	@Test
	void everyPrefixIsIncompleteAndLeftAsItIs() {
		ByteBuffer whole = Pipes.frame("incomplete");
		for (int length = 0; length < whole.limit(); length++) {
			ByteBuffer prefix = whole.slice(0, length);
			assertThat(StreamStringCodec.decode(prefix)).isNull();
			assertThat(prefix.remaining()).isEqualTo(length);
		}
		assertThat(StreamStringCodec.decode(whole)).isEqualTo("incomplete");
	}

	@Test
	void stringsInARowAreTakenOneByOne() {
		ByteBuffer buffer = ByteBuffer.allocate(64)
			.put(Pipes.frame("one"))
			.put(Pipes.frame(""))
			.put(Pipes.frame("three"))
			.flip();
		assertThat(StreamStringCodec.decode(buffer)).isEqualTo("one");
		assertThat(StreamStringCodec.decode(buffer)).isEmpty();
		assertThat(StreamStringCodec.decode(buffer)).isEqualTo("three");
		assertThat(StreamStringCodec.decode(buffer)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "0001", "0003610062", "ffff", "ffff00000000", "8001" })
	void oddLengthIsRefusedAsSoonAsItIsRead(String bytes) {
		assertThatExceptionOfType(PipeProtocolException.class)
			.isThrownBy(() -> StreamStringCodec.decode(ByteBuffer.wrap(HexFormat.of().parseHex(bytes))))
			.withMessageContaining("no whole number of UTF-16 code units");
	}

	@Test
	void anyBytesAreAStringOrIncompleteOrRefused() {
		Random random = new Random(20261121);
		for (int round = 0; round < 50_000; round++) {
			byte[] bytes = new byte[random.nextInt(24)];
			random.nextBytes(bytes);
			if (bytes.length > 1 && random.nextBoolean()) {
				// A length that may well be there.
				bytes[0] = 0;
				bytes[1] = (byte) random.nextInt(24);
			}
			decodeAll(bytes);
		}
	}

	private static void decodeAll(byte[] bytes) {
		ByteBuffer buffer = ByteBuffer.wrap(bytes);
		int expected = 0;
		try {
			String text;
			while ((text = StreamStringCodec.decode(buffer)) != null) {
				expected += 2 + 2 * text.length();
				assertThat(buffer.position()).isEqualTo(expected);
				ByteBuffer again = StreamStringCodec.encode(text);
				assertThat(again).isEqualTo(ByteBuffer.wrap(bytes, expected - again.remaining(), again.remaining()));
			}
			int left = bytes.length - expected;
			assertThat(left < 2 || left < 2 + length(bytes, expected)).isTrue();
		}
		catch (PipeProtocolException ex) {
			assertThat(length(bytes, expected) % 2).isOne();
		}
		assertThat(buffer.position()).isEqualTo(expected);
	}

	private static int length(byte[] bytes, int offset) {
		return (bytes[offset] & 0xff) << 8 | bytes[offset + 1] & 0xff;
	}

	@Test
	void anyTextComesBackAsItWas() {
		Random random = new Random(20261122);
		for (int round = 0; round < 2_000; round++) {
			char[] chars = new char[random.nextInt(300)];
			for (int i = 0; i < chars.length; i++) {
				chars[i] = (char) random.nextInt(0x10000);
			}
			String text = new String(chars);
			assertThat(StreamStringCodec.decode(StreamStringCodec.encode(text))).isEqualTo(text);
		}
	}

	private static String hex(ByteBuffer buffer) {
		byte[] bytes = new byte[buffer.remaining()];
		buffer.duplicate().get(bytes);
		return HexFormat.of().formatHex(bytes);
	}

}
