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

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Values that settings cannot have, for all settings of the metadata.
 */
@Timeout(120)
class SettingValuesTests {

	private static final Map<String, List<String>> WRONG = Map.of("java.lang.Integer", List.of("NaN", "2147483647"),
			"java.lang.Long", List.of("NaN", "9223372036854775807"), "java.time.Duration",
			List.of("1ns", "999999999d", "99999999999999999999d"), "org.springframework.util.unit.DataSize",
			List.of("8000000TB", "99999999999999999999GB"));

	private static final List<String> OF_ALL_PIPES = List.of("namedpipe.server.impersonation-threads",
			"namedpipe.server.log-limit-per-user", "namedpipe.server.enabled");

	private final ApplicationContextRunner runner = PipeRunner.create();

	// Those of a pipe too, which the metadata have for all pipes.
	private static List<String[]> settings() throws IOException {
		try (InputStream metadata = SettingValuesTests.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			List<Map<String, String>> properties = JsonPath.read(metadata, "$.properties[*]['name', 'type']");
			List<String[]> settings = new ArrayList<>();
			for (Map<String, String> property : properties) {
				String name = property.get("name");
				settings.add(new String[] { name, property.get("type") });
				if (name.startsWith("namedpipe.server.") && !OF_ALL_PIPES.contains(name)
						&& !property.get("type").startsWith("java.util.Map")) {
					settings.add(new String[] { name.replace("namedpipe.server.", "namedpipe.server.pipes.files."),
							property.get("type") });
				}
			}
			return settings;
		}
	}

	private FailureAnalysis analyze(String... properties) {
		return PipeFailureAnalyzersTests
			.analyze(this.runner.withUserConfiguration(PipeFailureAnalyzersTests.FilesEndpoint.class), properties);
	}

	@Test
	void numberTimeOrSizeThatCannotBeIsRefusedWithItsRange() throws IOException {
		List<String[]> numbers = settings().stream().filter((setting) -> WRONG.containsKey(setting[1])).toList();
		assertThat(numbers).hasSizeGreaterThan(50);
		for (String[] setting : numbers) {
			for (String value : WRONG.getOrDefault(setting[1], List.of())) {
				String description = analyze(setting[0] + "=" + value).getDescription();
				assertThat(description).as("%s=%s", setting[0], value)
					.contains("'" + setting[0] + "'", "'" + value + "'", " must be from ");
				if (setting[0].startsWith("namedpipe.server.pipes.")) {
					assertThat(description).contains("for the pipe 'files'");
				}
			}
		}
	}

	@Test
	void nameThatIsNoneOfAListIsRefused() throws IOException {
		List<String[]> enums = settings().stream().filter((setting) -> setting[1].startsWith("io.namedpipe.")).toList();
		assertThat(enums).hasSizeGreaterThan(8);
		for (String[] setting : enums) {
			FailureAnalysis analysis = analyze(setting[0] + "=maybe");
			assertThat(analysis.getDescription()).contains("'" + setting[0] + "'", "\"maybe\"");
			assertThat(analysis.getAction()).contains("The following values are valid");
		}
	}

	@Test
	void switchThatIsNeitherOnNorOffIsRefused() throws IOException {
		List<String[]> switches = settings().stream()
			.filter((setting) -> setting[1].equals("java.lang.Boolean"))
			.toList();
		assertThat(switches).extracting((setting) -> setting[0])
			.contains("namedpipe.enabled", "namedpipe.server.enabled", "namedpipe.client.enabled")
			.hasSizeGreaterThan(10);
		for (String[] setting : switches) {
			assertThat(analyze(setting[0] + "=maybe").getDescription()).contains("'" + setting[0] + "'", "'maybe'",
					"It must be 'true' or 'false'.");
		}
	}

	@ParameterizedTest
	@CsvSource({ "off, false", "no, false", "0, false", "FALSE, false", "on, true", "yes, true", "1, true",
			"True, true" })
	void switchHasTheSpellingsOfSpringBoot(String value, boolean on) {
		this.runner.withPropertyValues("namedpipe.server.enabled=" + value)
			.run((context) -> assertThat(context.containsBean("pipeEndpointRegistrar")).isEqualTo(on));
		this.runner.withPropertyValues("namedpipe.client.enabled=" + value)
			.run((context) -> assertThat(context.containsBean("pipeTemplateBuilder")).isEqualTo(on));
		this.runner.withPropertyValues("namedpipe.enabled=" + value)
			.run((context) -> assertThat(context.containsBean("pipeTransport")).isEqualTo(on));
	}

	@Test
	void anyServerAndAnother() {
		assertThat(analyze("namedpipe.client.expected-server=any,current-user").getDescription())
			.contains("'namedpipe.client.expected-server'", "name it alone");
	}

	@Test
	void keyTableThatIsNotThere() {
		assertThat(
				analyze("namedpipe.smb.authentication=kerberos", "namedpipe.smb.keytab=/nonexistent").getDescription())
			.contains("'namedpipe.smb.keytab'", "'/nonexistent'", "no such file");
	}

	@Test
	void directoryOfTheChildThatIsNotThere() {
		assertThat(analyze("namedpipe.client.default-pipe=child", "namedpipe.client.child.command=cat",
				"namedpipe.client.child.directory=/nonexistent")
			.getDescription()).contains("'namedpipe.client.child.directory'", "no such directory");
	}

	@Test
	void authorityOfAGroupWithAName() {
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> SettingRanges.authorities(Map.of("group:27", List.of("X"), "group:staff", List.of("Y"))))
			.withMessageContaining("namedpipe.server.authorities[group:staff]")
			.withMessageContaining("'group:27'");
	}

	@Test
	void twoSpellingsOfOneId() {
		assertThat(
				analyze("namedpipe.server.pipes.files.name=x", "namedpipe.server.pipes.Files.name=y").getDescription())
			.contains("'namedpipe.server.pipes'", "Files, files", "two spellings of one id");
	}

}
