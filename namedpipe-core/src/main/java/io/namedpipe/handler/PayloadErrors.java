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

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.validation.BindingResult;
import org.springframework.validation.Errors;
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
			result.getFieldErrors().forEach((error) -> add(fields, error.getField(), rule(error)));
			errors = String.join(", ", result.getAllErrors().stream().map(PayloadErrors::describe).sorted().toList());
		}
		return failure("the payload is not valid: " + errors, fields);
	}

	/**
	 * Make a failure of what is wrong with parameters.
	 * @param fields what is wrong, by the parameter or the field
	 * @return the failure
	 */
	static PipeRequestException failure(Map<String, String> fields) {
		return failure("the request is not valid: " + join(fields), fields);
	}

	/**
	 * Say what is wrong with a payload.
	 * @param fields what is wrong, by the field
	 * @return the text
	 */
	static String describe(Map<String, String> fields) {
		return "the payload is not valid: " + join(fields);
	}

	private static String join(Map<String, String> fields) {
		return String.join(", ",
				fields.entrySet().stream().map((each) -> each.getKey() + " " + each.getValue()).sorted().toList());
	}

	private static PipeRequestException failure(String message, Map<String, String> fields) {
		return new PipeRequestException(new PipeFailure(Code.BAD_REQUEST, message, Map.of(), fields), null);
	}

	/**
	 * Add what is wrong with a field.
	 * @param fields where to
	 * @param field the path of the field
	 * @param rule the rule that it breaks
	 */
	static void add(Map<String, String> fields, String field, @Nullable String rule) {
		fields.merge(name(field), String.valueOf(rule), (first, second) -> first + ", " + second);
	}

	/**
	 * Add the errors of a parameter.
	 * @param fields where to
	 * @param name the name of the parameter, for errors of no field
	 * @param errors the errors
	 */
	static void add(Map<String, String> fields, String name, Errors errors) {
		errors.getFieldErrors().forEach((error) -> add(fields, error.getField(), rule(error)));
		errors.getGlobalErrors().forEach((error) -> add(fields, name, rule(error)));
	}

	private static String describe(ObjectError error) {
		return (error instanceof FieldError field) ? name(field.getField()) + " " + rule(field) : rule(error);
	}

	// A key of a map in the path of a field is content.
	private static String name(String field) {
		return KEY.matcher(field).replaceFirst("[*]");
	}

	// Spring's message about a value that does not convert has the value in it.
	private static String rule(ObjectError error) {
		if (error instanceof FieldError field && field.isBindingFailure()) {
			return (field.getRejectedValue() != null) ? "has a value of another type" : "is missing";
		}
		return String.valueOf(error.getDefaultMessage());
	}

}
