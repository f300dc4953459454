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
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.SpringProxy;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.RunAsClient;

/**
 * Finds the {@link PipeEndpoint @PipeEndpoint} beans and their handler methods. Refuses
 * {@link RunAsClient @RunAsClient} on other beans, where it has no effect.
 */
final class PipeEndpointScanner {

	private final ConfigurableListableBeanFactory beanFactory;

	PipeEndpointScanner(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Find the handler methods.
	 * @param configuredIds the ids of the pipes that are configured
	 * @param methodsByPipe takes the methods by the ids of the pipes that they serve
	 * @param factory creates the methods
	 */
	void scan(Set<String> configuredIds, Map<String, List<PipeHandlerMethod>> methodsByPipe,
			HandlerMethodFactory factory) {
		endpointTypes().forEach((beanName, type) -> {
			String id = pipeId(beanName, type, configuredIds);
			String known = PipeIds.find(id, methodsByPipe.keySet());
			methodsByPipe.computeIfAbsent((known != null) ? known : id, (key) -> new ArrayList<>())
				.addAll(methods(beanName, type, factory));
		});
	}

	/**
	 * Find the ids alone.
	 * @param configuredIds the ids of the pipes that are configured
	 * @return the ids of the pipes that the endpoints serve
	 */
	Set<String> ids(Set<String> configuredIds) {
		return endpointTypes().entrySet()
			.stream()
			.map((entry) -> pipeId(entry.getKey(), entry.getValue(), configuredIds))
			.collect(Collectors.toCollection(LinkedHashSet::new));
	}

	// By bean name. The type of an interface-based proxy does not have the annotation,
	// therefore the target class is looked at too.
	private Map<String, Class<?>> endpointTypes() {
		List<String> annotated = List.of(this.beanFactory.getBeanNamesForAnnotation(PipeEndpoint.class));
		Set<String> names = new LinkedHashSet<>(annotated);
		names.addAll(List.of(this.beanFactory.getBeanDefinitionNames()));
		Map<String, Class<?>> types = new LinkedHashMap<>();
		for (String name : names) {
			if (isInstantiable(name)) {
				Class<?> type = targetType(name);
				if (annotated.contains(name)
						|| (type != null && AnnotatedElementUtils.hasAnnotation(type, PipeEndpoint.class))) {
					types.put(name, known(name, type));
				}
				else if (type != null) {
					requireNoRunAsClient(type);
				}
			}
		}
		return types;
	}

	// A developer would rely on a protection that does not exist.
	private static void requireNoRunAsClient(Class<?> type) {
		if (type.getName().startsWith("org.springframework.")) {
			return;
		}
		if (type.isAnnotationPresent(RunAsClient.class)
				|| declaredMethods(type).anyMatch((method) -> method.isAnnotationPresent(RunAsClient.class))) {
			throw new InvalidPipeEndpointException(
					"%s has @RunAsClient and is no @PipeEndpoint: nothing would run as the client; use PipeSecurityContext.runAsClient"
						.formatted(type.getName()));
		}
	}

	private static Stream<Method> declaredMethods(Class<?> type) {
		try {
			return Stream.of(type.getDeclaredMethods());
		}
		catch (NoClassDefFoundError ex) {
			// A method signature has a class of an optional dependency that is missing;
			// the methods cannot be looked at.
			return Stream.empty();
		}
	}

	private boolean isInstantiable(String beanName) {
		return !ScopedProxyUtils.isScopedTarget(beanName) && !(this.beanFactory.containsBeanDefinition(beanName)
				&& this.beanFactory.getMergedBeanDefinition(beanName).isAbstract());
	}

	private @Nullable Class<?> targetType(String beanName) {
		Class<?> type = AutoProxyUtils.determineTargetClass(this.beanFactory, beanName);
		if (type != null && ScopedObject.class.isAssignableFrom(type)) {
			type = AutoProxyUtils.determineTargetClass(this.beanFactory, ScopedProxyUtils.getTargetBeanName(beanName));
		}
		Object made = (type != null && Proxy.isProxyClass(type)) ? this.beanFactory.getSingleton(beanName) : null;
		if (made != null) {
			// A proxy that a factory method has made.
			type = AopProxyUtils.ultimateTargetClass(made);
		}
		return (type != null) ? ClassUtils.getUserClass(type) : null;
	}

	private static Class<?> known(String beanName, @Nullable Class<?> type) {
		if (type == null) {
			throw new InvalidPipeEndpointException("The type of the endpoint '%s' is not known".formatted(beanName));
		}
		return type;
	}

	private String pipeId(String beanName, Class<?> type, Set<String> configured) {
		PipeEndpoint annotation = this.beanFactory.findAnnotationOnBean(beanName, PipeEndpoint.class, false);
		if (annotation == null) {
			annotation = AnnotatedElementUtils.findMergedAnnotation(type, PipeEndpoint.class);
		}
		String id = resolve(this.beanFactory, (annotation != null) ? annotation.value() : "", type.getName());
		if (StringUtils.hasText(id)) {
			return id;
		}
		if (configured.size() == 1) {
			return configured.iterator().next();
		}
		throw new InvalidPipeEndpointException(
				"%s names no pipe, and %d pipes are configured: write @PipeEndpoint(\"id\")%s".formatted(type.getName(),
						configured.size(), configured.isEmpty() ? "" : " with one of " + configured));
	}

	/**
	 * Resolve the placeholders in a text of an annotation.
	 * @param beanFactory has the properties
	 * @param text the text
	 * @param place what has the annotation
	 * @return the text with the values of the properties
	 * @throws InvalidPipeEndpointException if there is no such property
	 */
	static String resolve(ConfigurableBeanFactory beanFactory, String text, String place) {
		try {
			return Objects.requireNonNullElse(beanFactory.resolveEmbeddedValue(text), "");
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidPipeEndpointException("%s cannot be used: %s".formatted(place, ex.getMessage()));
		}
	}

	private List<PipeHandlerMethod> methods(String beanName, Class<?> type, HandlerMethodFactory factory) {
		Set<Method> methods = MethodIntrospector.selectMethods(type,
				(Method method) -> AnnotatedElementUtils.hasAnnotation(method, MessageMapping.class));
		if (methods.isEmpty()) {
			throw new InvalidPipeEndpointException(
					"%s has no @PipeMapping method: it cannot answer anything".formatted(type.getName()));
		}
		return methods.stream().map((method) -> factory.create(beanName, type, invocable(beanName, method))).toList();
	}

	// An interface-based proxy may not have the method, and a class-based proxy does not
	// pass private methods on to its target.
	private Method invocable(String beanName, Method method) {
		Class<?> exposed = this.beanFactory.getType(beanName);
		try {
			if (exposed != null && SpringProxy.class.isAssignableFrom(exposed) && !Proxy.isProxyClass(exposed)
					&& Modifier.isFinal(method.getModifiers())) {
				throw new IllegalStateException("it is final, and would be called on the proxy itself");
			}
			return (exposed != null) ? AopUtils.selectInvocableMethod(method, exposed) : method;
		}
		catch (IllegalStateException ex) {
			throw new InvalidPipeEndpointException("The handler method %s.%s cannot be called through a proxy: %s"
				.formatted(method.getDeclaringClass().getName(), method.getName(), ex.getMessage()));
		}
	}

	/**
	 * Creates handler methods.
	 */
	@FunctionalInterface
	interface HandlerMethodFactory {

		PipeHandlerMethod create(String beanName, Class<?> beanType, Method method);

	}

}
