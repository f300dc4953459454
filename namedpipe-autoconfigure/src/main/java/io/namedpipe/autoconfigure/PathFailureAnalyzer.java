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

import java.nio.file.InvalidPathException;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Explains a property that is a path which this JVM cannot write. Boot's analysis says
 * that it cannot be converted, and not that the locale is the reason.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class PathFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		String name = cause.getName().toString();
		if (!name.startsWith("namedpipe.")
				|| !(NestedExceptionUtils.getMostSpecificCause(cause) instanceof InvalidPathException path)
				|| !path.getReason().startsWith("Malformed input")) {
			return null;
		}
		return new FailureAnalysis(
				"The value of '%s' is a path which this JVM cannot use, since it writes file names in %s (system property 'sun.jnu.encoding')."
					.formatted(name, System.getProperty("sun.jnu.encoding")),
				"Start the application in a UTF-8 locale, such as LC_ALL=C.UTF-8, or set '%s' to a path in ASCII."
					.formatted(name),
				cause);
	}

}
