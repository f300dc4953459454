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
import java.io.StringReader;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The files in {@code META-INF} for tools and Spring Boot.
 */
class MetadataTests {

	@Test
	void everyPropertyIsDescribed() throws IOException {
		List<String> expected = new ArrayList<>();
		collect("namedpipe", NamedPipeProperties.class, expected);
		assertThat(expected).contains("namedpipe.enabled", "namedpipe.server.read-timeout",
				"namedpipe.client.default-pipe");
		String metadata = text("META-INF/spring-configuration-metadata.json", "\"namedpipe.");
		List<Map<String, Object>> properties = JsonPath.read(metadata, "$.properties");
		assertThat(properties).extracting((property) -> property.get("name")).containsAll(expected.stream().toList());
		assertThat(properties).filteredOn((property) -> expected.contains(property.get("name")))
			.allSatisfy((property) -> assertThat((String) property.get("description")).as("%s", property.get("name"))
				.endsWith(".")
				.doesNotStartWith("The ")
				.doesNotStartWith("A "))
			.filteredOn((property) -> !property.get("type").toString().startsWith(Map.class.getName()))
			.allSatisfy((property) -> assertThat(
					property.get("defaultValue") + property.get("description").toString().toLowerCase(Locale.ROOT))
				.as("default of %s", property.get("name"))
				.matches("(?!null).*|.*\\bby default\\b.*"));
	}

	private static void collect(String prefix, Class<?> type, List<String> names) {
		for (Class<?> each = type; each != Object.class; each = each.getSuperclass()) {
			for (Field field : each.getDeclaredFields()) {
				if (Modifier.isStatic(field.getModifiers()) || field.isSynthetic()) {
					continue;
				}
				String name = prefix + "." + field.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
				if (isGroup(field)) {
					collect(name, field.getType(), names);
				}
				else {
					names.add(name);
				}
			}
		}
	}

	private static boolean isGroup(Field field) {
		Class<?> type = field.getType();
		return field.isAnnotationPresent(NestedConfigurationProperty.class)
				|| (type.getEnclosingClass() == NamedPipeProperties.class && !type.isEnum());
	}

	@Test
	void hintsAreOfPropertiesThatThereAre() throws IOException {
		String metadata = text("META-INF/spring-configuration-metadata.json", "\"namedpipe.");
		List<Map<String, Object>> hints = JsonPath.read(metadata, "$.hints");
		List<Map<String, Object>> properties = JsonPath.read(metadata, "$.properties");
		List<Object> names = properties.stream().map((property) -> property.get("name")).toList();
		assertThat(hints).isNotEmpty().allSatisfy((hint) -> assertThat(names).contains(hint.get("name").toString()));
	}

	@Test
	void autoConfigurationsAreListed() {
		assertThat(ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()).getCandidates())
			.filteredOn((name) -> name.startsWith("io.namedpipe."))
			.contains(NamedPipeAutoConfiguration.class.getName(), NamedPipeServerAutoConfiguration.class.getName(),
					NamedPipeClientAutoConfiguration.class.getName())
			.allSatisfy((name) -> assertThat(Class.forName(name)).hasAnnotation(AutoConfiguration.class));
	}

	@Test
	void springFactoriesAreClassesOfTheirKind() throws Exception {
		Properties factories = new Properties();
		factories.load(new StringReader(text("META-INF/spring.factories", "io.namedpipe")));
		assertThat(factories).isNotEmpty();
		for (String type : factories.stringPropertyNames()) {
			for (String name : factories.getProperty(type).split(",")) {
				assertThat(Class.forName(type)).isAssignableFrom(Class.forName(name.trim()));
			}
		}
	}

	private String text(String resource, String content) throws IOException {
		for (URL url : Collections.list(getClass().getClassLoader().getResources(resource))) {
			try (InputStream stream = url.openStream()) {
				String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
				if (text.contains(content)) {
					return text;
				}
			}
		}
		throw new IllegalStateException("no " + resource);
	}

}
