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

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.listener.PipeListenerContainer;
import io.namedpipe.listener.PipeListenerEndpointRegistry;
import io.namedpipe.protocol.PipeProtocolFactory;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.testing.LogCapture;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Settings whose names are misspelled.
 */
@Timeout(120)
class UnknownSettingsTests {

	private static final String FILES = "namedpipe.server.pipes.files.";

	private final ApplicationContextRunner runner = PipeRunner.create().withUserConfiguration(Files.class);

	@ParameterizedTest
	@CsvSource({ FILES + "max-conections, max-connections", FILES + "maxConections, max-connections",
			FILES + "http.max-haed-size, max-head-size", FILES + "server.name, name",
			"namedpipe.server.max-conections, max-connections", "namedpipe.server.pipe.files.name, pipes",
			"namedpipe.sever.enabled, server", "namedpipe.client.conect-timeout, connect-timeout",
			"namedpipe.client.pool.size, max-size", "namedpipe.client.child.comand, command",
			"namedpipe.unix.dirctory, directory", "namedpipe.smb.pasword, password",
			"namedpipe.samba.socket, socket-directory", "namedpipe.enable, enabled" })
	void settingThatNothingReadsIsSaidWithThoseThatThereAre(String name, String known) {
		assertThat(warnings(this.runner, name, name + "=geheim")).singleElement()
			.asString()
			.startsWithIgnoringCase(
					"WARN There is no setting '%s', and it has no effect (originating from ".formatted(name))
			.contains("There are: ")
			.containsPattern("[ ,]" + known + "(,|$)")
			// It may be a password.
			.doesNotContain("geheim");
	}

	@Test
	void partOfASettingThatHasNoPartsIsSaid() {
		assertThat(warnings(this.runner, "read-timeout.seconds", FILES + "read-timeout.seconds=5")).singleElement()
			.asString()
			.startsWith("WARN There is no setting '" + FILES + "read-timeout.seconds', and it has no effect");
	}

	@Test
	void settingOfAClientAloneIsLookedAtToo() {
		assertThat(warnings(this.runner, "greting", "namedpipe.server.enabled=false", "namedpipe.client.greting=Hi"))
			.singleElement()
			.asString()
			.contains("'namedpipe.client.greting'");
	}

	private static List<String> warnings(ApplicationContextRunner runner, String text, String... properties) {
		try (LogCapture log = LogCapture.of(text)) {
			runner.withPropertyValues(properties).run((context) -> assertThat(context).hasNotFailed());
			return List.copyOf(log.lines());
		}
	}

	@ParameterizedTest
	@ValueSource(
			strings = { FILES + "allowed[0]=current-user", FILES + "allowed.0=current-user", FILES + "readTimeout=5s",
					FILES + "read_timeout=5s", FILES + "http.maxHeadSize=1KB", "namedpipe.server.authorities.anna[0]=X",
					"NAMEDPIPE_SERVER_READTIMEOUT=5s", "namedpipe.server.authorities[S-1-5-18]=X",
					"namedpipe.client.expected-server[1]=system", "namedpipe.client.expected-server[0]=current-user",
					"namedpipe.server.pipes.files=", "namedpipefiles.name=x", "other.namedpipe.x=y" })
	void settingsAreKnownInAllSpellings(String property) {
		assertThat(warnings(this.runner, "There is no setting", property,
				"namedpipe.client.expected-server=current-user,system"))
			.isEmpty();
	}

	@Test
	void elementThatAnotherSourceHidesIsKnown() {
		ApplicationContextRunner hidden = this.runner.withInitializer((context) -> context.getEnvironment()
			.getPropertySources()
			.addLast(new MapPropertySource("file",
					Map.of(FILES + "allowed[0]", "root", FILES + "allowed[1]", "current-user"))));
		assertThat(warnings(hidden, "There is no setting", FILES + "allowed=current-user")).isEmpty();
	}

