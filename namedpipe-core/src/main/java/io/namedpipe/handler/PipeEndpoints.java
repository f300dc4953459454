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

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.OrderUtils;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.util.ClassUtils;
import org.springframework.validation.Validator;

import io.namedpipe.annotation.PipeAdvice;
import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.PipeExchangeInterceptor;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.ProtocolCapabilities.Feature;
import io.namedpipe.security.ImpersonationExecutor;
import io.namedpipe.transport.FileOpener;

/**
 * Creates exchange handlers from the
 * {@link io.namedpipe.annotation.PipeEndpoint @PipeEndpoint} beans of an application. The
 * signatures of their methods are checked against the capabilities of the pipe's
 * protocol.
 *
 * @since 0.1.0
 */
public class PipeEndpoints implements DisposableBean {

	private static final Log logger = LogFactory.getLog(PipeEndpoints.class);

	/** Time for child contexts to start, until pipes that nobody serves are warned of. */
	private static final int CHECK_SECONDS = 15;

	private final ConfigurableListableBeanFactory beanFactory;

	private final HandlerConversion conversion;

	private final ImpersonationExecutor impersonationExecutor;

	private final List<PipeExchangeInterceptor> interceptors;

	private final ReplyConverter replyConverter;

	/** The pipes that this context and its descendants serve. */
	private final Set<String> servedInTree = ConcurrentHashMap.newKeySet();

	private final CompletableFuture<@Nullable Void> started = new CompletableFuture<>();

	private Executor check = this::runWhenStarted;

	private volatile boolean closed;

	/**
	 * Create the source of handlers.
	 * @param beanFactory the bean factory that has the endpoints
	 * @param converters converters of payloads and results, asked in this order. If none
	 * is for JSON, and Jackson is on the class path, one of the library converts it
	 * @param resolvers resolvers of further parameters, asked before the payload resolver
	 * @param validator validates {@code @Valid} payloads; {@code null} if there is no
	 * validator
	 * @param impersonationExecutor runs {@code @RunAsClient} methods as their callers
	 * @param interceptors surround every exchange
	 * @param fileOpener opens the files that methods return
	 */
	public PipeEndpoints(ConfigurableListableBeanFactory beanFactory, List<MessageConverter> converters,
			List<HandlerMethodArgumentResolver> resolvers, @Nullable Validator validator,
			ImpersonationExecutor impersonationExecutor, List<PipeExchangeInterceptor> interceptors,
			FileOpener fileOpener) {
		this.beanFactory = beanFactory;
		this.conversion = new HandlerConversion(beanFactory, converters, resolvers, validator);
		this.impersonationExecutor = impersonationExecutor;
		this.interceptors = List.copyOf(interceptors);
		this.replyConverter = new ReplyConverter(this.conversion.messageConverter(), fileOpener);
	}

	/**
	 * Find the endpoints: the beans of this application context, and of its ancestors up
	 * to the first one that has {@code PipeEndpoints} of its own. Beans are looked at by
	 * their type; they are not created for it. An id is found in each spelling of a
	 * property: an endpoint of {@code my-pipe} serves the pipe that is configured as
	 * {@code mypipe} or {@code MY_PIPE}. An id that is not configured is an error, unless
	 * it is the only one and none is configured.
	 * @param configuredIds the ids of the pipes that are configured
	 * @return for the id of each pipe that is served, as its endpoint spells it, what
	 * makes its handler
	 * @throws InvalidPipeEndpointException if an endpoint cannot work
	 */
	public Map<String, Function<PipeProtocol, ExchangeHandler>> find(Set<String> configuredIds) {
		Map<String, List<PipeHandlerMethod>> methodsByPipe = new LinkedHashMap<>();
		for (ConfigurableListableBeanFactory each : unservedHierarchy(this.beanFactory)) {
			List<ExceptionHandlers> advices = advices(each);
			new PipeEndpointScanner(each).scan(configuredIds, methodsByPipe,
					(beanName, type, method) -> new PipeHandlerMethod(each, beanName, type, method, this.conversion,
							this.replyConverter, advices));
		}
		requireConfigured(methodsByPipe, configuredIds);
		List<PipeEndpoints> lineage = withAncestors();
		lineage.forEach((endpoints) -> endpoints.servedInTree.addAll(methodsByPipe.keySet()));
		this.check.execute(() -> warnOfUnserved(configuredIds, lineage));
		Map<String, Function<PipeProtocol, ExchangeHandler>> handlers = new LinkedHashMap<>();
		methodsByPipe.forEach((id, methods) -> handlers.put(id, (protocol) -> handler(id, methods, protocol)));
		return handlers;
	}

	/**
	 * The ids of the pipes that the endpoints of an application context serve, without a
	 * look at their methods.
	 * @param beanFactory where the beans are
	 * @param configuredIds the ids of the pipes that are configured
	 * @return the ids
	 * @throws InvalidPipeEndpointException if an endpoint does not say which pipe it
	 * serves
	 */
	public static Set<String> ids(ConfigurableListableBeanFactory beanFactory, Set<String> configuredIds) {
		return new PipeEndpointScanner(beanFactory).ids(configuredIds);
	}

