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

package io.namedpipe.transport.anonymous;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.LogText;
import io.namedpipe.transport.PipeNotFoundException;

/**
 * The environment variable for a child: the parent's process id, and the handles. A
 * process that the child starts inherits the variable and not the handles; the id tells
 * it that they are not its own.
 *
 * @param parent the process id of the parent
 * @param in the handle that the child reads, {@code null} for none
 * @param out the handle that the child writes to, {@code null} for none
 * @param standard whether the standard streams are used instead
 */
record ParentVariable(long parent, @Nullable String in, @Nullable String out, boolean standard) {

	static final String NAME = "NAMEDPIPE_PARENT";

	static final String STANDARD_STREAMS = "standard-streams";

	private static final Pattern FORM = Pattern.compile("(\\d{1,18}):(?:(standard-streams)|(\\d*),(\\d*))");

	static void set(Map<String, String> environment, String value) {
		environment.put(NAME, ProcessHandle.current().pid() + ":" + value);
	}

	static String handles(@Nullable String in, @Nullable String out) {
		return ((in != null) ? in : "") + "," + ((out != null) ? out : "");
	}

	static ParentVariable parse(String value, long parent) {
		Matcher matcher = FORM.matcher(value);
		if (!matcher.matches()) {
			throw new PipeNotFoundException("The environment variable %s has the value '%s' and not the parent's pipes"
				.formatted(NAME, LogText.of(value)));
		}
		ParentVariable variable = new ParentVariable(Long.parseLong(matcher.group(1)), orNull(matcher.group(3)),
				orNull(matcher.group(4)), matcher.group(2) != null);
		if (variable.parent != parent) {
			throw new PipeNotFoundException(
					("The environment variable %s is meant for a child of the process %d, and the parent of this one is %d: "
							+ "a program in between has passed it on. Let the parent start this program itself, "
							+ "or pass it the handles as arguments")
						.formatted(NAME, variable.parent, parent));
		}
		return variable;
	}

	private static @Nullable String orNull(@Nullable String text) {
		return (text != null && !text.isEmpty()) ? text : null;
	}

}
