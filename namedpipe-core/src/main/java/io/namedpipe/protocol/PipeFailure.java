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

package io.namedpipe.protocol;

/**
 * The bad answer to a request.
 *
 * @param code the kind of failure
 * @param message what went wrong, fit for the client's eyes
 */
public record PipeFailure(Code code, String message) {

	/**
	 * The kinds of failure.
	 */
	public enum Code {

		/** The request makes no sense to the server. */
		BAD_REQUEST,

		/** What was asked for does not exist. */
		NOT_FOUND,

		/** The caller may not have it. */
		ACCESS_DENIED,

		/** The request or the reply is over a limit. */
		TOO_LARGE,

		/** The server has no room for the request now. */
		BUSY,

		/** It took too long. */
		TIMEOUT,

		/** The caller's identity could not be taken on. */
		IMPERSONATION_FAILED,

		/** The server failed. */
		INTERNAL

	}

}
