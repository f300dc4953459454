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

import java.lang.reflect.AnnotatedElement;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.PropertyBindingException;

/**
 * Tells clients which part of their JSON does not fit, and nothing of its content: names
 * of fields are those of the server's classes, keys of maps are not told.
 */
final class JsonErrors {

	private static final boolean JACKSON = ClassUtils.isPresent("tools.jackson.databind.DatabindException",
			JsonErrors.class.getClassLoader());

	private JsonErrors() {
	}

	/**
	 * Find what is wrong with the JSON.
	 * @param thrown what its conversion has thrown
	 * @return what is wrong, by the path of the field; empty if something else is wrong
	 */
	static Map<String, String> fields(Throwable thrown) {
		return JACKSON ? Jackson.fields(thrown) : Map.of();
	}

	/**
	 * Find a class that no JSON can become, which is no fault of the client.
	 * @param thrown what the conversion has thrown
	 * @return the class, {@code null} if something else is wrong
	 */
	static @Nullable String unfitClass(Throwable thrown) {
		return (JACKSON && Jackson.find(thrown) instanceof InvalidDefinitionException invalid)
				? invalid.getType().toCanonical() : null;
	}

	/**
	 * Loaded only where Jackson is.
	 */
	private static final class Jackson {

		static @Nullable JacksonException find(Throwable thrown) {
			Throwable cause = thrown;
			while (cause != null && !(cause instanceof JacksonException)) {
				cause = cause.getCause();
			}
			return (JacksonException) cause;
		}

		static Map<String, String> fields(Throwable thrown) {
			JacksonException invalid = find(thrown);
			if (invalid == null || invalid.getPath().isEmpty()) {
				return Map.of();
			}
			StringBuilder path = new StringBuilder();
			for (int i = 0; i < invalid.getPath().size(); i++) {
				Reference reference = invalid.getPath().get(i);
				boolean last = i == invalid.getPath().size() - 1;
				if (reference.getPropertyName() == null) {
					path.append('[').append(reference.getIndex()).append(']');
				}
				else if (isKey(reference) || (last && invalid instanceof PropertyBindingException)) {
					path.append("[*]");
				}
				else {
					path.append((path.length() > 0) ? "." : "").append(reference.getPropertyName());
				}
			}
			return Map.of(path.toString(), rule(invalid));
		}

		private static String rule(JacksonException invalid) {
			if (invalid instanceof PropertyBindingException) {
				return "is not known";
			}
			if (invalid instanceof InvalidFormatException || invalid instanceof InputCoercionException) {
				return "has a value of another type";
			}
			return (invalid instanceof MismatchedInputException) ? "is missing or has a value of another type"
					: "has a value that is refused";
		}

		private static boolean isKey(Reference reference) {
			Object from = reference.from();
			Class<?> type = (from instanceof Class<?> owner) ? owner : (from != null) ? from.getClass() : Object.class;
			return Map.class.isAssignableFrom(type) || Stream
				.<AnnotatedElement[]>of(type.getMethods(), type.getDeclaredMethods(), type.getDeclaredFields())
				.flatMap(Stream::of)
				.anyMatch((member) -> member.isAnnotationPresent(JsonAnySetter.class));
		}

	}

}
