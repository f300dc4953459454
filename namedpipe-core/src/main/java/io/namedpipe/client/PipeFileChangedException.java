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

package io.namedpipe.client;

import io.namedpipe.transport.PipeException;

/**
 * Thrown when a broken download cannot be resumed, because the file on the server is not
 * the one that it began with. What has arrived of the former file is kept, and nothing is
 * mixed. Download it without {@link PipeRequestSpec#resume}.
 *
 * @since 0.1.0
 */
public class PipeFileChangedException extends PipeException {

	/**
	 * Create the exception.
	 * @param message what happened and what to do
	 */
	public PipeFileChangedException(String message) {
		super(message);
	}

}
