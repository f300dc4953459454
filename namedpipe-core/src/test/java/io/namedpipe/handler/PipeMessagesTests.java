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
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.util.MimeTypeUtils;

import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.testing.Sessions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of messages of requests, and of the text that they show.
 */
class PipeMessagesTests {

	private static Message<?> message(PipeBody body) {
		return PipeMessages.toMessage(Sessions.connection(new ScriptedChannel())
			.begin(new PipeRequest("list", Map.of("x-colour", "red"), body), new NoResponder()));
	}

	@Test
	void messageHasTheHeadersOfItsRequestAndOwnOnes() {
		Message<?> message = message(PipeBody.of("text"));
		assertThat(message.getPayload()).isEqualTo("text");
		assertThat(new HashMap<>(message.getHeaders()))
			.isEqualTo(Map.of("x-colour", "red", "pipeId", "test", "pipeRoute", "list"));
		assertThat(new HashMap<>(PipeMessages.with(message, "other", MimeTypeUtils.TEXT_PLAIN).getHeaders()))
			.isEqualTo(Map.of("x-colour", "red", "pipeId", "test", "pipeRoute", "list", "contentType",
					MimeTypeUtils.TEXT_PLAIN));
		assertThat(PipeMessages.with(message, "other", null).getHeaders())
			.doesNotContainKey(MessageHeaders.CONTENT_TYPE);
	}

	static Stream<Arguments> bodies() {
		return Stream.of(Arguments.of(PipeBody.of("secret"), "a request (6 characters)"),
				Arguments.of(PipeBody.of("secret".getBytes(StandardCharsets.UTF_8)), "a request (6 bytes)"),
				Arguments.of(PipeBody.of(new byte[0]), "a request (0 bytes)"),
				Arguments.of(PipeBody.of(new ByteArrayInputStream(new byte[9]), 9, "it"), "a request (9 bytes)"),
				Arguments.of(PipeBody.of(new ByteArrayInputStream(new byte[9]), PipeBody.UNKNOWN_LENGTH, "it"),
						"a request"));
	}

	@ParameterizedTest
	@MethodSource("bodies")
	void messageSaysTheLengthOfItsContentAndNoMore(PipeBody body, String text) {
		Message<?> message = message(body);
		assertThat(message).hasToString(text);
		assertThat(PipeMessages.with(message, "converted secret", null)).hasToString(text);
	}

	@Test
	void messageOfAnotherKindSaysNothingEither() {
		assertThat(PipeMessages.with(new GenericMessage<>("secret"), "secret", null)).hasToString("a request");
	}

	private static final class NoResponder implements PipeExchange.Responder {

		@Override
		public void reply(PipeReply reply) {
		}

		@Override
		public void fail(PipeFailure failure) {
		}

	}

}
