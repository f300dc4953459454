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

package io.namedpipe.autoconfigure;

import java.io.PrintWriter;
import java.io.StringWriter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.handler.annotation.Payload;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.client.PipeRequestSpec;
import io.namedpipe.client.PipeTemplate;
import io.namedpipe.handler.PipeResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The JSON of clients is that of the application.
 */
class ClientJsonTests {

	private static final Note NOTE = new Note("a.txt");

	@Test
	void jsonIsWrittenByTheMapperOfTheApplication() {
		PipeRunner.create()
			.withBean(NoteController.class)
			.withBean(JsonMapper.class,
					() -> JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build())
			.withPropertyValues("namedpipe.server.pipes.notes.protocol=http", "namedpipe.client.default-pipe=notes")
			.run((context) -> {
				PipeRequestSpec request = context.getBean(PipeTemplate.class).route("echo").payload(NOTE);
				assertThat(request.retrieve(String.class)).isEqualTo("{\"file_name\":\"a.txt\"}");
			});
	}

	@Test
	void jsonNeedsNoMapperBean() {
		PipeRunner.create()
			.withBean(NoteController.class)
			.withPropertyValues("namedpipe.server.pipes.notes.protocol=http", "namedpipe.client.default-pipe=notes")
			.run((context) -> {
				PipeRequestSpec request = context.getBean(PipeTemplate.class).route("echo").payload(NOTE);
				assertThat(request.retrieve(String.class)).isEqualTo("{\"fileName\":\"a.txt\"}");
			});
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "{\"fileName\":{\"secret\":1}}", "{\"fileName\":\"a\", secret", "\"secret\"", "[\"secret\"]" })
	void replyThatDoesNotConvertIsNotMentioned(String json) {
		PipeRunner.create()
			.withBean(NoteController.class)
			.withPropertyValues("namedpipe.server.pipes.notes.protocol=http", "namedpipe.client.default-pipe=notes")
			.run((context) -> assertThatExceptionOfType(MessageConversionException.class)
				.isThrownBy(() -> context.getBean(PipeTemplate.class).route("json").payload(json).retrieve(Note.class))
				.withMessageContaining("%d bytes of the type 'application/json'".formatted(json.length()))
				.withMessageContaining(Note.class.getName())
				.satisfies((ex) -> assertThat(ex).hasStackTraceContaining("is no")
					.extracting(ClientJsonTests::trace)
					.asString()
					.doesNotContain("secret")));
	}

	private static String trace(Throwable thrown) {
		StringWriter trace = new StringWriter();
		thrown.printStackTrace(new PrintWriter(trace));
		return trace.toString();
	}

	record Note(String fileName) {

	}

	@PipeEndpoint("notes")
	static class NoteController {

		@PipeMapping("json")
		PipeResponse json(@Payload String json) {
			return PipeResponse.of(200, json).header("Content-Type", "application/json");
		}

		@PipeMapping("echo")
		String echo(@Payload String json) {
			return json;
		}

	}

}
