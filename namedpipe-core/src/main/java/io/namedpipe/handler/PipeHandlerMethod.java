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
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.io.Resource;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.HandlerMethod;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.validation.annotation.Validated;
import org.springframework.validation.beanvalidation.MethodValidationPostProcessor;

import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.annotation.RunAsClient;
import io.namedpipe.annotation.RunAsClient.Extent;
import io.namedpipe.handler.HandlerInvocation.UnfitRequestException;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.PipeRequestException;
import io.namedpipe.security.PipeSecurityContext;
import io.namedpipe.transport.ClientRights;

/**
 * One handler method of an endpoint bean, and the exception handlers of its class.
 */
final class PipeHandlerMethod {

	private final BeanFactory beanFactory;

	private final String beanName;

	private final Class<?> beanType;

	private final Method method;

	private final HandlerConversion conversion;

	private final ReplyConverter replyConverter;

	/** Those of the class, and those of advices. */
	private final List<ExceptionHandlers> exceptionHandlers;

	private final Class<?> result;

	/** How much runs as the client, or {@code null} for nothing. */
	private final @Nullable Extent extent;

	/** Whether the class asks for it. */
	private final boolean validated;

	/** Whether there are proxies that do it. */
	private final boolean validating;

	private final List<String> routes;

	private final List<String> requestMethods;

	private volatile @Nullable HandlerInvocation invocable;

	PipeHandlerMethod(ConfigurableListableBeanFactory beanFactory, String beanName, Class<?> beanType, Method method,
			HandlerConversion conversion, ReplyConverter replyConverter, List<ExceptionHandlers> advices) {
		this.beanFactory = beanFactory;
		this.beanName = beanName;
		this.beanType = beanType;
		this.method = method;
		this.conversion = conversion;
		this.replyConverter = replyConverter;
		this.exceptionHandlers = new ArrayList<>();
		this.exceptionHandlers.add(new ExceptionHandlers(beanFactory, beanName, beanType));
		this.exceptionHandlers.addAll(advices);
		this.result = HandlerSignature.result(method, beanType).resolve(Object.class);
		MessageMapping mapping = AnnotatedElementUtils.findMergedAnnotation(method, MessageMapping.class);
		this.routes = (mapping != null && mapping.value().length > 0) ? resolve(beanFactory, mapping.value())
				: List.of("");
		PipeMapping own = AnnotatedElementUtils.findMergedAnnotation(method, PipeMapping.class);
		this.requestMethods = (own != null) ? resolve(beanFactory, own.method()) : List.of();
		this.validated = AnnotatedElementUtils.hasAnnotation(beanType, Validated.class);
		this.validating = this.validated
				&& beanFactory.getBeanNamesForType(MethodValidationPostProcessor.class, true, false).length > 0;
		RunAsClient annotation = AnnotatedElementUtils.findMergedAnnotation(method, RunAsClient.class);
		annotation = (annotation != null) ? annotation
				: AnnotatedElementUtils.findMergedAnnotation(beanType, RunAsClient.class);
		this.extent = (annotation != null) ? annotation.value() : null;
	}

	private List<String> resolve(ConfigurableListableBeanFactory properties, String[] texts) {
		String place = "The handler method %s.%s".formatted(this.beanType.getName(), this.method.getName());
		return Stream.of(texts).map((text) -> PipeEndpointScanner.resolve(properties, text, place)).toList();
	}

	Method method() {
		return this.method;
	}

	/**
	 * Whether the method may answer the exchange itself, later.
	 * @return {@code true} if it has no result
	 */
	boolean isVoid() {
		return this.method.getReturnType() == void.class;
	}

	Class<?> beanType() {
		return this.beanType;
	}

	/**
	 * The parameters of a method of the bean.
	 * @param each this method, or an exception handler
	 * @return the parameters, with the annotations of the interfaces that the bean
	 * implements, and with its type variables
	 */
	MethodParameter[] parameters(Method each) {
		return new HandlerMethod(this.beanName, this.beanFactory, each).getMethodParameters();
	}

	/**
	 * The routes, as the annotation has them.
	 * @return the routes, an empty one if there is none
	 */
	List<String> routes() {
		return this.routes;
	}

	/**
	 * The routes as paths.
	 * @return the patterns
	 * @throws IllegalArgumentException if a route is not a path
	 */
	List<RoutePattern> patterns() {
		return this.routes.stream().map(RoutePattern::of).toList();
	}

	String route(RoutePattern pattern) {
		return this.routes.stream().filter((route) -> RoutePattern.of(route).equals(pattern)).findFirst().orElse("");
	}

	/**
	 * The methods of the requests that the handler takes.
	 * @return the methods, none for all
	 */
	List<String> requestMethods() {
		return this.requestMethods;
	}

	List<Method> exceptionHandlerMethods() {
		return this.exceptionHandlers.stream().flatMap((handlers) -> handlers.methods().stream()).toList();
	}

	boolean runsAsClient() {
		return this.extent != null;
	}

	boolean opensFilesOnlyAsClient() {
		return this.extent == Extent.FILE;
	}

