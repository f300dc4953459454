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

import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.handler.invocation.MethodArgumentResolutionException;

import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeImpersonationException;
import io.namedpipe.transport.PipeMessageTooLargeException;
import io.namedpipe.transport.PipeTimeoutException;

/**
 * Says of an exception what kind of failure it is.
 */
final class PipeFailures {

	private PipeFailures() {
	}

	static PipeFailure of(Throwable thrown) {
		Throwable cause = unwrap(thrown);
		return new PipeFailure(code(cause), describe(cause));
	}

	private static Throwable unwrap(Throwable thrown) {
		Throwable cause = thrown.getCause();
		boolean wrapper = thrown instanceof CompletionException || thrown instanceof ExecutionException
				|| thrown instanceof UncheckedIOException;
		return (wrapper && cause != null) ? unwrap(cause) : thrown;
	}

	private static Code code(Throwable cause) {
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
		if (cause instanceof MessageConversionException || cause instanceof MethodArgumentResolutionException
				|| cause instanceof PipeProtocolException || cause instanceof InvalidPathException
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
		if (message == null || message.isEmpty()) {
			return cause.getClass().getSimpleName();
		}
		return message;
	}

	/**
	 * Whether the failure is the world's and not the program's: worth a line in the log,
	 * not a stack trace.
	 * @param failure the failure
	 * @param thrown what was thrown
	 * @return {@code true} if it is expected to happen
	 */
	static boolean isExpected(PipeFailure failure, Throwable thrown) {
		return failure.code() != Code.INTERNAL || unwrap(thrown) instanceof IOException;
	}

}
