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

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;
import org.springframework.validation.annotation.ValidationAnnotationUtils;

/**
 * Finds parameters and results with constraints that nothing would validate.
 */
final class ParameterValidation {

	private static final String CONSTRAINT = "jakarta.validation.Constraint";

	private static final String NO_VALIDATOR = "is to be validated, and there is no validator that is the only or the primary one; add spring-boot-starter-validation";

	private static final String UNCHECKED = "has a constraint that nothing checks; annotate the class with @Validated";

	private ParameterValidation() {
	}

	/**
	 * Find what is wrong.
	 * @param parameter the parameter
	 * @param conversion makes the argument
	 * @param handler has the method
	 * @return what is wrong and what to do, {@code null} if nothing is
	 */
	static @Nullable String problem(MethodParameter parameter, HandlerConversion conversion,
			PipeHandlerMethod handler) {
		boolean validated = Stream.of(parameter.getParameterAnnotations()).anyMatch(ParameterValidation::isValidated);
		boolean constrained = Stream.of(parameter.getParameterAnnotations()).anyMatch(ParameterValidation::isConstraint)
				|| declarations(parameter.getExecutable(), handler.beanType()).anyMatch(
						(each) -> isNestedValidated(each.getAnnotatedParameterTypes()[parameter.getParameterIndex()]));
		if (!validated && !constrained) {
			return null;
		}
		if (!conversion.validates()) {
			return NO_VALIDATOR;
		}
		if (handler.isMethodValidated()) {
			return null;
		}
		if (constrained) {
			return UNCHECKED;
		}
		if (!conversion.isConvertedPayload(parameter)) {
			return "is to be validated, and is not converted from the payload; annotate the class with @Validated";
		}
		return isContainer(parameter.getParameterType())
				? "is to be validated, and its elements would not be; put it into a class, or annotate the class with @Validated"
				: null;
	}

	/**
	 * Find what is wrong with a result, which only a proxy validates.
	 * @param method the method
	 * @param conversion knows whether there is a validator
	 * @param handler has the method
	 * @return what is wrong and what to do, {@code null} if nothing is
	 */
	static @Nullable String resultProblem(Method method, HandlerConversion conversion, PipeHandlerMethod handler) {
		boolean validated = declarations(method, handler.beanType())
			.anyMatch((declared) -> Stream.of(declared.getAnnotations())
				.anyMatch((each) -> isValidated(each) || isConstraint(each))
					|| isNestedValidated(declared.getAnnotatedReturnType()));
		if (!validated || (handler.isMethodValidated() && conversion.validates())) {
			return null;
		}
		return conversion.validates() ? UNCHECKED : NO_VALIDATOR;
	}

	// A constraint of an interface or of a super class holds too.
	private static Stream<Method> declarations(Executable method, Class<?> beanType) {
		List<Class<?>> types = new ArrayList<>(ClassUtils.getAllInterfacesForClassAsSet(beanType));
		for (Class<?> type = beanType; type != null; type = type.getSuperclass()) {
			types.add(type);
		}
		return types.stream()
			.flatMap((type) -> Stream.of(type.getDeclaredMethods()))
			.filter((each) -> each.equals(method) || isOverridden(each, method, beanType));
	}

	private static boolean isOverridden(Method declared, Executable method, Class<?> beanType) {
		if (Modifier.isPrivate(declared.getModifiers()) || !declared.getName().equals(method.getName())
				|| declared.getParameterCount() != method.getParameterCount()) {
			return false;
		}
		return IntStream.range(0, declared.getParameterCount())
			.allMatch((index) -> ResolvableType.forMethodParameter(declared, index, beanType)
				.toClass() == method.getParameterTypes()[index]);
	}

	private static boolean isContainer(Class<?> type) {
		return type.isArray() || Iterable.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type)
				|| type == Optional.class;
	}

	private static boolean isNestedValidated(AnnotatedType type) {
		if (type instanceof AnnotatedArrayType array) {
			return isNestedValidated(array.getAnnotatedGenericComponentType());
		}
		return type instanceof AnnotatedParameterizedType parameterized
				&& Stream.of(parameterized.getAnnotatedActualTypeArguments())
					.anyMatch((argument) -> Stream.of(argument.getAnnotations())
						.anyMatch((annotation) -> isValidated(annotation) || isConstraint(annotation))
							|| isNestedValidated(argument));
	}

	private static boolean isValidated(Annotation annotation) {
		return ValidationAnnotationUtils.determineValidationHints(annotation) != null;
	}

	// The API of Jakarta Validation may not be there.
	private static boolean isConstraint(Annotation annotation) {
		Object repeated = AnnotationUtils.getValue(annotation);
		return Stream.of(annotation.annotationType().getAnnotations())
			.anyMatch((meta) -> meta.annotationType().getName().equals(CONSTRAINT))
				|| (repeated instanceof Annotation[] several
						&& Stream.of(several).anyMatch(ParameterValidation::isConstraint));
	}

}
