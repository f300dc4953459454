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

package io.namedpipe.protocol;

import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Creates a protocol from the settings of a pipe. An application adds a protocol with a
 * bean of this type, or, if the protocol has no settings, with a {@link PipeProtocol}
 * bean.
 *
 * @since 0.1.0
 */
public interface PipeProtocolFactory {

	/**
	 * The name of the protocols, as in {@code namedpipe.server.pipes.<id>.protocol}.
	 * @return the name
	 */
	String name();

	/**
	 * Create the protocol of a pipe.
	 * @param settings the settings of the pipe
	 * @return the protocol
	 * @throws IllegalArgumentException if the value of a setting is not valid
	 */
	PipeProtocol create(Settings settings);

	/**
	 * Create a factory from a function.
	 * @param name the name of the protocols
	 * @param function creates a protocol from the settings of a pipe
	 * @return the factory
	 */
	static PipeProtocolFactory of(String name, Function<Settings, PipeProtocol> function) {
		return new PipeProtocolFactory() {

			@Override
			public String name() {
				return name;
			}

			@Override
			public PipeProtocol create(Settings settings) {
				return function.apply(settings);
			}

		};
	}

	/**
	 * The settings of one pipe, by their names in kebab case.
	 *
	 * @since 0.1.0
	 */
	@FunctionalInterface
	interface Settings {

		/**
		 * Look up a setting.
		 * @param name the name, such as {@code greeting}
		 * @return the value, or {@code null} if it is not set
		 */
		@Nullable String get(String name);

	}

}
