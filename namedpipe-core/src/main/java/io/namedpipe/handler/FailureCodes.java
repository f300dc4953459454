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

package io.namedpipe.handler;

import org.springframework.core.annotation.AnnotatedElementUtils;

import io.namedpipe.annotation.PipeFailureCode;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeRequestException;

/**
 * What {@link PipeFailureCode @PipeFailureCode} says of an exception of the application.
 */
final class FailureCodes {

	private static final int MAX_CAUSES = 16;

	private FailureCodes() {
	}

	/**
	 * Give an exception its code.
	 * @param thrown what a handler threw
	 * @return an exception with the code of the annotation, or the same one if neither it
	 * nor a cause is annotated
	 */
	static Exception apply(Exception thrown) {
		Throwable cause = PipeFailure.unwrap(thrown);
		for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
			PipeFailureCode annotation = AnnotatedElementUtils.findMergedAnnotation(cause.getClass(),
					PipeFailureCode.class);
			if (annotation != null) {
				return new PipeRequestException(annotation.value(), message(cause), thrown);
			}
			if (PipeFailure.of(cause).code() != Code.INTERNAL) {
				// Known without its cause.
				return thrown;
			}
			cause = cause.getCause();
		}
		return thrown;
	}

	private static String message(Throwable cause) {
		String message = cause.getMessage();
		return (message != null && !message.isEmpty()) ? message : cause.getClass().getSimpleName();
	}

}
