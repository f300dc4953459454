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

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.namedpipe.testing.LogCapture;
import io.namedpipe.testing.Pipes;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The log of unexpected errors.
 */
class SurprisesTests {

	private final String id = Pipes.uniqueName();

	private final LogCapture log = LogCapture.of("'" + this.id + "'");

	private final Surprises surprises = new Surprises(this.id);

	@AfterEach
	void close() {
		this.log.close();
	}

	@Test
	void actionThatFailsIsReportedAndGoesNoFurther() {
		this.surprises.guard(() -> {
		});
		assertThat(this.log.lines()).isEmpty();
		this.surprises.guard(() -> {
			throw new IllegalStateException("odd");
		});
		assertThat(this.log.lines())
			.containsExactly("ERROR Pipe '%s': a connection cannot be looked after".formatted(this.id));
		assertThat(this.log.events().get(0).getThrowableProxy().getMessage()).contains("odd");
	}

	@Test
	void errorOfAnActionGoesNoFurtherEither() {
		this.surprises.guard(() -> {
			throw new StackOverflowError("deep");
		});
		assertThat(this.log.lines()).hasSize(1);
	}

	@Test
	void reportsOfAMomentAreOneLine() {
		for (int i = 0; i < 100; i++) {
			this.surprises.report("it happened", new IllegalStateException("odd"));
		}
		assertThat(this.log.lines()).containsExactly("ERROR Pipe '%s': it happened".formatted(this.id));
	}

}
