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

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The settings of one pipe: its own, or else those of all pipes.
 *
 * @param own the settings of the pipe
 * @param shared the settings of all pipes
 */
record MergedProperties(ListenerProperties own, ListenerProperties shared) {

	<T> @Nullable T get(Getter<T> getter) {
		T value = getter.get(this.own);
		return (value != null) ? value : getter.get(this.shared);
	}

	<T> T get(Getter<T> getter, T defaultValue) {
		T value = get(getter);
		return (value != null) ? value : defaultValue;
	}

	<T> void apply(Getter<T> getter, Consumer<T> setter) {
		T value = get(getter);
		if (value != null) {
			setter.accept(value);
		}
	}

	/**
	 * Reads one setting.
	 *
	 * @param <T> the type of the setting
	 */
	@FunctionalInterface
	interface Getter<T> {

		@Nullable T get(ListenerProperties properties);

	}

}
