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

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of the status and the headers that a handler chooses.
 */
class PipeResponseTests {

	@ParameterizedTest
	@ValueSource(ints = { 200, 599 })
	void statusOfAFinalResponseIsTaken(int status) {
		assertThat(PipeResponse.of(status, null).status()).isEqualTo(status);
	}

	@ParameterizedTest
	@ValueSource(ints = { 199, 600, 0, -200 })
	void otherStatusIsRefused(int status) {
		assertThatIllegalArgumentException().isThrownBy(() -> PipeResponse.of(status, null))
			.withMessageContaining("from 200 to 599: " + status);
	}

	@Test
	void headerReplacesTheOneOfTheSameNameInAnyCase() {
		PipeResponse response = PipeResponse.of(201, "body").header("Location", "/a").header("X-Count", "1");
		assertThat(response.header("location", "/b"))
			.isEqualTo(new PipeResponse(201, Map.of("location", "/b", "X-Count", "1"), "body"));
	}

}
