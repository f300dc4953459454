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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.client.PipeTemplate;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.transport.PipeNotVerifiedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The default pipe of clients, which may be one that the same application serves.
 */
@Timeout(120)
class DefaultPipeTests {

	private final ApplicationContextRunner runner = PipeRunner.create();

	@Test
	void greetingIsThatOfThePipe() {
		this.runner
			.withPropertyValues("namedpipe.server.pipes.echo.greeting=Welcome", "namedpipe.client.default-pipe=echo",
					"namedpipe.client.greeting=Welcome")
			.withUserConfiguration(Echo.class)
			.run((context) -> assertThat(context.getBean(PipeTemplate.class).requestFile("x")).isEqualTo("echo x"));
	}

	@Test
	void defaultPipeOfThisApplicationBringsItsGreetingAlong() {
		this.runner
			.withPropertyValues("namedpipe.server.pipes.echo.greeting=Welcome",
					"namedpipe.server.pipes.echo.name=acme.echo", "namedpipe.client.default-pipe=echo")
			.withUserConfiguration(Echo.class)
			.run((context) -> assertThat(context.getBean(PipeTemplate.class).requestFile("x")).isEqualTo("echo x"));
	}

	@Test
	void onlyPipeNeedNotBeConfiguredToBringItsGreetingAlong() {
		this.runner.withPropertyValues("namedpipe.server.greeting=Welcome", "namedpipe.client.default-pipe=echo")
			.withUserConfiguration(Echo.class)
			.run((context) -> assertThat(context.getBean(PipeTemplate.class).requestFile("x")).isEqualTo("echo x"));
	}

	@Test
	void pipeMayBeCalledFalse() {
		this.runner.withPropertyValues("namedpipe.client.default-pipe=false")
			.run((context) -> assertThat(context).hasSingleBean(PipeTemplate.class));
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(PipeTemplate.class));
	}

	@Test
	void pipeThatIsNotServedBringsNothingAlong() {
		this.runner
			.withPropertyValues("namedpipe.server.enabled=false", "namedpipe.server.protocol=unknown",
					"namedpipe.client.default-pipe=echo")
			.withUserConfiguration(Echo.class)
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(PipeTemplate.class));
	}

	@Test
	void defaultPipeOfThisApplicationBringsItsProtocolAlong() {
		this.runner.withUserConfiguration(Echo.class)
			.withBean("custom", PipeProtocol.class, () -> new RenamedProtocol("morse", new StreamStringProtocol("...")))
			.withPropertyValues("namedpipe.server.pipes.echo.protocol=morse", "namedpipe.client.default-pipe=echo")
			.run((context) -> assertThat(context.getBean(PipeTemplate.class).requestFile("x")).isEqualTo("echo x"));
	}

	@ParameterizedTest
	@CsvSource({ "my-pipe, my-pipe", "my-pipe, MY_PIPE", "mypipe, my-pipe", "mypipe, myPipe", "[my.pipe], my_pipe" })
	void defaultPipeIsFoundInEachSpelling(String configured, String called) {
		this.runner.withUserConfiguration(Hyphenated.class)
			.withPropertyValues("namedpipe.server.pipes.%s.greeting=Welcome".formatted(configured),
					"namedpipe.client.default-pipe=" + called)
			.run((context) -> assertThat(context.getBean(PipeTemplate.class).requestFile("x")).isEqualTo("my x"));
	}

	@Test
	void greetingAndProtocolOfTheClientGoFirst() {
		this.runner
			.withPropertyValues("namedpipe.server.pipes.echo.greeting=Welcome", "namedpipe.client.default-pipe=echo",
					"namedpipe.client.greeting=Go away")
			.withUserConfiguration(Echo.class)
			.run((context) -> assertThatExceptionOfType(PipeNotVerifiedException.class)
				.isThrownBy(() -> context.getBean(PipeTemplate.class).requestFile("x"))
				.withMessageContaining("Go away"));
	}

	@Test
	void pipeOfAnotherApplicationHasTheDefaultsOfTheClient() {
		this.runner
			.withPropertyValues("namedpipe.server.greeting=Welcome", "namedpipe.server.pipes.echo.name=acme.echo",
					"namedpipe.client.default-pipe=acme.echo", "namedpipe.client.protocol=stream-string")
			.withUserConfiguration(Echo.class)
			.run((context) -> assertThatExceptionOfType(PipeNotVerifiedException.class)
				.isThrownBy(() -> context.getBean(PipeTemplate.class).requestFile("x")));
	}

	@PipeEndpoint("my-pipe")
	static class Hyphenated {

		@PipeMapping
		String echo(@Payload String text) {
			return "my " + text;
		}

	}

	@PipeEndpoint("echo")
	static class Echo {

		@PipeMapping
		String echo(@Payload String text) {
			return "echo " + text;
		}

	}

}
