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

package io.namedpipe.posix;

import org.jspecify.annotations.Nullable;

/**
 * Native functions cannot be called, since JNA is missing or does not load. The message
 * names the first cause and what to do.
 *
 * @since 0.1.0
 */
public final class JnaUnavailableException extends RuntimeException {

	JnaUnavailableException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
