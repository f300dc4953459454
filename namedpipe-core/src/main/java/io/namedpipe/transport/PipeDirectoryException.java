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

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a pipe cannot be created in the directory of its socket, for instance
 * because the directory is missing, read-only or full.
 *
 * @since 0.1.0
 */
public class PipeDirectoryException extends PipeException {

	private final transient Path directory;

	private final String action;

	/**
	 * Create the exception.
	 * @param message what happened
	 * @param directory the directory
	 * @param action what to do, as a sentence
	 * @param cause what the operating system or the JDK reported
	 */
	public PipeDirectoryException(String message, Path directory, String action, @Nullable Throwable cause) {
		super(message + ". " + action, cause);
		this.directory = directory;
		this.action = action;
	}

	/**
	 * The directory that the pipe cannot be created in.
	 * @return the directory
	 */
	public Path directory() {
		return this.directory;
	}

	/**
	 * What to do about it.
	 * @return a sentence, which the message ends with
	 */
	public String action() {
		return this.action;
	}

}
