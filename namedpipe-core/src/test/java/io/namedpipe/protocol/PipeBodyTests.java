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

package io.namedpipe.protocol;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.namedpipe.transport.PipeMessageTooLargeException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The kinds of bodies, and limits for reading them.
 */
class PipeBodyTests {

	private static final String TEXT = "größe";

	private static final byte[] BYTES = TEXT.getBytes(StandardCharsets.UTF_8);

	static List<PipeBody> bodiesOfTheText() {
		return List.of(PipeBody.of(TEXT), PipeBody.of(BYTES), stream(PipeBody.UNKNOWN_LENGTH), stream(BYTES.length),
				PipeBody.of((stream) -> {
					stream.write(BYTES, 0, 3);
					for (int i = 3; i < BYTES.length; i++) {
						stream.write(BYTES[i]);
					}
				}));
	}

	private static PipeBody stream(long length) {
		return PipeBody.of(new ByteArrayInputStream(BYTES), length, "The file 'a'");
	}

	@ParameterizedTest
	@MethodSource("bodiesOfTheText")
	void bytesAreThoseOfTheContentUpToTheLimit(PipeBody body) throws Exception {
		assertThat(body.bytes(BYTES.length)).isEqualTo(BYTES);
	}

	@ParameterizedTest
	@MethodSource("bodiesOfTheText")
	void oneByteMoreThanTheLimitIsRefused(PipeBody body) {
		assertThatExceptionOfType(PipeMessageTooLargeException.class).isThrownBy(() -> body.bytes(BYTES.length - 1))
			.withMessage("%s has more than %d bytes", body.description(), BYTES.length - 1);
	}

	@ParameterizedTest
	@MethodSource("bodiesOfTheText")
	void streamHasTheContent(PipeBody body) throws Exception {
		try (InputStream stream = body.stream()) {
			assertThat(stream.readAllBytes()).isEqualTo(BYTES);
		}
	}

	@Test
	void bodyKnowsWhatItIs() {
		PipeBody text = PipeBody.of(TEXT);
		assertThat(text.text()).isEqualTo(TEXT);
		assertThat(text.isEmpty()).isFalse();
		assertThat(text.isStream()).isFalse();
		assertThat(text.writer()).isNull();
		assertThat(text.length()).isEqualTo(PipeBody.UNKNOWN_LENGTH);
		PipeBody bytes = PipeBody.of(BYTES);
		assertThat(bytes.text()).isNull();
		assertThat(bytes.length()).isEqualTo(BYTES.length);
		assertThat(stream(BYTES.length).isStream()).isTrue();
		assertThat(PipeBody.of((stream) -> {
		}).writer()).isNotNull();
	}

	@Test
	void emptyBodyHasNothing() throws Exception {
		PipeBody empty = PipeBody.empty();
		assertThat(empty.isEmpty()).isTrue();
		assertThat(empty.length()).isZero();
		assertThat(empty.bytes(0)).isEmpty();
		assertThat(empty.stream()).isEmpty();
	}

	@Test
	void streamThatSaysThatItIsTooLongIsNotRead() {
		InputStream unread = new InputStream() {

			@Override
			public int read() throws IOException {
				throw new IOException("must not be read");
			}

		};
		assertThatExceptionOfType(PipeMessageTooLargeException.class)
			.isThrownBy(() -> PipeBody.of(unread, 11, "The file").bytes(10));
	}

	@Test
	void streamIsReadNoFurtherThanOneByteBeyondTheLimit() {
		ByteArrayInputStream stream = new ByteArrayInputStream(new byte[100]);
		assertThatExceptionOfType(PipeMessageTooLargeException.class)
			.isThrownBy(() -> PipeBody.of(stream, PipeBody.UNKNOWN_LENGTH, "The file").bytes(10));
		assertThat(stream.available()).isEqualTo(89);
	}

	@Test
	void limitMayBeTheLargestNumber() throws Exception {
		assertThat(stream(PipeBody.UNKNOWN_LENGTH).bytes(Integer.MAX_VALUE)).isEqualTo(BYTES);
	}

	@Test
	void streamIsClosedOnceAndAfterItsBytesWereRead() throws Exception {
		CountedCloses stream = new CountedCloses();
		PipeBody body = PipeBody.of(stream, PipeBody.UNKNOWN_LENGTH, "The file");
		body.bytes(100);
		assertThat(stream.closes).isOne();
		body.close();
		assertThat(stream.closes).isOne();
	}

	@Test
	void writerThatFailsFailsTheStream() {
		PipeBody body = PipeBody.of((stream) -> {
			throw new IOException("disk full");
		});
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(body::stream)
			.havingCause()
			.withMessage("disk full");
	}

	@Test
	void writerMayNotFillTheMemory() {
		PipeBody body = PipeBody.of((stream) -> {
			byte[] part = new byte[1024 * 1024];
			for (int i = 0; i < 17; i++) {
				stream.write(part);
			}
		});
		assertThatExceptionOfType(PipeMessageTooLargeException.class).isThrownBy(body::stream)
			.withMessageContaining("more than 16777216 bytes");
	}

	@Test
	void descriptionIsEscaped() {
		PipeBody body = PipeBody.of(new ByteArrayInputStream(BYTES), 1, "The file 'a\n'");
		assertThat(body.description()).isEqualTo("The file 'a\\u000A'");
	}

	@Test
	void textForLogsHasNothingOfTheContent() {
		assertThat(PipeBody.of("secret")).hasToString("PipeBody[String]");
		assertThat(PipeBody.empty()).hasToString("PipeBody[nothing]");
		PipeRequest request = new PipeRequest("ro\nute", Map.of("token", "secret"), PipeBody.of("secret"));
		assertThat(request).hasToString("PipeRequest[route 'ro\\u000Aute', headers [token], PipeBody[String]]");
	}

	@Test
	void replyWithoutContentIsEmpty() throws Exception {
		assertThat(PipeReply.empty().body().isEmpty()).isTrue();
		assertThat(PipeReply.empty().headers()).isEmpty();
		assertThat(PipeReply.of(TEXT).body().text()).isEqualTo(TEXT);
		assertThat(PipeRequest.of(TEXT).body().text()).isEqualTo(TEXT);
		ByteArrayOutputStream written = new ByteArrayOutputStream();
		PipeReply.of(PipeBody.of((stream) -> stream.write(BYTES))).body().writer().writeTo(written);
		assertThat(written.toByteArray()).isEqualTo(BYTES);
	}

	private static final class CountedCloses extends FilterInputStream {

		private int closes;

		CountedCloses() {
			super(new ByteArrayInputStream(BYTES));
		}

		@Override
		public void close() throws IOException {
			this.closes++;
			super.close();
		}

	}

}