	/**
	 * Whether the constraints of the method's parameters are checked by a proxy.
	 * @return {@code true} if the class asks for it
	 */
	boolean isMethodValidated() {
		return this.validating;
	}

	boolean isValidatedInVain() {
		return this.validated && !this.validating;
	}

	/**
	 * Call the method.
	 * @param exchange the exchange, which is bound to the thread
	 * @param security runs the method as the caller, if it is
	 * {@link RunAsClient @RunAsClient}
	 * @return a {@link PipeReply}, or the {@link CompletionStage} that the method
	 * returned
	 * @throws Exception what the method throws, if no exception handler of its class
	 * handles it
	 */
	Object invoke(PipeExchange exchange, PipeSecurityContext security) throws Exception {
		PipeRequest request = exchange.request();
		this.replyConverter.requireAcceptable(this.result, request);
		Message<?> message = PipeMessages.toMessage(exchange);
		try {
			// The bean may be lazy or have a scope.
			Object bean = this.beanFactory.getBean(this.beanName);
			if (this.extent == Extent.METHOD) {
				// Files that the method returns are opened in the scope too, with the
				// caller's permissions.
				return security.runAsClient(() -> reply(invocable(bean).invoke(message), request, security));
			}
			if (this.extent == Extent.FILE) {
				// A server that cannot act as the caller does nothing for it.
				exchange.impersonation().requirePossible();
			}
			Object result = invocable(bean).invoke(message);
			return (result instanceof CompletionStage<?>) ? result : reply(result, request, security);
		}
		catch (Exception ex) {
			return recover(exchange, message, ex);
		}
	}

	/**
	 * Turn the failure of a {@link CompletionStage} into a reply.
	 * @param exchange the exchange, which is bound to the thread
	 * @param failure the failure
	 * @return the reply of an exception handler of the class
	 * @throws Exception the failure, if no exception handler handles it
	 */
	PipeReply recover(PipeExchange exchange, Exception failure) throws Exception {
		return recover(exchange, PipeMessages.toMessage(exchange), failure);
	}

	private PipeReply recover(PipeExchange exchange, Message<?> message, Exception thrown) throws Exception {
		Exception failure = (thrown instanceof UnfitRequestException unfit) ? unfit.reason() : thrown;
		for (ExceptionHandlers handlers : this.exceptionHandlers) {
			Method handler = (thrown instanceof FailureResult) ? null : handlers.find(failure);
			if (handler != null) {
				return recover(exchange, this.conversion.invocation(handlers.bean(), handler), message, failure);
			}
		}
		throw translate(exchange.request().body(), thrown);
	}

	private PipeReply recover(PipeExchange exchange, HandlerInvocation handler, Message<?> message, Exception failure)
			throws Exception {
		Throwable cause = failure.getCause();
		Object[] provided = (cause != null) ? new Object[] { failure, cause } : new Object[] { failure };
		try {
			return this.replyConverter.convert(handler.invoke(message, provided), exchange.request(),
					ClientRights.ofThread());
		}
		catch (UnfitRequestException ex) {
			throw translate(exchange.request().body(), ex);
		}
	}

	/**
	 * Make a reply of the method's result.
	 * @param value the result
	 * @param request the request
	 * @param security opens files as the caller, if the method asks for it
	 * @return the reply
	 * @throws Exception if that fails
	 */
	PipeReply reply(@Nullable Object value, PipeRequest request, PipeSecurityContext security) throws Exception {
		Object content = (value instanceof Message<?> message) ? message.getPayload() : value;
		if (this.extent == Extent.FILE && content instanceof Resource resource && !resource.isFile()) {
			throw new IllegalStateException(
					"%s is not a file, and cannot be opened as the caller".formatted(resource.getDescription()));
		}
		return this.replyConverter.convert(value, request,
				(this.extent != null) ? security.getClientRights() : ClientRights.ofThread());
	}

	// What the parameters' annotations say is found out once for each such object, and
	// costs more than the call. A bean of a narrower scope is another one each time.
	private HandlerInvocation invocable(Object bean) {
		HandlerInvocation known = this.invocable;
		if (known == null || known.getBean() != bean) {
			known = this.conversion.invocation(bean, this.method);
			this.invocable = known;
		}
		return known;
	}

	// Spring's messages contain the payload, which must not be logged.
	private Exception translate(PipeBody body, Exception failure) {
		if (!(failure instanceof UnfitRequestException unfit)) {
			PipeRequestException violations = this.validating ? ParameterViolations.failure(failure, this.method)
					: null;
			return (violations != null) ? violations : failure;
		}
		if (unfit.reason() instanceof MethodArgumentNotValidException invalid) {
			return PayloadErrors.failure(invalid);
		}
		String unfitClass = JsonErrors.unfitClass(unfit.reason());
		if (unfitClass != null) {
			return new IllegalStateException(
					"No JSON can become %s, for a parameter of %s".formatted(unfitClass, this.method));
		}
		return unfit.failure(body);
	}

}
