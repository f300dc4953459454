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

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.client.PipeOperations;
import io.namedpipe.test.InMemoryPipes;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.PipeUnsupportedException;
import io.namedpipe.transport.memory.MemoryPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link InMemoryPipes} in applications with Spring Boot.
 */
class InMemoryPipesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(NamedPipeAutoConfiguration.class,
				NamedPipeServerAutoConfiguration.class, NamedPipeClientAutoConfiguration.class))
		.withUserConfiguration(InMemoryPipes.class, EchoController.class)
		.withPropertyValues("namedpipe.client.default-pipe=echo");

	@Test
	void autoConfiguredTransportBacksOff() {
		this.runner.run((context) -> {
			assertThat(context).getBean(PipeTransport.class).isInstanceOf(MemoryPipeTransport.class);
			assertThat(context.getBean(PipeOperations.class).requestFile("x")).isEqualTo("echo x");
		});
	}

	@Test
	void transportOfTheApplicationIsReplacedForServersAndClients() {
		this.runner.withUserConfiguration(OwnTransport.class)
			.run((context) -> assertThat(context.getBean(PipeOperations.class).requestFile("x")).isEqualTo("echo x"));
	}

	@Test
	void settingThatNeedsAnOperatingSystemIsAnErrorUnlessOverridden() {
		ApplicationContextRunner restricted = this.runner
			.withPropertyValues("namedpipe.server.pipes.echo.allowed=authenticated");
		restricted.run((context) -> assertThat(context).getFailure()
			.hasRootCauseInstanceOf(PipeUnsupportedException.class)
			.hasStackTraceContaining("The 'memory' transport has no access rules for other users"));
		restricted.withPropertyValues("namedpipe.server.pipes.echo.allowed=current-user")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnTransport {

		@Bean
		PipeTransport transport() {
			throw new IllegalStateException("The test must not create it");
		}

	}

	@PipeEndpoint("echo")
	static class EchoController {

		@PipeMapping
		String echo(@Payload String text) {
			return "echo " + text;
		}

	}

}
