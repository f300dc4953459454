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

package io.namedpipe.handler;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.support.GenericMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class BodyTextTests {

	private static final String TEXT = "h\u00e9 \u20ac \ufffd \ud83d\ude00";

	private static String read(Charset charset, byte[] bytes, int cut) throws IOException {
		InputStream stream = new SequenceInputStream(new ByteArrayInputStream(bytes, 0, cut),
				new ByteArrayInputStream(bytes, cut, bytes.length - cut));
		return BodyText.read(new GenericMessage<>("x"), stream, charset, bytes.length);
	}

	@Test
	void textIsTheSameHoweverItIsCut() throws IOException {
		byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
		for (int cut = 0; cut <= bytes.length; cut++) {
			assertThat(read(StandardCharsets.UTF_8, bytes, cut)).isEqualTo(TEXT);
		}
	}

	@Test
	void whatIsNotOfTheCharsetIsRefusedHoweverItIsCut() {
		byte[] bytes = Arrays.copyOf(TEXT.getBytes(StandardCharsets.UTF_8), 2);
		for (int i = 0; i <= bytes.length; i++) {
			int cut = i;
			assertThatExceptionOfType(MessageConversionException.class)
				.isThrownBy(() -> read(StandardCharsets.UTF_8, bytes, cut))
				.withMessageContaining("The body is not UTF-8");
		}
	}

	@Test
	void otherCharsetsAreDecoded() throws IOException {
		assertThat(read(StandardCharsets.UTF_16BE, TEXT.getBytes(StandardCharsets.UTF_16BE), 3)).isEqualTo(TEXT);
	}

}
