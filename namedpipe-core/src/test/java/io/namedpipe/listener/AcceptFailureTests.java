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

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A transport that fails to accept, as one without free file descriptors does.
 */
@Timeout(120)
class AcceptFailureTests {

	@ParameterizedTest
	@ValueSource(strings = { "pipe", "unforeseen" })
	void containerGoesOnAcceptingAfterFailures(String kind) throws Exception {
		Map<String, RuntimeException> failures = Map.of("pipe", new PipeException("Too many open files"), "unforeseen",
				new IllegalStateException("Too many surprises"));
		FailingTransport transport = new FailingTransport(failures.get(kind), 6);
		try (ContainerFixture fixture = new ContainerFixture(transport)) {
			fixture.start(ContainerFixture.ECHO);
			for (int i = 0; i < 10; i++) {
				assertThat(fixture.ask("hello")).isEqualTo("echo hello");
			}
			// The threads that tell of it may be slower than those that serve meanwhile.
			await().untilAsserted(() -> assertThat(fixture.acceptFailures).hasSize(6));
			assertThat(fixture.acceptFailures)
				.allSatisfy((failure) -> assertThat(failure).hasMessageContaining("Too many"));
			await().until(() -> !fixture.log.clientLines().isEmpty());
			assertThat(fixture.log.clientLines()).singleElement().asString().startsWith("ERROR").contains("Too many");
		}
	}

	@Test
	void containerThatCannotAcceptCanBeStopped() throws Exception {
		FailingTransport transport = new FailingTransport(new PipeException("Too many open files"), Integer.MAX_VALUE);
		try (ContainerFixture fixture = new ContainerFixture(transport)) {
			PipeListenerContainer container = fixture.start(ContainerFixture.ECHO);
			ContainerFixture.stop(container);
			assertThat(container.state()).isEqualTo(ContainerState.STOPPED);
		}
	}

	private static final class FailingTransport extends WrappedTransport {

		private final RuntimeException failure;

		private final AtomicInteger failuresLeft;

		FailingTransport(RuntimeException failure, int failures) {
			this.failure = failure;
			this.failuresLeft = new AtomicInteger(failures);
		}

		@Override
		PipeChannel accept(PipeServerChannel bound) {
			if (bound.isOpen() && this.failuresLeft.getAndDecrement() > 0) {
				throw this.failure;
			}
			return bound.accept();
		}

	}

}
