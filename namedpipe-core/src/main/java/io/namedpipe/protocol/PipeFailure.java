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

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeImpersonationException;
import io.namedpipe.transport.PipeMessageTooLargeException;
import io.namedpipe.transport.PipeTimeoutException;

/**
 * The bad answer to a request.
 *
 * @param code the kind of failure
 * @param message what went wrong, fit for the client's eyes
 * @since 0.1.0
 */
public record PipeFailure(Code code, String message) {

	/**
	 * What the client is told of something that was thrown. The message of an exception
	 * that is not known to be meant for clients stays in the server.
	 * @param thrown what was thrown
	 * @return the failure
	 */
	public static PipeFailure of(Throwable thrown) {
		Throwable cause = unwrap(thrown);
		Code code = code(cause);
		boolean known = code != Code.INTERNAL || cause instanceof IOException;
		return new PipeFailure(code, known ? describe(cause) : "the server failed to handle the request");
	}

	/**
	 * What was thrown, without what only carries it.
	 * @param thrown what was thrown
	 * @return the first cause that says something
	 */
	public static Throwable unwrap(Throwable thrown) {
		Throwable cause = thrown.getCause();
		boolean wrapper = thrown instanceof CompletionException || thrown instanceof ExecutionException
				|| thrown instanceof UncheckedIOException;
		return (wrapper && cause != null) ? unwrap(cause) : thrown;
	}

	private static Code code(Throwable cause) {
		if (cause instanceof PipeRequestException ex) {
			return ex.getCode();
		}
		if (cause instanceof NoSuchFileException || cause instanceof FileNotFoundException) {
			return Code.NOT_FOUND;
		}
		if (cause instanceof AccessDeniedException || cause instanceof PipeAccessDeniedException) {
			return Code.ACCESS_DENIED;
		}
		if (cause instanceof PipeMessageTooLargeException) {
			return Code.TOO_LARGE;
		}
		if (cause instanceof PipeImpersonationException) {
			return Code.IMPERSONATION_FAILED;
		}
		if (cause instanceof PipeTimeoutException || cause instanceof TimeoutException) {
			return Code.TIMEOUT;
		}
		if (cause instanceof PipeProtocolException || cause instanceof InvalidPathException
				|| cause instanceof FileSystemException) {
			return Code.BAD_REQUEST;
		}
		return Code.INTERNAL;
	}

	private static String describe(Throwable cause) {
		String message = cause.getMessage();
		if (cause instanceof NoSuchFileException) {
			return "no such file: " + message;
		}
		if (cause instanceof AccessDeniedException) {
			return "permission denied: " + message;
		}
		return (message != null && !message.isEmpty()) ? message : cause.getClass().getSimpleName();
	}

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
