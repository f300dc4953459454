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
 * Thrown when the caller's identity could not be taken on, or the server's own could not
 * be put back. Code that was to run as the caller has not run with the server's rights.
 *
 * @since 0.1.0
 */
public class PipeImpersonationException extends PipeException {

	private final boolean threadTainted;

	public PipeImpersonationException(String message) {
		this(message, null);
	}

	public PipeImpersonationException(String message, @Nullable Throwable cause) {
		this(message, cause, false);
	}

	public PipeImpersonationException(String message, @Nullable Throwable cause, boolean threadTainted) {
		super(message, cause);
		this.threadTainted = threadTainted;
	}

	/**
	 * Whether the thread that this was thrown on may have an identity that is not its
	 * own, and must never be used again.
	 * @return {@code false} if the thread has its own identity
	 */
	public boolean isThreadTainted() {
		return this.threadTainted;
	}

}
