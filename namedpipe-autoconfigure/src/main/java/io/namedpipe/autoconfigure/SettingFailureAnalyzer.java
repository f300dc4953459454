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

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Explains a value that is not a switch, a number, a time or a size, or exceeds the range
 * of its type. Boot's analysis says that it cannot be converted, and not which values are
 * possible.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SettingFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		ConfigurationProperty property = cause.getProperty();
		String name = cause.getName().toString();
		String range = (property != null && name.startsWith("namedpipe.")) ? range(name, cause.getTarget()) : null;
		if (property == null || range == null) {
			return null;
		}
		return new FailureAnalysis(
				"Invalid value '%s' for configuration property '%s' (originating from '%s'): it cannot be read. %s"
					.formatted(property.getValue(), name, property.getOrigin(), range),
				"Correct the value: 'true' or 'false', a whole number, a time such as '500ms' or '5s', or a size such as '64KB'.",
				cause);
	}

	// The message of the check for a value that is in no range.
	private static @Nullable String range(String name, Bindable<?> target) {
		if (target.getBoxedType().resolve() == Boolean.class) {
			return "It must be 'true' or 'false'.";
		}
		try {
			Map<String, String> settings = Map.of(name, "-1");
			SettingRanges.check(new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("namedpipe",
					NamedPipeProperties.class));
			return null;
		}
		catch (InvalidConfigurationPropertyValueException ex) {
			return ex.getReason();
		}
		catch (BindException ex) {
			return null;
		}
	}

}
