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

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonSetter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.autoconfigure.PipeRunner;
import io.namedpipe.handler.RawHttp.Reply;
import io.namedpipe.testing.LogCapture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Failures for JSON that does not fit, which name the fields and have no content.
 */
@Timeout(120)
class JsonErrorTests {

	private static final String SECRET = "geheim";

	private final ApplicationContextRunner runner = PipeRunner.create()
		.withPropertyValues("namedpipe.server.pipes.files.protocol=http")
		.withUserConfiguration(Endpoint.class);

	@ParameterizedTest
	@CsvSource(quoteCharacter = '!', delimiter = '|', value = {
			"/item | {\"name\":\"geheim\"} | size | is missing or has a value of another type",
			"/item | {\"size\":null} | size | is missing or has a value of another type",
			"/item | {\"size\":[\"geheim\"]} | size | is missing or has a value of another type",
			"/item | {\"size\":\"geheim\"} | size | has a value of another type",
			"/item | {\"size\":99999999999} | size | has a value of another type",
			"/item | {\"size\":1,\"time\":\"geheim\"} | time | has a value of another type",
			"/item | {\"size\":1,\"name\":{\"geheim\":1}} | name | is missing or has a value of another type",
			"/message | {\"name\":\"geheim\"} | size | is missing or has a value of another type",
			"/items | [{\"size\":1},{\"size\":\"geheim\"}] | [1].size | has a value of another type",
			"/map | {\"geheim\":{\"size\":\"x\"}} | [*].size | has a value of another type",
			"/nested | {\"items\":[{\"size\":1},{}]} | items[1].size | is missing or has a value of another type",
			"/nested | {\"array\":[{}]} | array[0].size | is missing or has a value of another type",
			"/nested | {\"numbers\":[1,\"geheim\"]} | numbers[1] | has a value of another type",
			"/nested | {\"counts\":{\"geheim\":\"x\"}} | counts[*] | has a value of another type",
			"/nested | {\"byName\":{\"geheim\":{}}} | byName[*].size | is missing or has a value of another type",
			"/open | {\"geheim\":\"x\"} | [*] | has a value of another type",
			"/short | {\"name\":\"geheim\"} | name | has a value that is refused" })
	void fieldThatDoesNotFitIsNamed(String target, String body, String field, String rule) {
		assertRefused(this.runner, target, body, field, rule);
	}

	@Test
	void fieldThatIsNotKnownIsContent() {
		assertRefused(
				this.runner.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
					.withPropertyValues("spring.jackson.deserialization.fail-on-unknown-properties=true"),
				"/item", "{\"size\":1,\"geheim\":2}", "[*]", "is not known");
	}

	private static void assertRefused(ApplicationContextRunner runner, String target, String body, String field,
			String rule) {
		runner.run((context) -> {
			try (LogCapture log = LogCapture.of("BAD_REQUEST")) {
				Reply reply = RawHttp.post(context, target, "application/json", body);
				assertThat(reply.status()).isEqualTo(400);
				assertThat(reply.text()).contains("\"fields\":{\"%s\":\"%s\"}".formatted(field, rule))
					.contains("the payload is not valid: %s %s\"".formatted(field, rule))
					.doesNotContain(SECRET);
				await().untilAsserted(() -> assertThat(log.lines())
					.anyMatch((line) -> line.contains("the payload is not valid: %s %s: ".formatted(field, rule))));
				assertThat(log.lines()).noneMatch((line) -> line.contains(SECRET));
				assertThat(log.hasStackTrace()).isFalse();
			}
		});
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '!', delimiter = '|',
			value = { "/item | [\"geheim\"]", "/item | {\"name\":", "/item | geheim", "/keys | {\"geheim\":\"x\"}" })
	void otherJsonIsRefusedAsAWhole(String target, String body) {
		this.runner.run((context) -> {
			Reply reply = RawHttp.post(context, target, "application/json", body);
			assertThat(reply.status()).isEqualTo(400);
			assertThat(reply.text()).contains("is not what the route takes").doesNotContain(SECRET, "fields");
		});
	}

	@Test
	void classThatNoJsonCanBecomeIsADefectOfTheServer() {
		this.runner.run((context) -> {
			try (LogCapture log = LogCapture.of("the handler failed")) {
				assertThat(RawHttp.post(context, "/shape", "application/json", "[{\"name\":\"geheim\"}]").status())
					.isEqualTo(500);
				await().untilAsserted(
						() -> assertThat(log.events()).extracting((event) -> event.getThrowableProxy().getMessage())
							.anyMatch((message) -> message.contains("No JSON can become " + Shape.class.getName()))
							.noneMatch((message) -> message.contains(SECRET)));
			}
		});
	}

	@PipeEndpoint("files")
	static class Endpoint {

		@PipeMapping("item")
		int item(@Payload Item item) {
			return item.size();
		}

		@PipeMapping("message")
		int message(Message<Item> message) {
			return message.getPayload().size();
		}

		@PipeMapping("items")
		int items(@Payload List<Item> items) {
			return items.size();
		}

		@PipeMapping("map")
		int map(@Payload Map<String, Item> items) {
			return items.size();
		}

		@PipeMapping("keys")
		int keys(@Payload Map<Integer, String> names) {
			return names.size();
		}

		@PipeMapping("nested")
		int nested(@Payload Nested nested) {
			return nested.hashCode();
		}

		@PipeMapping("open")
		int open(@Payload Open open) {
			return open.values.size();
		}

		@PipeMapping("short")
		String name(@Payload Short item) {
			return String.valueOf(item.name);
		}

		@PipeMapping("shape")
		int shape(@Payload List<Shape> shapes) {
			return shapes.size();
		}

	}

	record Item(@Nullable String name, int size, @Nullable Duration time) {

	}

	record Nested(@Nullable List<Item> items, Item @Nullable [] array, @Nullable Set<Integer> numbers,
			@Nullable Map<String, Integer> counts, @Nullable Map<String, Item> byName) {

	}

	static class Open {

		private final Map<String, Integer> values = new HashMap<>();

		@JsonAnySetter
		void set(String name, Integer value) {
			this.values.put(name, value);
		}

	}

	static class Short {

		private @Nullable String name;

		@JsonSetter
		void setName(String name) {
			throw new IllegalArgumentException("too long: " + name);
		}

	}

	sealed interface Shape permits Circle {

	}

	record Circle(int radius) implements Shape {

	}

}
