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

package io.namedpipe.handler;

import java.util.Collection;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * The ids of pipes, which are part of the names of properties and can be spelled as
 * those: {@code my-pipe} is {@code MYPIPE} in an environment variable.
 *
 * @since 0.1.0
 */
public final class PipeIds {

	private PipeIds() {
	}

	/**
	 * Find an id among others.
	 * @param id the id
	 * @param ids the others
	 * @return the same id if it is among them, or else one that is the same but for case
	 * and for characters other than letters and digits, or else {@code null}
	 */
	public static @Nullable String find(String id, Collection<String> ids) {
		if (ids.contains(id)) {
			return id;
		}
		String uniform = uniform(id);
		return ids.stream().filter((each) -> uniform(each).equals(uniform)).findFirst().orElse(null);
	}

	private static String uniform(String id) {
		StringBuilder uniform = new StringBuilder();
		id.codePoints().filter(Character::isLetterOrDigit).forEach(uniform::appendCodePoint);
		return uniform.toString().toLowerCase(Locale.ROOT);
	}

}
