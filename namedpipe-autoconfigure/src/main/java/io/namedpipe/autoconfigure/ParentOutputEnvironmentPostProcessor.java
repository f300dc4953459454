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

import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

import io.namedpipe.transport.anonymous.ParentPipe;
import io.namedpipe.transport.anonymous.ParentPipeListener;

/**
 * Keeps the banner and the first lines of the log out of the pipe of an application that
 * serves its parent on the standard streams.
 */
final class ParentOutputEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	private static final Bindable<Map<String, Object>> PIPES = Bindable.mapOf(String.class, Object.class);

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		if (servesParent(environment)) {
			ParentPipe.reserveStandardOutput();
		}
	}

	private static boolean servesParent(ConfigurableEnvironment environment) {
		try {
			return Binder.get(environment)
				.bind("namedpipe.server.pipes", PIPES)
				.orElseGet(Map::of)
				.entrySet()
				.stream()
				.anyMatch((pipe) -> ParentPipeListener.PIPE_NAME.equals(name(pipe.getKey(), pipe.getValue())));
		}
		catch (BindException ex) {
			// The error is reported when the settings are bound.
			return false;
		}
	}

	private static Object name(String id, Object settings) {
		Object name = (settings instanceof Map<?, ?> map) ? map.get("name") : null;
		return (name != null) ? name : id;
	}

	// The files of the application's settings have been read.
	@Override
	public int getOrder() {
		return ConfigDataEnvironmentPostProcessor.ORDER + 1;
	}

}
