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
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.actuate.context.properties.ConfigurationPropertiesReportEndpoint;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.env.EnvironmentEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link NamedPipeActuatorAutoConfiguration}.
 */
class NamedPipeActuatorAutoConfigurationTests {

	private static final String SECRET = "pa55word";

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(NamedPipeActuatorAutoConfiguration.class, NamedPipeAutoConfiguration.class));

	@Test
	void environmentDoesNotShowThePassword() {
		this.contextRunner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource(
						"test-" + StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
						Map.of("NAMEDPIPE_SMB_PASSWORD", SECRET, "NAMEDPIPE_SMB_USERNAME", "anna"))))
			.withPropertyValues("namedpipe.smb.password=" + SECRET)
			.run((context) -> {
				EnvironmentEndpoint endpoint = new EnvironmentEndpoint(context.getEnvironment(), sanitizers(context),
						Show.ALWAYS);
				List<String> values = endpoint.environment("(?i)namedpipe.*")
					.getPropertySources()
					.stream()
					.flatMap((source) -> source.getProperties().values().stream())
					.map((value) -> String.valueOf(value.getValue()))
					.toList();
				assertThat(values).contains("anna", "******").doesNotContain(SECRET);
			});
	}

	@Test
	void propertiesDoNotShowThePassword() {
		this.contextRunner.withPropertyValues("namedpipe.smb.password=" + SECRET, "namedpipe.smb.username=anna")
			.run((context) -> {
				ConfigurationPropertiesReportEndpoint endpoint = new ConfigurationPropertiesReportEndpoint(
						sanitizers(context), Show.ALWAYS);
				endpoint.setApplicationContext(context.getSourceApplicationContext());
				String page = endpoint.configurationProperties()
					.getContexts()
					.values()
					.stream()
					.flatMap((each) -> each.getBeans().values().stream())
					.map((bean) -> bean.getProperties() + " " + bean.getInputs())
					.toList()
					.toString();
				assertThat(page).contains("anna", "******").doesNotContain(SECRET);
			});
	}

	@Test
	void textOfTheSettingsDoesNotShowThePassword() {
		this.contextRunner.withPropertyValues("namedpipe.smb.password=" + SECRET).run((context) -> {
			SmbProperties smb = context.getBean(NamedPipeProperties.class).getSmb();
			assertThat(smb.password()).isEqualTo(SECRET);
			assertThat(smb).asString().doesNotContain(SECRET);
		});
	}

	@Test
	void actuatorIsOptional() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(SanitizingFunction.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(NamedPipeActuatorAutoConfiguration.class));
	}

	private static List<SanitizingFunction> sanitizers(BeanFactory context) {
		return context.getBeanProvider(SanitizingFunction.class).orderedStream().toList();
	}

}
