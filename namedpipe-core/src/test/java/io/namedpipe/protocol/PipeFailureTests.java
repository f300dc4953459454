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

package io.namedpipe.protocol;

import java.nio.file.InvalidPathException;

import org.junit.jupiter.api.Test;

import io.namedpipe.protocol.PipeFailure.Code;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of exceptions.
 */
class PipeFailureTests {

	// As the JDK says it where the locale has no bytes for a name.
	@Test
	void nameThatTheLocaleCannotSpellNamesTheLocale() {
		PipeFailure failure = PipeFailure
			.of(new InvalidPathException("gr\u00f6\u00dfe", "Malformed input or input contains unmappable characters"));
		assertThat(failure.code()).isEqualTo(Code.BAD_REQUEST);
		assertThat(failure.message()).contains(System.getProperty("sun.jnu.encoding"), "LC_ALL=C.UTF-8");
	}

	@Test
	void nameThatIsNoneOnAnySystemDoesNot() {
		assertThat(PipeFailure.of(new InvalidPathException("a", "Nul character not allowed")).message())
			.doesNotContain("LC_ALL");
	}

}
