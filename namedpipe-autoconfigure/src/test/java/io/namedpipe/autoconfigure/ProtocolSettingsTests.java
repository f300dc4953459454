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

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.namedpipe.client.PipeTemplateBuilder;
import io.namedpipe.listener.PipeContainerSettingsResolver;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.PipeProtocolFactory;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of a protocol of the application, which reads settings that only it knows.
 */
@Timeout(120)
class ProtocolSettingsTests {

	private final List<String> speeds = new ArrayList<>();

	private final ApplicationContextRunner runner = PipeRunner.create()
		.withBean(PipeProtocolFactory.class, () -> PipeProtocolFactory.of("morse", this::morse))
		.withPropertyValues("namedpipe.server.protocol=morse", "namedpipe.server.pipes.a.name=acme.a");

	private PipeProtocol morse(PipeProtocolFactory.Settings settings) {
		String speed = String.valueOf(settings.get("speed"));
		if (speed.equals("never")) {
			throw new IllegalArgumentException("it is too slow");
		}
		if (speed.equals("both") && settings.get("tone") != null) {
			throw new IllegalArgumentException("the tone is too high");
		}
		this.speeds.add(speed);
		return new RenamedProtocol("morse", new StreamStringProtocol());
	}

	@Test
	void settingIsThatOfThePipeOrElseOfAllPipes() {
		this.runner.withPropertyValues("namedpipe.server.speed=slow", "namedpipe.server.pipes.b.speed=fast")
			.run((context) -> {
				PipeContainerSettingsResolver resolver = context.getBean(PipeContainerSettingsResolver.class);
				resolver.resolve("a");
				resolver.resolve("b");
				assertThat(this.speeds).containsExactly("slow", "fast");
			});
	}

	@ParameterizedTest
	@CsvSource({ "namedpipe.client.speed=fast, fast", "namedpipe.server.pipes.a.speed=quick, quick",
			"namedpipe.server.speed=slow, slow", "namedpipe.server.pipes.b.speed=fast, null" })
	void settingOfTheClientIsItsOwnOrElseThatOfThePipeThatItCalls(String setting, String speed) {
		this.runner.withPropertyValues("namedpipe.client.default-pipe=a", "namedpipe.client.protocol=morse", setting)
			.run((context) -> {
				assertThat(context).hasSingleBean(PipeTemplateBuilder.class);
				assertThat(this.speeds).containsOnly(speed);
			});
	}

	@Test
	void settingOfAPipeIsNotThatOfAClientOfAnotherServer() {
		this.runner
			.withPropertyValues("namedpipe.client.default-pipe=elsewhere", "namedpipe.client.protocol=morse",
					"namedpipe.server.speed=slow")
			.run((context) -> {
				assertThat(context).hasSingleBean(PipeTemplateBuilder.class);
				assertThat(this.speeds).containsOnly("null");
			});
	}

	@ParameterizedTest
	@CsvSource({ "namedpipe.server.pipes.a.speed=never, namedpipe.server.pipes.a.speed, never, too slow",
			"namedpipe.client.speed=never, namedpipe.client.speed, never, too slow" })
	void settingThatTheProtocolRefusesIsAnErrorThatNamesIt(String setting, String name, String value, String reason) {
		this.runner.withPropertyValues("namedpipe.client.default-pipe=a", setting)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(IllegalArgumentException.class)
				.satisfies((ex) -> assertThat(invalid(context.getStartupFailure()).getName()).isEqualTo(name))
				.satisfies((ex) -> assertThat(invalid(context.getStartupFailure()).getValue()).isEqualTo(value))
				.satisfies((ex) -> assertThat(invalid(context.getStartupFailure()).getReason())
					.contains("the protocol 'morse' refuses its settings", reason)));
	}

	@Test
	void ofSeveralSettingsNoneIsBlamed() {
		this.runner
			.withPropertyValues("namedpipe.client.default-pipe=a", "namedpipe.client.speed=both",
					"namedpipe.client.tone=high")
			.run((context) -> {
				InvalidConfigurationPropertyValueException invalid = invalid(context.getStartupFailure());
				assertThat(invalid.getName()).isEqualTo("namedpipe.server.pipes.a.protocol");
				assertThat(invalid.getValue()).isEqualTo("morse");
				assertThat(invalid.getReason()).contains("the tone is too high");
			});
	}

	private static InvalidConfigurationPropertyValueException invalid(Throwable failure) {
		Throwable cause = failure;
		while (cause != null && !(cause instanceof InvalidConfigurationPropertyValueException)) {
			cause = cause.getCause();
		}
		assertThat(cause).isNotNull();
		return (InvalidConfigurationPropertyValueException) cause;
	}

}
