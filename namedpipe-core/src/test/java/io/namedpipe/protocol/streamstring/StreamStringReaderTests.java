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
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.testing.Pipes;
import io.namedpipe.testing.ScriptedChannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Strings that come in pieces, or not at all.
 */
class StreamStringReaderTests {

	private static final String TEXT = "C:\\textfile.txt";

	@Test
	void readsAStringThatComesByteByByte() {
		assertThat(read(ScriptedChannel.byteByByte(Pipes.frame(TEXT)))).isEqualTo(TEXT);
	}

	@Test
	void readsAStringThatIsSplitAnywhere() {
		ByteBuffer frame = Pipes.frame(TEXT);
		for (int at = 0; at <= frame.limit(); at++) {
			assertThat(read(new ScriptedChannel(frame.slice(0, at), frame.slice(at, frame.limit() - at))))
				.isEqualTo(TEXT);
		}
	}

	@Test
	void endOfTheStreamBeforeAStringIsNoString() {
		assertThat(read(new ScriptedChannel())).isNull();
	}

	@Test
	void endOfTheStreamWithinAStringIsRefusedWhereverItIs() {
		ByteBuffer frame = Pipes.frame(TEXT);
		for (int at = 1; at < frame.limit(); at++) {
			ScriptedChannel channel = new ScriptedChannel(frame.slice(0, at));
			assertThatExceptionOfType(PipeProtocolException.class).isThrownBy(() -> read(channel))
				.withMessage("The stream ended within a string: %s",
						(at == 1) ? "half a length" : "%d of %d bytes".formatted(at - 2, frame.limit() - 2));
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 254, 255, 256, 257, 1000, 32_766, 32_767 })
	void readsStringsOfAnyLength(int length) {
		String text = "\u0416".repeat(length);
		assertThat(read(new ScriptedChannel(Pipes.frame(text)))).isEqualTo(text);
	}

	@Test
	void oddLengthIsRefusedWithoutWaitingForMore() {
		ScriptedChannel channel = new ScriptedChannel(Pipes.bytes(0xff, 0xff)) {

			private int reads;

			@Override
			public int read(ByteBuffer destination) {
				assertThat(this.reads++).as("a read beyond the length").isZero();
				return super.read(destination);
			}

		};
		assertThatExceptionOfType(PipeProtocolException.class).isThrownBy(() -> read(channel))
			.withMessageContaining("A string of 65535 bytes was announced");
	}

	@Test
	void readsSeveralStringsHoweverTheyAreCutUp() {
		Random random = new Random(20261123);
		for (int round = 0; round < 300; round++) {
			String[] texts = new String[1 + random.nextInt(4)];
			ByteBuffer all = ByteBuffer.allocate(16 * 1024);
			for (int i = 0; i < texts.length; i++) {
				texts[i] = "t".repeat(random.nextInt(1500));
				all.put(Pipes.frame(texts[i]));
			}
			StreamStringReader reader = new StreamStringReader(new ScriptedChannel(pieces(all.flip(), random)));
			for (String text : texts) {
				assertThat(reader.read()).isEqualTo(text);
			}
			assertThat(reader.read()).isNull();
		}
	}

	private static ByteBuffer[] pieces(ByteBuffer all, Random random) {
		List<ByteBuffer> pieces = new ArrayList<>();
		int at = 0;
		while (at < all.limit()) {
			int length = Math.min(all.limit() - at, 1 + random.nextInt(700));
			pieces.add(all.slice(at, length));
			at += length;
		}
		return pieces.toArray(ByteBuffer[]::new);
	}

	@Test
	void anyBytesEndInAStringOrTheEndOrARefusal() {
		Random random = new Random(20261124);
		for (int round = 0; round < 5_000; round++) {
			byte[] bytes = new byte[random.nextInt(40)];
			random.nextBytes(bytes);
			StreamStringReader reader = new StreamStringReader(
					new ScriptedChannel(pieces(ByteBuffer.wrap(bytes), random)));
			int read = 0;
			try {
				String text;
				while ((text = reader.read()) != null) {
					read += 2 + 2 * text.length();
				}
				assertThat(read).isEqualTo(bytes.length);
			}
			catch (PipeProtocolException ex) {
				assertThat(read).isLessThan(bytes.length);
			}
		}
	}

	private static String read(ScriptedChannel channel) {
		return new StreamStringReader(channel).read();
	}

}
