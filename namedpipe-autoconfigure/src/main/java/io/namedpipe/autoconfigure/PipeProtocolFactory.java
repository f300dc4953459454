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

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.raw.RawProtocol;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;

/**
 * Finds protocols by their names, those of the application's own beans included.
 */
final class PipeProtocolFactory {

	private final Map<String, PipeProtocol> protocols = new TreeMap<>();

	PipeProtocolFactory(Iterable<PipeProtocol> custom) {
		register(new StreamStringProtocol());
		register(new RawProtocol());
		custom.forEach(this::register);
	}

	private void register(PipeProtocol protocol) {
		this.protocols.put(protocol.name(), protocol);
	}

	PipeProtocol get(String property, String name, @Nullable String greeting) {
		PipeProtocol protocol = this.protocols.get(name);
		if (protocol == null) {
			throw new InvalidConfigurationPropertyValueException(property, name,
					"there is no such protocol, only " + this.protocols.keySet());
		}
		return (greeting != null && protocol instanceof StreamStringProtocol) ? new StreamStringProtocol(greeting)
				: protocol;
	}

}
