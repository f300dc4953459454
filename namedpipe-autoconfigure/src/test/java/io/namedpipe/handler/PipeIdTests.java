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

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.autoconfigure.PipeRunner;
import io.namedpipe.client.PipeTemplateBuilder;
import io.namedpipe.listener.PipeListenerEndpointRegistry;
import io.namedpipe.testing.LogCapture;
import io.namedpipe.transport.PipeAddress;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The ids that endpoints name, and those that are configured.
 */
@Timeout(120)
class PipeIdTests {

	private final ApplicationContextRunner runner = PipeRunner.create();

	@Test
	void idThatIsNotConfiguredIsRefused() {
		EndpointAssertions.assertRefused(
				this.runner.withUserConfiguration(Named.class)
					.withPropertyValues("namedpipe.server.pipes.file.name=x", "namedpipe.server.pipes.reports.name=y"),
				"no pipe 'files'; configured: [file, reports]", Named.class.getName());
	}

	@Test
	void placeholderThatNothingResolvesIsRefused() {
		EndpointAssertions.assertRefused(
				this.runner.withConfiguration(AutoConfigurations.of(PropertyPlaceholderAutoConfiguration.class))
					.withUserConfiguration(Placeholder.class),
				Placeholder.class.getName(), "Could not resolve placeholder 'my.pipe'");
	}

	@Test
	void blankIdIsNone() {
		EndpointAssertions.assertRefused(
				this.runner.withUserConfiguration(Placeholder.class).withPropertyValues("my.pipe=${no.pipe:}"),
				Placeholder.class.getName(), "names no pipe");
	}

	@Test
	void severalIdsThatAreNotConfiguredAreRefused() {
		EndpointAssertions.assertRefused(
				this.runner.withPropertyValues("my.pipe=other").withUserConfiguration(Named.class, Placeholder.class),
				"no pipe 'files'; configured: []");
	}

	@Test
	void idIsFoundInTheSpellingOfAnEnvironmentVariable() {
		withEnvironment(Map.of("NAMEDPIPE_SERVER_PIPES_MYPIPE_NAME", "acme", "NAMEDPIPE_SERVER_PIPES_MYPIPE_GREETING",
				"Hi", "NAMEDPIPE_CLIENT_GREETING", "Hi"))
			.withPropertyValues("my.pipe=my-pipe", "namedpipe.client.protocol=stream-string")
			.withUserConfiguration(Placeholder.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				PipeListenerEndpointRegistry registry = context.getBean(PipeListenerEndpointRegistry.class);
				assertThat(registry.getContainers()).singleElement()
					.extracting((container) -> container.id() + " " + container.settings().address())
					.isEqualTo("my-pipe acme");
				assertThat(context.getBean(PipeTemplateBuilder.class)
					.address(PipeAddress.of("acme"))
					.build()
					.requestFile("x")).isEqualTo("placeholder x");
			});
	}

	private ApplicationContextRunner withEnvironment(Map<String, Object> variables) {
		String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
		return this.runner.withInitializer((context) -> context.getEnvironment()
			.getPropertySources()
			.replace(name, new SystemEnvironmentPropertySource(name, variables)));
	}

	@ParameterizedTest
	@CsvSource({ "MYPIPE, my-pipe", "MYPIPE, myPipe", "MYPIPE, my_pipe" })
	void environmentGoesBeforeAFileInWhateverSpelling(String variable, String key) {
		withEnvironment(Map.of("NAMEDPIPE_SERVER_PIPES_%s_READTIMEOUT".formatted(variable), "7s",
				"NAMEDPIPE_SERVER_PIPES_%s_NAME".formatted(variable), "acme"))
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addLast(new MapPropertySource("file",
						Map.of("namedpipe.server.pipes.%s.name".formatted(key), "overridden",
								"namedpipe.server.pipes.%s.read-timeout".formatted(key), "3s",
								"namedpipe.server.pipes.%s.write-timeout".formatted(key), "5s"))))
			.withPropertyValues("my.pipe=my-pipe")
			.withUserConfiguration(Placeholder.class)
			.run((context) -> assertThat(context.getBean(PipeListenerEndpointRegistry.class).getContainers())
				.singleElement()
				.satisfies((container) -> {
					assertThat(container.settings().address()).isEqualTo(PipeAddress.of("acme"));
					assertThat(container.settings().timeouts().read()).isEqualTo(Duration.ofSeconds(7));
					assertThat(container.settings().timeouts().write()).isEqualTo(Duration.ofSeconds(5));
				}));
	}

	@Test
	void twoSpellingsInOneFileAreRefused() {
		this.runner
			.withPropertyValues("my.pipe=my-pipe", "namedpipe.server.pipes.my-pipe.name=mypipe-one",
					"namedpipe.server.pipes.mypipe.read-timeout=7s")
			.withUserConfiguration(Placeholder.class)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasMessageContaining("my-pipe, mypipe")
				.hasMessageContaining("two spellings of one id"));
	}

	@Test
	void pipeOfTwoSpellingsIsOnePipeAndNoWarning() {
		try (LogCapture log = LogCapture.of("mypipe")) {
			withEnvironment(Map.of("NAMEDPIPE_SERVER_PIPES_MYPIPE_READTIMEOUT", "7s"))
				.withPropertyValues("my.pipe=my-pipe", "namedpipe.server.pipes.my-pipe.name=mypipe-one")
				.withUserConfiguration(Placeholder.class)
				.run((context) -> {
					assertThat(PipeRunner.ask(context, "mypipe-one", "x")).isEqualTo("placeholder x");
					assertThat(context.getBean(PipeListenerEndpointRegistry.class).getContainers()).hasSize(1);
				});
			assertThat(log.lines()).noneMatch((line) -> line.startsWith("WARN"));
		}
	}

	@PipeEndpoint("files")
	static class Named {

		@PipeMapping("read")
		String read(String name) {
			return "named " + name;
		}

	}

	@PipeEndpoint("${my.pipe}")
	static class Placeholder {

		@PipeMapping
		String read(@Payload String name) {
			return "placeholder " + name;
		}

	}

}
