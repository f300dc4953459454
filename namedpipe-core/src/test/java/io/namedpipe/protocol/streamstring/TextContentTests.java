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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.transport.PipeMessageTooLargeException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * From the bytes of a file to its text.
 */
class TextContentTests {

	@ParameterizedTest
	@ValueSource(strings = { "", "ascii", "\u041f\u0440\u0438\u0432\u0435\u0442", "\u4e16\u754c", "\ud83d\ude00 emoji",
			"line\r\nline\n", "\u0000", "a\ufffdb" })
	void readsUtf8(String text) throws IOException {
		assertThat(read(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
	}

	@Test
	void readsUtf16WithAMarkAndTakesTheMarkAway() throws IOException {
		assertThat(read(HexFormat.of().parseHex("fffe1604"))).isEqualTo("\u0416");
		assertThat(read(HexFormat.of().parseHex("feff0416"))).isEqualTo("\u0416");
		assertThat(read(HexFormat.of().parseHex("fffe"))).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "ff", "80", "c328", "e28228", "f0288cbc", "eda080", "c0af", "616263ff", "fffe61",
			"fffe3dd8", "89504e470d0a1a0a" })
	void refusesWhatIsNotText(String bytes) {
		assertThatExceptionOfType(PipeProtocolException.class).isThrownBy(() -> read(HexFormat.of().parseHex(bytes)))
			.withMessage("The file 'x' is not text: neither UTF-8, nor UTF-16 with a byte order mark");
	}

	@Test
	void longestTextInThreeBytesPerCharacterIsRead() throws IOException {
		String text = "\u4e16".repeat(32_767);
		assertThat(read(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
	}

	@Test
	void moreThanAnyTextCanHaveIsRefused() {
		assertThatExceptionOfType(PipeMessageTooLargeException.class).isThrownBy(() -> read(new byte[3 * 32_767 + 1]))
			.withMessageStartingWith("The file 'x' has more than 98301 bytes");
	}

	@Test
	void endlessContentIsReadNoFurtherThanItsLimit() {
		EndlessStream endless = new EndlessStream();
		assertThatExceptionOfType(PipeMessageTooLargeException.class)
			.isThrownBy(() -> TextContent.read(endless, "The stream"));
		assertThat(endless.bytes).isEqualTo(98_302);
	}

	@Test
	void failureToReadIsPassedOn() {
		InputStream failing = new InputStream() {

			@Override
			public int read() throws IOException {
				throw new IOException("disk on fire");
			}

		};
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> TextContent.read(failing, "The stream"))
			.withMessage("disk on fire");
	}

	private static String read(byte[] bytes) throws IOException {
		return TextContent.read(new ByteArrayInputStream(bytes), "The file 'x'");
	}

	private static final class EndlessStream extends InputStream {

		private long bytes;

		@Override
		public int read() {
			this.bytes++;
			return 'x';
		}

		@Override
		public int read(byte[] target, int offset, int length) {
			int count = Math.min(length, 1000);
			Arrays.fill(target, offset, offset + count, (byte) 'x');
			this.bytes += count;
			return count;
		}

	}

}
