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

package io.namedpipe.listener;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.namedpipe.handler.PipeIds;
import io.namedpipe.transport.PipeException;

/**
 * Provides the settings of pipes by their ids.
 *
 * @since 0.1.0
 */
public interface PipeContainerSettingsResolver {

	/**
	 * The ids of the pipes that are configured.
	 * @return the ids
	 */
	Set<String> configuredIds();

	/**
	 * The settings of a pipe. An id that is not configured is a pipe of that name with
	 * the defaults: the only pipe of an application that configures none.
	 * @param id the id
	 * @return the settings
	 * @throws PipeListenerStartupException if the settings are not valid
	 */
	PipeContainerSettings resolve(String id);

	/**
	 * Create a resolver from fixed settings. For other ids it throws a
	 * {@link PipeListenerStartupException}.
	 * @param settings the settings of each pipe
	 * @return the resolver
	 */
	static PipeContainerSettingsResolver of(PipeContainerSettings... settings) {
		Map<String, PipeContainerSettings> byId = Stream.of(settings)
			.collect(Collectors.toUnmodifiableMap(PipeContainerSettings::id, Function.identity()));
		return new PipeContainerSettingsResolver() {

			@Override
			public Set<String> configuredIds() {
				return byId.keySet();
			}

			@Override
			public PipeContainerSettings resolve(String id) {
				String known = PipeIds.find(id, byId.keySet());
				PipeContainerSettings found = (known != null) ? byId.get(known) : null;
				if (found == null) {
					throw new PipeListenerStartupException(id, null,
							new PipeException("it has no settings, only %s have".formatted(byId.keySet())));
				}
				return found;
			}

		};
	}

}
