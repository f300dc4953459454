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

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeException;

/**
 * Thrown when a container cannot listen on its pipe. The cause has the reason.
 *
 * @since 0.1.0
 */
public class PipeListenerStartupException extends PipeException {

	private final String pipeId;

	private final @Nullable String pipeName;

	/**
	 * Create the exception.
	 * @param pipeId the id of the pipe
	 * @param pipeName the name of the pipe, if known
	 * @param cause why it cannot be listened on
	 */
	public PipeListenerStartupException(String pipeId, @Nullable String pipeName, PipeException cause) {
		super("The pipe with the id '%s' cannot be served: %s".formatted(pipeId, cause.getMessage()), cause);
		this.pipeId = pipeId;
		this.pipeName = pipeName;
	}

	/**
	 * The id of the pipe, as in {@code namedpipe.server.pipes.<id>}.
	 * @return the id
	 */
	public String getPipeId() {
		return this.pipeId;
	}

	/**
	 * The name of the pipe.
	 * @return the name, {@code null} if it is not known
	 */
	public @Nullable String getPipeName() {
		return this.pipeName;
	}

}
