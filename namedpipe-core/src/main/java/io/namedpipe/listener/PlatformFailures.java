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

import org.springframework.core.NestedExceptionUtils;

import io.namedpipe.transport.PipeException;

/**
 * Says what to do about errors of the JVM that keep a pipe from being served.
 */
final class PlatformFailures {

	private PlatformFailures() {
	}

	static PipeException translate(Error error) {
		Throwable first = NestedExceptionUtils.getMostSpecificCause(error);
		String message = (error instanceof OutOfMemoryError)
				? "No memory or no thread is left (%s); raise the limits (-Xmx, ulimit -u)"
				: "A class is missing or does not load (%s); add its module or library, and restart the application";
		return new PipeException(message.formatted((first.getMessage() != null) ? first.getMessage() : first), error);
	}

}