	@Test
	void protocolOfTheApplicationHasSettingsThatOnlyItKnows() {
		ApplicationContextRunner own = this.runner.withBean(PipeProtocolFactory.class,
				() -> PipeProtocolFactory.of("morse", (settings) -> new StreamStringProtocol()));
		assertThat(warnings(own, "There is no setting", FILES + "protocol=morse", FILES + "speed=5",
				"namedpipe.server.tone=high"))
			.isEmpty();
		assertThat(warnings(own, "There is no setting", "namedpipe.unix.tone=high")).hasSize(1);
	}

	@Test
	void settingOfAContextIsSaidOnceIfAncestorsLookAtTheirsToo() {
		PipeRunner.create().run((parent) -> {
			try (LogCapture log = LogCapture.of("There is no setting 'namedpipe.unix.tone'")) {
				this.runner.withParent(parent)
					.withPropertyValues("namedpipe.unix.tone=high")
					.run((child) -> assertThat(log.lines()).hasSize(1));
			}
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "NAMEDPIPE_SERVER_PIPES_MY_FILES_NAME", "NAMEDPIPE_SERVER_PIPES_FILES_MAXCONECTIONS",
			"NAMEDPIPE_SERVER_READTIMOUT", "NAMEDPIPE_SERVICE_HOST" })
	void variableThatNothingReadsIsSaid(String variable) {
		try (LogCapture log = LogCapture.of(variable)) {
			withEnvironment(Map.of(variable, "geheim")).run((context) -> assertThat(context).hasNotFailed());
			assertThat(log.lines()).singleElement()
				.asString()
				.startsWith("WARN These variables are no settings, and have no effect: ")
				.contains("NAMEDPIPE_SERVER_PIPES_MYPIPE_READTIMEOUT")
				.doesNotContain("geheim");
		}
	}

	@ParameterizedTest
	@CsvSource({ "NAMEDPIPE_SERVER_PIPES_MYFILES_READTIMEOUT, '', 7, false",
			"NAMEDPIPE_SERVER_PIPES_MYFILES_READ_TIMEOUT, '', 7, false",
			"NAMEDPIPE_SERVER_PIPES_MY_FILES_READTIMEOUT, '', 30, true",
			"NAMEDPIPE_SERVER_PIPES_MYFILES_READTIMEOUT, my-files, 7, false",
			"NAMEDPIPE_SERVER_PIPES_MYFILES_READ_TIMEOUT, my-files, 30, true",
			"NAMEDPIPE_SERVER_PIPES_MY_FILES_READ_TIMEOUT, my-files, 7, false",
			"NAMEDPIPE_SERVER_PIPES_MYFILES_READ_TIMEOUT, myfiles, 7, false",
			"NAMEDPIPE_SERVER_READ_TIMEOUT, my-files, 7, false" })
	void variableIsReadOrSaid(String variable, String configured, int seconds, boolean said) {
		try (LogCapture log = LogCapture.of("\"" + variable + "\"")) {
			Map<String, Object> file = new HashMap<>();
			if (!configured.isEmpty()) {
				file.put("namedpipe.server.pipes." + configured + ".write-timeout", "3s");
			}
			PipeListenerContainer[] container = new PipeListenerContainer[1];
			withEnvironment(Map.of(variable, seconds + "s"))
				.withInitializer((context) -> context.getEnvironment()
					.getPropertySources()
					.addLast(new MapPropertySource("file", file)))
				.withPropertyValues("files=my-files")
				.run((context) -> container[0] = List
					.copyOf(context.getBean(PipeListenerEndpointRegistry.class).getContainers())
					.get(0));
			assertThat(container[0].id()).isEqualTo("my-files");
			assertThat(container[0].settings().timeouts().read()).isEqualTo(Duration.ofSeconds(seconds));
			assertThat(log.lines()).hasSize(said ? 1 : 0);
		}
	}

	private ApplicationContextRunner withEnvironment(Map<String, Object> variables) {
		String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
		return this.runner.withInitializer((context) -> context.getEnvironment()
			.getPropertySources()
			.replace(name, new SystemEnvironmentPropertySource(name, variables)));
	}

	@PipeEndpoint("${files:files}")
	static class Files {

		@PipeMapping
		String read(String name) {
			return name;
		}

	}

}
