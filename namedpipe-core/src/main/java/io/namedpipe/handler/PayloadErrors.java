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

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.validation.BindingResult;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeRequestException;

/**
 * Tells clients which fields of a payload break a rule, and nothing of their content.
 */
final class PayloadErrors {

	/** A key of a map, and what is behind it. */
	private static final Pattern KEY = Pattern.compile("\\[(?!\\d+]).*", Pattern.DOTALL);

	private PayloadErrors() {
	}

	static PipeRequestException failure(MethodArgumentNotValidException invalid) {
		BindingResult result = invalid.getBindingResult();
		Map<String, String> fields = new TreeMap<>();
		String errors = "it breaks a rule";
		if (result != null && result.hasErrors()) {
			result.getFieldErrors()
				.forEach((error) -> fields.merge(name(error), rule(error), (first, second) -> first + ", " + second));
			errors = String.join(", ", result.getAllErrors().stream().map(PayloadErrors::describe).sorted().toList());
		}
		return new PipeRequestException(
				new PipeFailure(Code.BAD_REQUEST, "the payload is not valid: " + errors, Map.of(), fields), null);
	}

	private static String describe(ObjectError error) {
		return (error instanceof FieldError field) ? name(field) + " " + rule(field) : rule(error);
	}

	// A key of a map in the path of a field is content.
	private static String name(FieldError error) {
		return KEY.matcher(error.getField()).replaceFirst("[*]");
	}

	// Spring's message about a value that does not convert has the value in it.
	private static String rule(ObjectError error) {
		if (error instanceof FieldError field && field.isBindingFailure()) {
			return (field.getRejectedValue() != null) ? "has a value of another type" : "is missing";
		}
		return String.valueOf(error.getDefaultMessage());
	}

}
