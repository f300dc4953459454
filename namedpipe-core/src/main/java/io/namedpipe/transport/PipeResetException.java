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

package io.namedpipe.transport;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the peer has closed the connection, so that written bytes cannot arrive
 * (Win32 {@code ERROR_BROKEN_PIPE}, {@code ERROR_NO_DATA}, {@code EPIPE}).
 *
 * @since 0.1.0
 */
public class PipeResetException extends PipeException {

	public PipeResetException(String message) {
		super(message);
	}

	public PipeResetException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

	/**
	 * The peer of a channel has closed its end before it has read everything.
	 * @param cause what the JDK reported, {@code null} if nothing
	 * @return the exception
	 */
	public static PipeResetException ofWrite(@Nullable Throwable cause) {
		return new PipeResetException("The peer has closed the pipe: what was written cannot arrive", cause);
	}

}
