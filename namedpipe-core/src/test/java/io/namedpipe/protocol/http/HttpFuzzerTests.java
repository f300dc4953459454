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

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * What fuzzing has found so far, one input in each line of the corpus.
 */
class HttpFuzzerTests {

	@Test
	void corpusIsReadWithoutSurprise() throws IOException {
		List<String> lines;
		try (InputStream corpus = HttpFuzzerTests.class.getResourceAsStream("fuzz-corpus.txt")) {
			assertThat(corpus).isNotNull();
			lines = new String(corpus.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
		}
		assertThat(lines).hasSizeGreaterThan(100)
			.allSatisfy((line) -> assertThatCode(() -> HttpFuzzer.fuzzerTestOneInput(Base64.getDecoder().decode(line)))
				.doesNotThrowAnyException());
	}

}
