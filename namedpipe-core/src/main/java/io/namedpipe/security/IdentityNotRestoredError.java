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

package io.namedpipe.security;

/**
 * Thrown when a thread did not get its own identity back after it acted as a client. The
 * thread must not be used again, and the process should be restarted. This is an error,
 * so that code which handles ordinary failures of requests does not catch it.
 *
 * @since 0.1.0
 */
public class IdentityNotRestoredError extends Error {

	/**
	 * Create the error.
	 * @param cause why the identity could not be restored
	 */
	public IdentityNotRestoredError(Throwable cause) {
		super("A thread has a client's identity and cannot be given its own one back: " + cause.getMessage(), cause);
	}

}
