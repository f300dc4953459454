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

import java.util.TreeSet;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

import io.namedpipe.handler.PipeIds;

/**
 * Pipes whose ids are spelled in several ways, such as {@code my-pipe} in a file and
 * {@code MYPIPE} in an environment variable. The map has each spelling as a key of its
 * own, and Spring Boot binds each with the settings of all.
 */
final class PipeSpellings {

	private static final String PIPES = "namedpipe.server.pipes";

	private PipeSpellings() {
	}

	/**
	 * Refuse two spellings of one id in one source: there is no order between them.
	 * @param environment has the properties
	 * @throws InvalidConfigurationPropertyValueException if there are such
	 */
	static void check(Environment environment) {
		if (environment instanceof ConfigurableEnvironment configurable) {
			ConfigurationPropertySources.from(configurable.getPropertySources()).forEach(PipeSpellings::check);
		}
	}

	private static void check(ConfigurationPropertySource source) {
		if (!(source instanceof IterableConfigurationPropertySource iterable)) {
			return;
		}
		ConfigurationPropertyName parent = ConfigurationPropertyName.of(PIPES);
		TreeSet<String> ids = new TreeSet<>();
		iterable.stream()
			.filter(parent::isAncestorOf)
			.forEach((name) -> ids.add(name.getElement(parent.getNumberOfElements(), Form.ORIGINAL)));
		for (String id : ids) {
			String other = PipeIds.find(id, ids.headSet(id));
			if (other != null) {
				throw new InvalidConfigurationPropertyValueException(PIPES, "%s, %s".formatted(other, id),
						"These are two spellings of one id. Give the pipes ids that differ in letters or digits, or write the id in one way.");
			}
		}
	}

}
