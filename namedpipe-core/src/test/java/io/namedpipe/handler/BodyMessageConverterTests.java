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

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.GenericMessageConverter;
import org.springframework.messaging.support.GenericMessage;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of requests that are a text, and not a body with a type.
 */
class BodyMessageConverterTests {

	private final BodyMessageConverter converter = new BodyMessageConverter(List.of(),
			new GenericMessageConverter(new DefaultConversionService()));

	@Test
	void textIsConverted() {
		Message<String> message = new GenericMessage<>("21");
		assertThat(this.converter.fromMessage(message, Integer.class)).isEqualTo(21);
		assertThat(this.converter.fromMessage(message, Integer.class, null)).isEqualTo(21);
		assertThat(this.converter.fromMessage(message, String.class)).isEqualTo("21");
	}

	@Test
	void textCanBeReadAsAStream() throws Exception {
		Object stream = this.converter.fromMessage(new GenericMessage<>("gr\u00fcn"), InputStream.class);
		assertThat(stream).isInstanceOf(InputStream.class);
		assertThat(((InputStream) stream).readAllBytes()).isEqualTo("gr\u00fcn".getBytes(StandardCharsets.UTF_8));
	}

	@Test
	void resultIsConverted() {
		assertThat(this.converter.toMessage("text", null)).extracting(Message::getPayload).isEqualTo("text");
		assertThat(this.converter.toMessage("text", null, null)).extracting(Message::getPayload).isEqualTo("text");
	}

}
