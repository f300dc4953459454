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

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.transport.PipeException;

/**
 * Thrown by a handler to fail a request with a code that it chooses. If the protocol can
 * carry failures, the client is sent the code and the message, and its session throws
 * this exception too.
 *
 * @since 0.1.0
 */
public class PipeRequestException extends PipeException {

	private final PipeFailure failure;

	/**
	 * Create the exception.
	 * @param code the kind of failure
	 * @param message what went wrong, which the client may see
	 */
	public PipeRequestException(Code code, String message) {
		this(code, message, null);
	}

	/**
	 * Create the exception.
	 * @param code the kind of failure
	 * @param message what went wrong, which the client may see
	 * @param cause why
	 */
	public PipeRequestException(Code code, String message, @Nullable Throwable cause) {
		this(new PipeFailure(code, message), cause);
	}

	/**
	 * Create the exception.
	 * @param failure the failure, which the client may see
	 * @param cause why
	 */
	public PipeRequestException(PipeFailure failure, @Nullable Throwable cause) {
		super(failure.message(), cause);
		this.failure = failure;
	}

	/**
	 * The failure as the client is told it, or was told it by the server.
	 * @return the failure
	 */
	public PipeFailure getFailure() {
		return this.failure;
	}

	/**
	 * The kind of failure.
	 * @return the code
	 */
	public Code getCode() {
		return this.failure.code();
	}

}