	// For tests, which do not want to wait.
	void check(Executor executor) {
		this.check = executor;
	}

	private void runWhenStarted(Runnable task) {
		this.started.completeOnTimeout(null, CHECK_SECONDS, TimeUnit.SECONDS).thenRunAsync(task);
	}

	@Override
	public void destroy() {
		this.closed = true;
		// What waits for the time would keep the closed application in memory.
		this.started.complete(null);
	}

	private static List<ConfigurableListableBeanFactory> unservedHierarchy(ConfigurableListableBeanFactory own) {
		List<ConfigurableListableBeanFactory> factories = new ArrayList<>();
		factories.add(own);
		for (ConfigurableListableBeanFactory each : ancestors(own)) {
			if (each.getBeanNamesForType(PipeEndpoints.class, true, false).length > 0) {
				// It serves those above it as well.
				return factories;
			}
			factories.add(each);
		}
		return factories;
	}

	private static List<ConfigurableListableBeanFactory> ancestors(ConfigurableListableBeanFactory beanFactory) {
		List<ConfigurableListableBeanFactory> ancestors = new ArrayList<>();
		BeanFactory parent = beanFactory.getParentBeanFactory();
		while (parent instanceof ConfigurableListableBeanFactory ancestor) {
			ancestors.add(ancestor);
			parent = ancestor.getParentBeanFactory();
		}
		return ancestors;
	}

	private static void requireConfigured(Map<String, List<PipeHandlerMethod>> methodsByPipe, Set<String> configured) {
		if (configured.isEmpty() && methodsByPipe.size() == 1) {
			return;
		}
		methodsByPipe.forEach((id, methods) -> {
			if (PipeIds.find(id, configured) == null) {
				throw new InvalidPipeEndpointException(
						"There is no pipe '%s'; configured: %s. Correct the id of %s, or configure the pipe, such as with 'namedpipe.server.pipes.%s.name'"
							.formatted(id, new TreeSet<>(configured),
									methods.get(0).method().getDeclaringClass().getName(), id));
			}
		});
	}

	// Those of this context and of its ancestors.
	private List<PipeEndpoints> withAncestors() {
		List<PipeEndpoints> all = new ArrayList<>(List.of(this));
		for (ConfigurableListableBeanFactory each : ancestors(this.beanFactory)) {
			all.addAll(each.getBeansOfType(PipeEndpoints.class, true, false).values());
		}
		return all;
	}

	// A while after the start, when other contexts of the tree have started too.
	private void warnOfUnserved(Set<String> configured, List<PipeEndpoints> lineage) {
		if (this.closed) {
			return;
		}
		Set<String> served = new HashSet<>();
		lineage.forEach((endpoints) -> served.addAll(endpoints.servedInTree));
		configured.stream()
			.filter((id) -> PipeIds.find(id, served) == null)
			.forEach((id) -> logger
				.warn("The pipe '%s' is configured and no @PipeEndpoint serves it: it is not opened".formatted(id)));
	}

	private static List<ExceptionHandlers> advices(ConfigurableListableBeanFactory beanFactory) {
		record Advice(String name, Class<?> type) {

		}
		return Stream.of(beanFactory.getBeanNamesForAnnotation(PipeAdvice.class))
			.map((name) -> new Advice(name,
					Objects.requireNonNull(AutoProxyUtils.determineTargetClass(beanFactory, name), name)))
			.sorted(Comparator.comparingInt((advice) -> OrderUtils.getOrder(advice.type(), Ordered.LOWEST_PRECEDENCE)))
			.map((advice) -> new ExceptionHandlers(beanFactory, advice.name(), ClassUtils.getUserClass(advice.type())))
			.toList();
	}

	private ExchangeHandler handler(String pipeId, List<PipeHandlerMethod> methods, PipeProtocol protocol) {
		HandlerSignature signature = new HandlerSignature(protocol, this.conversion);
		methods.forEach(signature::check);
		return new RoutingExchangeHandler(routes(pipeId, methods, protocol),
				methods.stream().anyMatch(PipeHandlerMethod::runsAsClient), this.impersonationExecutor,
				this.interceptors);
	}

	private static Routes routes(String pipeId, List<PipeHandlerMethod> methods, PipeProtocol protocol) {
		if (protocol.capabilities().has(Feature.PATHS)) {
			return new PathRoutes(methods);
		}
		if (protocol.capabilities().has(Feature.ROUTES)) {
			return Routes.exact(methods);
		}
		if (methods.size() > 1) {
			throw new InvalidPipeEndpointException(
					"The pipe '%s' has %d @PipeMapping methods, and requests of the protocol %s cannot tell them apart: %s"
						.formatted(pipeId, methods.size(), protocol.name(),
								methods.stream().map(PipeHandlerMethod::method).toList()));
		}
		PipeHandlerMethod only = methods.get(0);
		return (exchange) -> only;
	}

}
