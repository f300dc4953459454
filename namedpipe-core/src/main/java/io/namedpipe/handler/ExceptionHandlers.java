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
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.messaging.handler.annotation.support.AnnotationExceptionHandlerMethodResolver;

/**
 * The {@code @MessageExceptionHandler} methods of one bean.
 */
final class ExceptionHandlers {

	private final BeanFactory beanFactory;

	private final String beanName;

	private final Set<Method> methods;

	private final AnnotationExceptionHandlerMethodResolver resolver;

	ExceptionHandlers(BeanFactory beanFactory, String beanName, Class<?> beanType) {
		this.beanFactory = beanFactory;
		this.beanName = beanName;
		this.methods = MethodIntrospector.selectMethods(beanType,
				(Method each) -> AnnotatedElementUtils.hasAnnotation(each, MessageExceptionHandler.class));
		try {
			this.resolver = new AnnotationExceptionHandlerMethodResolver(beanType);
		}
		catch (IllegalStateException | IllegalArgumentException ex) {
			throw new InvalidPipeEndpointException("The @MessageExceptionHandler methods of %s cannot be used: %s"
				.formatted(beanType.getName(), ex.getMessage()));
		}
	}

	Set<Method> methods() {
		return this.methods;
	}

	@Nullable Method find(Exception failure) {
		return this.resolver.resolveMethod(failure);
	}

	Object bean() {
		return this.beanFactory.getBean(this.beanName);
	}

}
