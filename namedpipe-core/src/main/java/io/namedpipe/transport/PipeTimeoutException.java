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

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the time for an operation is over. The operation has ended: its buffer is
 * no longer used.
 *
 * @since 0.1.0
 */
public class PipeTimeoutException extends PipeException {

	public PipeTimeoutException(String message) {
		super(message);
	}

	public PipeTimeoutException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

	/**
	 * The time-out of a channel is over.
	 * @param operation what did not finish, such as "read"
	 * @param timeout the time-out
	 * @param cause what the JDK reported, {@code null} if nothing
	 * @return the exception
	 */
	public static PipeTimeoutException of(String operation, Duration timeout, @Nullable Throwable cause) {
		return new PipeTimeoutException("The %s did not finish within %d ms".formatted(operation, timeout.toMillis()),
				cause);
	}

}
