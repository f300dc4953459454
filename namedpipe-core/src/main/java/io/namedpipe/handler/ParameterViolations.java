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

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import org.springframework.validation.method.MethodValidationException;
import org.springframework.validation.method.ParameterErrors;
import org.springframework.validation.method.ParameterValidationResult;

import io.namedpipe.protocol.PipeRequestException;

/**
 * Tells what a request did wrong when the proxy of a class that is {@code @Validated}
 * refuses the arguments of a handler method. What it refuses in the result, or in a call
 * of another bean, is a failure of the server.
 */
final class ParameterViolations {

	private static final boolean API_PRESENT = ClassUtils.isPresent("jakarta.validation.ConstraintViolationException",
			ParameterViolations.class.getClassLoader());

	private ParameterViolations() {
	}

	/**
	 * Find what the request did wrong.
	 * @param thrown what the call has thrown
	 * @param method the handler method
	 * @return the failure for the client, {@code null} if something else is wrong
	 */
	static @Nullable PipeRequestException failure(Exception thrown, Method method) {
		Map<String, String> fields = new TreeMap<>();
		if (thrown instanceof MethodValidationException invalid) {
			if (!invalid.isForReturnValue() && isSame(invalid.getMethod(), method)) {
				invalid.getParameterValidationResults().forEach((result) -> add(fields, result));
			}
		}
		else if (API_PRESENT) {
			Jakarta.add(fields, thrown, method);
		}
		return fields.isEmpty() ? null : PayloadErrors.failure(fields);
	}

	private static boolean isSame(Method proxied, Method method) {
		return proxied.getName().equals(method.getName())
				&& Arrays.equals(proxied.getParameterTypes(), method.getParameterTypes())
				&& proxied.getDeclaringClass().isAssignableFrom(method.getDeclaringClass());
	}

	private static void add(Map<String, String> fields, ParameterValidationResult result) {
		String index = (result.getContainerIndex() != null) ? "[%d]".formatted(result.getContainerIndex()) : "";
		String name = result.getMethodParameter().getParameter().getName() + index;
		if (result instanceof ParameterErrors errors) {
			PayloadErrors.add(fields, name, errors);
			return;
		}
		result.getResolvableErrors().forEach((error) -> PayloadErrors.add(fields, name, error.getDefaultMessage()));
	}

	/**
	 * Loaded only where the API of Jakarta Validation is.
	 */
	private static final class Jakarta {

		/** Elements of containers, such as {@code .<list element>}. */
		private static final Pattern ELEMENT = Pattern.compile("\\.?<[^>]*>");

		static void add(Map<String, String> fields, Exception thrown, Method method) {
			if (thrown instanceof ConstraintViolationException invalid) {
				Set<ConstraintViolation<?>> violations = invalid.getConstraintViolations();
				if (violations != null && violations.stream().allMatch((each) -> isOfParameter(each, method))) {
					violations.forEach((each) -> PayloadErrors.add(fields, field(each), each.getMessage()));
				}
			}
		}

		private static boolean isOfParameter(ConstraintViolation<?> violation, Method method) {
			Iterator<Path.Node> nodes = violation.getPropertyPath().iterator();
			Path.Node first = nodes.hasNext() ? nodes.next() : null;
			return first != null && first.getKind() == ElementKind.METHOD && method.getName().equals(first.getName())
					&& method.getDeclaringClass().isAssignableFrom(violation.getRootBeanClass()) && nodes.hasNext()
					&& nodes.next().getKind() == ElementKind.PARAMETER;
		}

		// Of method.parameter, the parameter; of method.parameter.field, the field.
		private static String field(ConstraintViolation<?> violation) {
			String path = ELEMENT.matcher(violation.getPropertyPath().toString()).replaceAll("");
			String parameter = path.substring(path.indexOf('.') + 1);
			return parameter.substring(parameter.indexOf('.') + 1);
		}

	}

}
