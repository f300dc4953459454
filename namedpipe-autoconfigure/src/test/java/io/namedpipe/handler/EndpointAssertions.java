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

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.namedpipe.autoconfigure.PipeRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Assertions about an application with an endpoint.
 */
final class EndpointAssertions {

	private EndpointAssertions() {
	}

	static void assertServes(ApplicationContextRunner runner, String reply) {
		runner.run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(PipeRunner.ask(context, "files", "x")).isEqualTo(reply);
		});
	}

	static void assertRefused(ApplicationContextRunner runner, String... reasons) {
		runner.run((context) -> assertThat(context).hasFailed()
			.getFailure()
			.isInstanceOf(InvalidPipeEndpointException.class)
			.satisfies((ex) -> assertThat(ex.getMessage()).contains(reasons)));
	}

}
