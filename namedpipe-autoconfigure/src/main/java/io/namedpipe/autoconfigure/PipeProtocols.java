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
import java.util.TreeMap;
import java.util.function.UnaryOperator;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.PipeProtocolFactory;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.protocol.raw.RawProtocol;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.transport.PipeException;

/**
 * Finds protocols by their names, those of the application's own beans included, and
 * makes them from the settings of a pipe.
 */
final class PipeProtocols {

	private final Map<String, PipeProtocolFactory> factories = new TreeMap<>();

	PipeProtocols(Iterable<PipeProtocolFactory> factories, Iterable<PipeProtocol> protocols) {
		register(StreamStringProtocol.factory());
		register(HttpProtocol.factory());
		register(PipeProtocolFactory.of(RawProtocol.NAME, (settings) -> new RawProtocol()));
		factories.forEach(this::register);
		protocols.forEach((protocol) -> register(PipeProtocolFactory.of(protocol.name(), (settings) -> protocol)));
	}

	private void register(PipeProtocolFactory factory) {
		this.factories.put(factory.name(), factory);
	}

	/**
	 * Make a protocol.
	 * @param name the name of the protocol
	 * @param property the name of the property that a setting comes from
	 * @param settings the settings of the protocol
	 * @return the protocol
	 * @throws InvalidConfigurationPropertyValueException if there is no such protocol, or
	 * it refuses its settings
	 */
	PipeProtocol create(String name, UnaryOperator<String> property, PipeProtocolFactory.Settings settings) {
		PipeProtocolFactory factory = this.factories.get(name);
		if (factory == null) {
			throw new InvalidConfigurationPropertyValueException(property.apply("protocol"), name,
					"there is no such protocol, only " + this.factories.keySet());
		}
		Map<String, String> read = new TreeMap<>();
		try {
			return factory.create((setting) -> {
				String value = settings.get(setting);
				if (value != null) {
					read.put(setting, value);
				}
				return value;
			});
		}
		catch (IllegalArgumentException | PipeException ex) {
			// If it has read several settings, the last one need not be the wrong one.
			String setting = (read.size() == 1) ? read.keySet().iterator().next() : "protocol";
			throw new InvalidConfigurationPropertyValueException(property.apply(setting),
					read.getOrDefault(setting, name),
					"the protocol '%s' refuses its settings: %s".formatted(name, ex.getMessage()), ex);
		}
	}

}
