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
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.LogText;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeImpersonationException;
import io.namedpipe.transport.PipeMessageTooLargeException;
import io.namedpipe.transport.PipeTimeoutException;

/**
 * The answer to a request that has failed.
 *
 * @param code the kind of failure
 * @param message what went wrong; it is sent to the client
 * @param headers headers of the answer, in a protocol that has them; a status in them
 * takes the place of the one that the code stands for
 * @param fields what is wrong with each field of the payload; empty if nothing is, or if
 * it is not known
 * @since 0.1.0
 */
public record PipeFailure(Code code, String message, Map<String, String> headers,
		Map<String, String> fields) implements Serializable {

	private static final String UNKNOWN = "the server failed to handle the request";

	public PipeFailure {
		headers = Map.copyOf(headers);
		headers.forEach((name, value) -> {
			if ((name + value).chars().anyMatch((character) -> character == '\r' || character == '\n')) {
				throw new IllegalArgumentException("A line break in the header '%s'".formatted(LogText.of(name)));
			}
		});
		fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
	}

	/**
	 * Make a failure without headers and fields.
	 * @param code the kind of failure
	 * @param message what went wrong; it is sent to the client
	 */
	public PipeFailure(Code code, String message) {
		this(code, message, Map.of(), Map.of());
	}

	/**
	 * Make the failure that the client is told of an exception. The message of an
	 * exception whose type is not known here is replaced, since it may not be meant for
	 * clients.
	 * @param thrown the exception
	 * @return the failure
	 */
	public static PipeFailure of(Throwable thrown) {
		Throwable cause = unwrap(thrown);
		if (cause instanceof PipeRequestException ex) {
			return ex.getFailure();
		}
		Code code = code(cause);
		boolean known = code != Code.INTERNAL || cause instanceof IOException;
		return new PipeFailure(code, known ? describe(cause) : UNKNOWN);
	}

	/**
	 * What a client may know of a failure: not where the server keeps its files, nor why
	 * its own input or output fails. The log has that.
	 * @param thrown the exception that led to the failure, {@code null} if there is none
	 * @return the same failure, or one that says less
	 */
	PipeFailure forClient(@Nullable Throwable thrown) {
		Throwable cause = (thrown != null) ? unwrap(thrown) : null;
		String told = this.message;
		if (cause instanceof FileSystemException ex) {
			told = withoutFolder(withoutFolder(told, ex.getFile()), ex.getOtherFile());
		}
		else if (cause instanceof FileNotFoundException) {
			told = "no such file";
		}
		else if (this.code == Code.INTERNAL && cause instanceof IOException) {
			told = UNKNOWN;
		}
		return told.equals(this.message) ? this : new PipeFailure(this.code, told, this.headers, this.fields);
	}

	private static String withoutFolder(String message, @Nullable String file) {
		int slash = (file != null) ? Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) : -1;
		return (file != null && slash >= 0) ? message.replace(file, file.substring(slash + 1)) : message;
	}

	/**
	 * Remove exceptions that only wrap another one, such as {@link CompletionException}.
	 * @param thrown the exception
	 * @return the first exception in the chain of causes that is no wrapper
	 */
	public static Throwable unwrap(Throwable thrown) {
		Throwable cause = thrown.getCause();
		boolean wrapper = thrown instanceof CompletionException || thrown instanceof ExecutionException
				|| thrown instanceof UncheckedIOException || thrown instanceof UndeclaredThrowableException
				|| (thrown instanceof IOException && cause instanceof PipeException);
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
		if (cause instanceof PipeProtocolException || cause instanceof InvalidPathException
				|| cause instanceof FileSystemException) {
			return Code.BAD_REQUEST;
		}
		return Code.INTERNAL;
	}

	private static String describe(Throwable cause) {
		String message = cause.getMessage();
		if (cause instanceof InvalidPathException path && path.getReason().startsWith("Malformed input")) {
			return "%s (this JVM writes file names in %s; start it in a UTF-8 locale, such as LC_ALL=C.UTF-8)"
				.formatted(message, System.getProperty("sun.jnu.encoding"));
		}
		if (cause instanceof NoSuchFileException) {
			return "no such file: " + message;
		}
		if (cause instanceof AccessDeniedException) {
			return "permission denied: " + message;
		}
		if (cause instanceof NotDirectoryException) {
			return "no folder: " + message;
		}
		return (message != null && !message.isEmpty()) ? message : cause.getClass().getSimpleName();
	}

	/**
	 * The kinds of failure.
	 *
	 * @since 0.1.0
	 */
	public enum Code {

		/** The server cannot understand or accept the request. */
		BAD_REQUEST,

		/** The requested file or resource does not exist. */
		NOT_FOUND,

		/** The caller has no permission. */
		ACCESS_DENIED,

		/** The request or the reply exceeds a limit. */
		TOO_LARGE,

		/** The server handles as many requests as it may; try again later. */
		BUSY,

		/** The request was not handled in time. */
		TIMEOUT,

		/** The server could not take on the caller's identity. */
		IMPERSONATION_FAILED,

		/** The server failed for another reason. */
		INTERNAL

	}

}
