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

package io.namedpipe.protocol.http;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The choice of a media type.
 */
class AcceptHeaderTests {

	private static final List<String> OFFERED = List.of("application/json", "text/plain", "application/octet-stream");

	@Test
	void withoutTheFieldAnythingIsAccepted() {
		assertThat(AcceptHeader.of(null).best(OFFERED)).isEqualTo("application/json");
		assertThat(AcceptHeader.of(null).best(List.of())).isNull();
	}

	@ParameterizedTest
	@CsvSource(nullValues = "none",
			value = { "*/*, application/json", "text/plain, text/plain", "TEXT/Plain, text/plain", "text/*, text/plain",
					"'text/*;q=0.5, application/octet-stream', application/octet-stream",
					"'application/json;q=0.5, text/plain;q=0.6', text/plain",
					"'text/plain, application/json', application/json", "'text/plain;q=1, */*;q=0.1', text/plain",
					"'application/*, application/json;q=0', application/octet-stream",
					"'*/*, application/json;q=0', text/plain", "'application/json;q=0.0, */*;q=0.001', text/plain",
					"application/json;charset=utf-8, application/json",
					"'text/plain;x=\"a,b;c\";q=0.3, application/json;q=0.2', text/plain",
					"'image/png, */*;q=0.1', application/json", "image/png, none", "'', none", "'*/*;q=0', none",
					"'application/json;q=0', none", "application, none", "*/json, none", "'text/', none",
					"'/plain', none", "'text/plain;q=2', none", "'text/plain;q=1.001', none", "'text/plain;q=-1', none",
					"'text/plain;q=0.1234', none", "'text/plain;q=x', none", "'text/plain;q=', none",
					"'text/plain;q=1.000', text/plain", "'text/plain; Q=0.5', text/plain", "'text/plain;q=0.', none",
					"'a b/c, text/plain', text/plain", "';;q=1,,, text/plain', text/plain",
					"'text/html, image/gif, *; q=.2, */*; q=.2', application/json" })
	void bestOfferIsChosen(String accept, String best) {
		assertThat(AcceptHeader.of(accept).best(OFFERED)).isEqualTo(best);
	}

}
