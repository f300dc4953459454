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

package io.namedpipe.autoconfigure;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.AdditionalAnswers;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.annotation.RunAsClient;
import io.namedpipe.listener.ContainerState;
import io.namedpipe.listener.PipeListenerEndpointRegistry;
import io.namedpipe.listener.PipeListenerStartupException;
import io.namedpipe.testing.LogCapture;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeImpersonationException;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.PipeUnsupportedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;

/**
 * Pipes whose handlers act as their callers, in a process that cannot.
 */
@Timeout(120)
class RequiredImpersonationTests {

	private static final String LACK = "the privilege is missing here";

	private final String pipe = Pipes.uniqueName();

	private PipeTransport transport;

	private ApplicationContextRunner runner(PipeException lack, Class<?> endpoint, String... settings) {
		// Each context closes its own.
		this.transport = mock(PipeTransport.class, AdditionalAnswers.delegatesTo(Pipes.systemTransport()));
		willThrow(lack).given(this.transport).verifyImpersonation();
		return PipeRunner.create()
			.withBean(PipeTransport.class, () -> this.transport)
			.withPropertyValues("namedpipe.server.pipes.p.name=" + this.pipe)
			.withPropertyValues(settings)
			.withUserConfiguration(endpoint);
	}

	private List<PipeException> lacks() {
		return List.of(new PipeImpersonationException(LACK), new PipeUnsupportedException(LACK));
	}

	@ParameterizedTest
	@ValueSource(classes = { CallerEndToEndTests.ActingEndpoint.class, ActingMethod.class,
			CallerEndToEndTests.CountingFileEndpoint.class })
	void pipeForOtherUsersDoesNotStart(Class<?> endpoint) {
		for (PipeException lack : lacks()) {
			runner(lack, endpoint, "namedpipe.server.pipes.p.allowed=authenticated")
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.isSameAs(lack)
					.satisfies((cause) -> assertThat(context.getStartupFailure())
						.hasStackTraceContaining(PipeListenerStartupException.class.getName())));
		}
	}

	@Test
	void oneHandlerOfSeveralIsEnough() {
		runner(lacks().get(0), OneOfTwo.class, "namedpipe.server.pipes.p.allowed=authenticated",
				"namedpipe.server.protocol=http")
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessage(LACK));
	}

	@Test
	void pipeStartsWithAWarningIfThatIsAccepted() {
		for (PipeException lack : lacks()) {
			try (LogCapture log = LogCapture.of(LACK)) {
				runner(lack, CallerEndToEndTests.ActingEndpoint.class, "namedpipe.server.pipes.p.allowed=authenticated",
						"namedpipe.server.pipes.p.impersonation=if-available")
					.run((context) -> {
						assertThat(context.getBean(PipeListenerEndpointRegistry.class).getContainer("p").state())
							.isEqualTo(ContainerState.RUNNING);
						assertThat(log.lines()).singleElement()
							.asString()
							.startsWith("WARN Pipe 'p': requests of other users will be refused");
					});
			}
		}
	}

	@Test
	void pipeForTheServersOwnUserNeedsNoPrivilege() {
		assertStartsWithoutACheck(CallerEndToEndTests.ActingEndpoint.class,
				"namedpipe.server.pipes.p.allowed=current-user", "true");
	}

	@Test
	void pipeWhoseHandlersDoNotActAsTheirCallersNeedsNoPrivilege() {
		assertStartsWithoutACheck(CallerEndToEndTests.WhoEndpoint.class,
				"namedpipe.server.pipes.p.allowed=authenticated", "false");
	}

	// What is sent back ends with whether the handler acts as its caller.
	private void assertStartsWithoutACheck(Class<?> endpoint, String setting, String reply) {
		try (LogCapture log = LogCapture.of(LACK)) {
			runner(lacks().get(0), endpoint, setting).run((context) -> {
				assertThat(PipeRunner.ask(context, this.pipe, "x")).endsWith(reply);
				assertThat(log.lines()).isEmpty();
			});
			then(this.transport).should(never()).verifyImpersonation();
		}
	}

	@PipeEndpoint("p")
	static class ActingMethod {

		@PipeMapping
		@RunAsClient
		String read(@Payload String text) {
			return text;
		}

	}

	@PipeEndpoint("p")
	static class OneOfTwo {

		@PipeMapping("plain")
		String plain(@Payload String text) {
			return text;
		}

		@PipeMapping("acting")
		@RunAsClient
		String acting(@Payload String text) {
			return text;
		}

	}

}
