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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.util.ClassUtils;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.listener.PipeContainerSettings;
import io.namedpipe.listener.PipeContainerSettingsResolver;
import io.namedpipe.listener.PipeListenerContainerFactory;
import io.namedpipe.listener.PipeListenerEndpointRegistry;
import io.namedpipe.listener.PipeRequestHandler;

/**
 * Finds the {@link PipeEndpoint @PipeEndpoint} beans when all singletons are there, and
 * registers a container for each pipe that they serve. Beans are looked at by their type;
 * they are not created for it.
 */
public class PipeEndpointRegistrar implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(PipeEndpointRegistrar.class);

	private final ConfigurableListableBeanFactory beanFactory;

	private final PipeContainerSettingsResolver settingsResolver;

	private final PipeListenerContainerFactory containerFactory;

	private final PipeListenerEndpointRegistry registry;

	private final PipeRequestHandlerFactory handlerFactory;

	/**
	 * Create the registrar.
	 * @param beanFactory where the beans are
	 * @param settingsResolver has the settings of the pipes
	 * @param containerFactory makes the containers
	 * @param registry takes the containers
	 * @param handlerFactory makes handlers of methods
	 */
	public PipeEndpointRegistrar(ConfigurableListableBeanFactory beanFactory,
			PipeContainerSettingsResolver settingsResolver, PipeListenerContainerFactory containerFactory,
			PipeListenerEndpointRegistry registry, PipeRequestHandlerFactory handlerFactory) {
		this.beanFactory = beanFactory;
		this.settingsResolver = settingsResolver;
		this.containerFactory = containerFactory;
		this.registry = registry;
		this.handlerFactory = handlerFactory;
	}

	@Override
	public void afterSingletonsInstantiated() {
		Map<String, List<PipeHandlerMethod>> methodsByPipe = new LinkedHashMap<>();
		endpointTypes().forEach(
				(beanName, type) -> methodsByPipe.computeIfAbsent(pipeId(beanName, type), (id) -> new ArrayList<>())
					.addAll(methods(beanName, type)));
		methodsByPipe.forEach(this::register);
		for (String id : this.settingsResolver.configuredIds()) {
			if (!methodsByPipe.containsKey(id)) {
				logger
					.warn("The pipe '%s' is configured and no @PipeEndpoint serves it: it is not opened".formatted(id));
			}
		}
	}

	// By the name of the bean. What a proxy by interface shows has not the annotation.
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
			}
		}
		return types;
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
		return (type != null) ? ClassUtils.getUserClass(type) : null;
	}

	private static Class<?> known(String beanName, @Nullable Class<?> type) {
		if (type == null) {
			throw new InvalidPipeEndpointException("The type of the endpoint '%s' is not known".formatted(beanName));
		}
		return type;
	}

	private String pipeId(String beanName, Class<?> type) {
		PipeEndpoint annotation = this.beanFactory.findAnnotationOnBean(beanName, PipeEndpoint.class, false);
		if (annotation == null) {
			annotation = AnnotatedElementUtils.findMergedAnnotation(type, PipeEndpoint.class);
		}
		String value = (annotation != null) ? this.beanFactory.resolveEmbeddedValue(annotation.value()) : null;
		if (value != null && !value.isEmpty()) {
			return value;
		}
		Set<String> configured = this.settingsResolver.configuredIds();
		if (configured.size() == 1) {
			return configured.iterator().next();
		}
		throw new InvalidPipeEndpointException(
				"%s names no pipe, and %d pipes are configured: write @PipeEndpoint(\"id\") with one of %s"
					.formatted(type.getName(), configured.size(), configured));
	}

	private List<PipeHandlerMethod> methods(String beanName, Class<?> type) {
		Set<Method> methods = MethodIntrospector.selectMethods(type,
				(Method method) -> AnnotatedElementUtils.hasAnnotation(method, MessageMapping.class));
		if (methods.isEmpty()) {
			throw new InvalidPipeEndpointException(
					"%s has no @PipeMapping method: it cannot answer anything".formatted(type.getName()));
		}
		return methods.stream()
			.map((method) -> this.handlerFactory.method(beanName, type, invocable(beanName, method)))
			.toList();
	}

	// A proxy by interface may not have the method, and a proxy by class does not hand a
	// private one to the bean behind it.
	private Method invocable(String beanName, Method method) {
		Class<?> exposed = this.beanFactory.getType(beanName);
		try {
			return (exposed != null) ? AopUtils.selectInvocableMethod(method, exposed) : method;
		}
		catch (IllegalStateException ex) {
			throw new InvalidPipeEndpointException("The handler method %s.%s cannot be called through a proxy: %s"
				.formatted(method.getDeclaringClass().getName(), method.getName(), ex.getMessage()));
		}
	}

	private void register(String pipeId, List<PipeHandlerMethod> methods) {
		PipeContainerSettings settings = this.settingsResolver.resolve(pipeId);
		methods.forEach((method) -> HandlerSignature.check(method, settings.protocol()));
		Map<String, PipeHandlerMethod> routes = settings.protocol().hasRoutes() ? routes(methods)
				: Map.of("", only(pipeId, methods, settings));
		PipeRequestHandler handler = this.handlerFactory.handler(routes, settings.requestTimeout());
		this.registry.register(this.containerFactory.create(settings, handler));
	}

	private static PipeHandlerMethod only(String pipeId, List<PipeHandlerMethod> methods,
			PipeContainerSettings settings) {
		if (methods.size() > 1) {
			throw new InvalidPipeEndpointException(
					"The pipe '%s' has %d @PipeMapping methods, and requests of the protocol %s cannot tell them apart: %s"
						.formatted(pipeId, methods.size(), settings.protocol().name(),
								methods.stream().map(PipeHandlerMethod::method).toList()));
		}
		return methods.get(0);
	}

	private static Map<String, PipeHandlerMethod> routes(List<PipeHandlerMethod> methods) {
		Map<String, PipeHandlerMethod> routes = new HashMap<>();
		for (PipeHandlerMethod method : methods) {
			for (String route : mappedRoutes(method.method())) {
				PipeHandlerMethod former = routes.putIfAbsent(route, method);
				if (former != null) {
					throw new InvalidPipeEndpointException("The route '%s' has two handlers: %s and %s".formatted(route,
							former.method(), method.method()));
				}
			}
		}
		return routes;
	}

	private static String[] mappedRoutes(Method method) {
		MessageMapping mapping = AnnotatedElementUtils.findMergedAnnotation(method, MessageMapping.class);
		String[] routes = (mapping != null) ? mapping.value() : new String[0];
		return (routes.length > 0) ? routes : new String[] { "" };
	}

}
