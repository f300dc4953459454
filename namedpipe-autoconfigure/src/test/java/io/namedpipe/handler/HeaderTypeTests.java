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

import java.io.Reader;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.autoconfigure.PipeRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Headers and variables of routes that nothing converts are errors at start-up.
 */
@Timeout(120)
class HeaderTypeTests {

	private final ApplicationContextRunner runner = PipeRunner.create()
		.withPropertyValues("namedpipe.server.protocol=http");

	@ParameterizedTest
	@ValueSource(classes = { StreamHeader.class, StreamVariable.class })
	void typeThatNoTextBecomesIsRefused(Class<?> endpoint) {
		EndpointAssertions.assertRefused(this.runner.withUserConfiguration(endpoint), endpoint.getName(),
				"nothing turns a text into its parameter java.io.Reader reader");
	}

	@Test
	void headersThatAreNoMapAreRefused() {
		EndpointAssertions.assertRefused(this.runner.withUserConfiguration(HeadersAsText.class),
				HeadersAsText.class.getName(), "its parameter java.lang.String headers has @Headers and is no Map");
	}

	@Test
	void typesThatTextsBecomeAreTaken() {
		this.runner.withUserConfiguration(Texts.class).run((context) -> {
			assertThat(context).hasNotFailed();
			String id = "6b5c7a2e-0c3b-4ecb-b37d-0a9d6a5a1f11";
			assertThat(RawHttp.call(context, "GET /read/7\nX-Id: " + id).text())
				.isEqualTo("7 %s Optional.empty true".formatted(id));
		});
	}

	@PipeEndpoint("files")
	static class StreamHeader {

		@PipeMapping("read")
		String read(@Header("x-name") Reader reader) {
			return "x";
		}

	}

	@PipeEndpoint("files")
	static class StreamVariable {

		@PipeMapping("read/{name}")
		String read(@DestinationVariable("name") Reader reader) {
			return "x";
		}

	}

	@PipeEndpoint("files")
	static class HeadersAsText {

		@PipeMapping("read")
		String read(@Headers String headers) {
			return "x";
		}

	}

	@PipeEndpoint("files")
	static class Texts {

		@PipeMapping("read/{number}")
		String read(@DestinationVariable("number") int number, @Header("x-id") UUID id,
				@Header("x-missing") Optional<Integer> missing, @Headers Map<String, Object> headers) {
			return "%d %s %s %s".formatted(number, id, missing, headers.containsKey("x-id"));
		}

	}

}
