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

import java.util.regex.Pattern;

import org.springframework.core.env.Environment;

/**
 * The names of the properties of a pipe, for look-ups and messages.
 */
final class PropertyNames {

	private static final Pattern PLAIN = Pattern.compile("[a-z0-9][a-z0-9-]*");

	private PropertyNames() {
	}

	/**
	 * The name of a property of one pipe.
	 * @param id the id of the pipe, in brackets where it needs them
	 * @param setting the name of the setting
	 * @return the name of the property
	 */
	static String ofPipe(String id, String setting) {
		return "namedpipe.server.pipes%s.%s".formatted(PLAIN.matcher(id).matches() ? "." + id : "[" + id + "]",
				setting);
	}

	/**
	 * The name of the property that a setting of a pipe comes from.
	 * @param environment has the properties
	 * @param id the id of the pipe
	 * @param setting the name of the setting
	 * @return the property of the pipe, unless only that of all pipes is set
	 */
	static String ofSource(Environment environment, String id, String setting) {
		String own = ofPipe(id, setting);
		String shared = ofServer(setting);
		return (!isSet(environment, own) && isSet(environment, shared)) ? shared : own;
	}

	// A list may be there only by its elements.
	static boolean isSet(Environment environment, String property) {
		return environment.containsProperty(property) || environment.containsProperty(property + "[0]");
	}

	/**
	 * The name of a property of all pipes.
	 * @param setting the name of the setting
	 * @return the name of the property
	 */
	static String ofServer(String setting) {
		return "namedpipe.server." + setting;
	}

}
