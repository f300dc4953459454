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

import java.nio.channels.ClosedByInterruptException;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the channel or the server channel was closed on this side, before or during
 * the operation.
 *
 * @since 0.1.0
 */
public class PipeClosedException extends PipeException {

	public PipeClosedException(String message) {
		super(message);
	}

	public PipeClosedException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

	/**
	 * A channel is closed. The reason can be an interrupt of the thread that uses it,
	 * which keeps its interrupt status.
	 * @param cause what the JDK reported, {@code null} if nothing
	 * @return the exception
	 */
	public static PipeClosedException ofChannel(@Nullable Throwable cause) {
		boolean interrupted = cause instanceof ClosedByInterruptException || cause instanceof InterruptedException;
		return new PipeClosedException(interrupted ? "The thread was interrupted, which closes the pipe channel"
				: "The pipe channel is closed", cause);
	}

}
