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

import io.namedpipe.transport.PipeException;

/**
 * Thrown when the server closed the connection without a reply. In a protocol that cannot
 * carry failures this means that the request has failed; the server's log has the reason.
 *
 * @since 0.1.0
 */
public class PipeNoReplyException extends PipeException {

	/**
	 * Create the exception.
	 * @param message what happened and what to do
	 */
	public PipeNoReplyException(String message) {
		super(message);
	}

}
