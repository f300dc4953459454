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

package io.namedpipe.listener;

import org.junit.jupiter.api.Test;

import io.namedpipe.transport.PipeException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The messages for errors of the platform when a pipe starts.
 */
class PlatformFailuresTests {

	@Test
	void firstCauseIsNamedAndWhatToDo() {
		Error error = new NoClassDefFoundError("Could not initialize class X");
		error.initCause(new ExceptionInInitializerError(new IllegalStateException("the reason")));
		PipeException failure = PlatformFailures.translate(error);
		assertThat(failure)
			.hasMessage("A class is missing or does not load (the reason); add its module or library, and restart "
					+ "the application")
			.hasCause(error);
	}

	@Test
	void errorWithoutATextIsNamedByItsType() {
		assertThat(PlatformFailures.translate(new UnsatisfiedLinkError()))
			.hasMessageContaining("(java.lang.UnsatisfiedLinkError)");
	}

	@Test
	void memoryAndThreadsAreMissedUnderTheirOwnName() {
		assertThat(PlatformFailures.translate(new OutOfMemoryError("unable to create native thread")))
			.hasMessage("No memory or no thread is left (unable to create native thread); raise the limits "
					+ "(-Xmx, ulimit -u)");
	}

}
