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

import java.util.List;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.validation.annotation.Validated;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.autoconfigure.PipeRunner;
import io.namedpipe.handler.RawHttp.Reply;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Payloads that are validated wherever they come from, and by groups.
 */
@Timeout(120)
class ValidatedPayloadTests {

	private final ApplicationContextRunner runner = PipeRunner.create()
		.withPropertyValues("namedpipe.server.pipes.files.protocol=http")
		.withUserConfiguration(MethodValidationTests.Validation.class);

	@Test
	void groupsOfAParameterAndOfAClassAreValidated() {
		for (Class<?> endpoint : List.of(GroupOfParameter.class, GroupOfClass.class)) {
			this.runner.withUserConfiguration(endpoint)
				.run((context) -> assertRefused(
						RawHttp.post(context, "/item", "application/json", "{\"name\":\"secret\"}"),
						"{\"name\":\"must be short\"}"));
		}
	}

	@Test
	void queryAndFormAndInheritedParametersAreValidated() {
		this.runner.withUserConfiguration(Inherited.class).run((context) -> {
			String fields = "{\"name\":\"must be short\"}";
			assertRefused(RawHttp.call(context, "GET /item?name=secret"), fields);
			assertRefused(RawHttp.post(context, "/item", "application/x-www-form-urlencoded", "name=secret"), fields);
			assertRefused(RawHttp.post(context, "/item", "application/json", "{\"name\":\"secret\"}"), fields);
			assertThat(RawHttp.call(context, "GET /item?name=a").text()).isEqualTo("a");
		});
	}

	private static void assertRefused(Reply answer, String fields) {
		assertThat(answer.text()).endsWith(",\"fields\":" + fields + "}")
			.contains("\"code\":\"BAD_REQUEST\"")
			.doesNotContain("secret", "30");
		assertThat(answer.status()).isEqualTo(400);
	}

	@PipeEndpoint("files")
	static class GroupOfParameter {

		@PipeMapping("item")
		String read(@Validated(Strict.class) @Payload StrictItem item) {
			return item.name();
		}

	}

	@Validated(Strict.class)
	@PipeEndpoint("files")
	static class GroupOfClass {

		@PipeMapping("item")
		String read(@Valid @Payload StrictItem item) {
			return item.name();
		}

	}

	interface ItemApi<T> {

		String read(@Valid @Payload T item);

	}

	@PipeEndpoint("files")
	static class Inherited implements ItemApi<Item> {

		@Override
		@PipeMapping("item")
		public String read(Item item) {
			return item.name();
		}

	}

	interface Strict {

	}

	record StrictItem(@Size(max = 3, message = "must be short", groups = Strict.class) String name) {

	}

	record Item(@Size(max = 3, message = "must be short") String name) {

	}

}
