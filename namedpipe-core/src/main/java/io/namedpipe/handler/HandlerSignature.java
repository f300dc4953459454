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

import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.io.Resource;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.ValueConstants;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.ProtocolCapabilities.Feature;
import io.namedpipe.transport.PipeChannel;

/**
 * Checks at start-up that a handler method can work with the protocol of its pipe.
 */
final class HandlerSignature {

	private final PipeProtocol protocol;

	private final HandlerConversion conversion;

	HandlerSignature(PipeProtocol protocol, HandlerConversion conversion) {
		this.protocol = protocol;
		this.conversion = conversion;
	}

	void check(PipeHandlerMethod handler) {
		Method method = handler.method();
		if (handler.isValidatedInVain()) {
			throw invalid(method,
					"its class is @Validated, and there is no validator of calls, a MethodValidationPostProcessor bean; add spring-boot-starter-validation");
		}
		if (handler.opensFilesOnlyAsClient()) {
			checkFile(handler);
		}
		else if (handler.runsAsClient()) {
			if (CompletionStage.class.isAssignableFrom(method.getReturnType())) {
				throw invalid(method,
						"the caller's identity stays on one thread, and does not follow a CompletionStage; return the value itself");
			}
			this.conversion.prepare();
		}
		checkChannel(method);
		checkRoutes(handler);
		checkResult(method, handler);
		checkParameters(method, handler);
		for (Method exceptionHandler : handler.exceptionHandlerMethods()) {
			checkExceptionHandler(exceptionHandler, handler);
		}
	}

	private static void checkFile(PipeHandlerMethod handler) {
		Method method = handler.method();
		Class<?> result = result(method, handler.beanType()).resolve(Object.class);
		if (!Path.class.isAssignableFrom(result) && !Resource.class.isAssignableFrom(result)) {
			throw invalid(method,
					"it is to open a file as the caller, and returns %s and not a Path or Resource; run the whole method as the caller"
						.formatted(result.getName()));
		}
	}

	private void checkRoutes(PipeHandlerMethod handler) {
		if (!has(Feature.PATHS)) {
			if (!handler.requestMethods().isEmpty()) {
				throw invalid(handler.method(), "it takes requests of %s, and those of the protocol %s have no method"
					.formatted(handler.requestMethods(), this.protocol.name()));
			}
			return;
		}
		try {
			handler.patterns();
		}
		catch (IllegalArgumentException ex) {
			throw invalid(handler.method(), String.valueOf(ex.getMessage()));
		}
		for (String each : handler.requestMethods()) {
			if (!each.matches("[A-Z]+(-[A-Z]+)*") || each.equals("CONNECT")) {
				throw invalid(handler.method(), "'%s' is not a method such as GET".formatted(each));
			}
		}
	}

	private void checkVariable(Method method, MethodParameter parameter, PipeHandlerMethod handler) {
		DestinationVariable variable = parameter.getParameterAnnotation(DestinationVariable.class);
		if (variable == null) {
			return;
		}
		if (!has(Feature.PATHS)) {
			throw invalid(method,
					"its parameter %s comes from a variable of a route, and routes of the protocol %s have none"
						.formatted(describe(parameter), this.protocol.name()));
		}
		String name = !variable.value().isEmpty() ? variable.value() : parameter.getParameter().getName();
		for (String route : handler.routes()) {
			if (!RoutePattern.of(route).variables().contains(name)) {
				throw invalid(method, "its parameter %s is the variable '%s', which the route '%s' does not have"
					.formatted(describe(parameter), name, route));
			}
		}
	}

	private void checkExceptionHandler(Method method, PipeHandlerMethod handler) {
		if (CompletionStage.class.isAssignableFrom(method.getReturnType())) {
			throw invalid(method, "a @MessageExceptionHandler answers itself, and returns no CompletionStage");
		}
		if (method.getReturnType() != PipeFailure.class) {
			checkResult(method, handler);
		}
		checkParameters(method, handler);
	}

	private void checkParameters(Method method, PipeHandlerMethod handler) {
		if (Modifier.isStatic(method.getModifiers())) {
			throw invalid(method, "it is static");
		}
		MethodParameter[] parameters = handler.parameters(method);
		long payloads = Stream.of(parameters)
			.filter(HandlerSignature::isResolved)
			.filter(this.conversion::isPayload)
			.count();
		if (payloads > 1) {
			throw invalid(method, "%d of its parameters would be the payload; annotate the others".formatted(payloads));
		}
		for (MethodParameter parameter : parameters) {
			if (isResolved(parameter)) {
				checkParameter(method, parameter);
				checkVariable(method, parameter, handler);
				String problem = ParameterValidation.problem(parameter, this.conversion, handler);
				if (problem != null) {
					throw invalid(method, "its parameter %s %s".formatted(describe(parameter), problem));
				}
			}
		}
	}

	// The exception of an exception handler is provided.
	private static boolean isResolved(MethodParameter parameter) {
		return !Throwable.class.isAssignableFrom(parameter.getParameterType());
	}

	private boolean has(Feature feature) {
		return this.protocol.capabilities().has(feature);
	}

	private void checkChannel(Method method) {
		boolean takesChannel = Stream.of(method.getParameterTypes()).anyMatch(PipeChannel.class::equals);
		if (takesChannel && !has(Feature.CHANNEL)) {
			throw invalid(method,
					"a PipeChannel parameter is for raw pipes; the protocol %s owns the channel of this one"
						.formatted(this.protocol.name()));
		}
		if (!takesChannel && has(Feature.CHANNEL) && !has(Feature.REQUEST_BODY)) {
			throw invalid(method,
					"a handler of a %s pipe needs a PipeChannel parameter".formatted(this.protocol.name()));
		}
	}

	private void checkResult(Method method, PipeHandlerMethod handler) {
		ResolvableType type = result(method, handler.beanType());
		Class<?> result = type.resolve(Object.class);
		String problem = ParameterValidation.resultProblem(method, this.conversion, handler);
		if (problem != null) {
			throw invalid(method, "it " + problem);
		}
		if (result == Void.class || result == void.class) {
			return;
		}
		if (!has(Feature.REPLY_BODY)) {
			throw invalid(method,
					"a handler of a %s pipe writes to the channel and returns nothing".formatted(this.protocol.name()));
		}
		if (result == PipeResponse.class && !has(Feature.HEADERS)) {
			throw invalid(method, "a PipeResponse has a status and headers, and replies of the protocol %s have none"
				.formatted(this.protocol.name()));
		}
		if (ValueTypes.isDeferred(type)) {
			throw invalid(method,
					"its result, %s, has no value yet; return the value, or a CompletionStage of it".formatted(type));
		}
		if (result != Object.class && !ReplyConverter.isReply(result) && !this.conversion.convertsResults(type)) {
			throw invalid(method,
					"nothing turns its result, %s, into a reply; return text, bytes, a file or a stream, or add a MessageConverter bean"
						.formatted(type));
		}
	}

	/**
	 * What becomes the reply.
	 * @param method a handler
	 * @param beanType the class that has it, which may say what its type variables are
	 * @return its result, without what wraps it
	 */
	static ResolvableType result(Method method, Class<?> beanType) {
		ResolvableType type = ResolvableType.forMethodReturnType(method, beanType);
		if (CompletionStage.class.isAssignableFrom(type.toClass())) {
			type = type.as(CompletionStage.class).getGeneric();
		}
		if (Message.class.isAssignableFrom(type.toClass())) {
			type = type.as(Message.class).getGeneric();
		}
		return (type.toClass().isPrimitive())
				? ResolvableType.forClass(ClassUtils.resolvePrimitiveIfNecessary(type.toClass())) : type;
	}

	private void checkParameter(Method method, MethodParameter parameter) {
		Header header = parameter.getParameterAnnotation(Header.class);
		if (header != null && !isAvailable(header, parameter)) {
			throw invalid(method, "its parameter %s is a header, and requests of the protocol %s have %s alone"
				.formatted(describe(parameter), this.protocol.name(), PipeMessages.OWN_HEADERS));
		}
		if ((header != null || parameter.hasParameterAnnotation(DestinationVariable.class))
				&& !this.conversion.convertsText(parameter)) {
			throw invalid(method, "nothing turns a text into its parameter %s".formatted(describe(parameter)));
		}
		if (parameter.hasParameterAnnotation(Headers.class) && this.conversion.isPayload(parameter)) {
			throw invalid(method, "its parameter %s has @Headers and is no Map".formatted(describe(parameter)));
		}
		if (this.conversion.isPayload(parameter) && !has(Feature.REQUEST_BODY)) {
			throw invalid(method, "its parameter %s would be the payload, and requests of the protocol %s have none"
				.formatted(describe(parameter), this.protocol.name()));
		}
		if (parameter.getParameterType().isPrimitive() && !isRequired(parameter)) {
			throw invalid(method,
					"its parameter %s need not be there, and cannot be null".formatted(describe(parameter)));
		}
		ResolvableType converted = convertedType(parameter);
		if (converted != null
				&& (ValueTypes.isDeferred(converted) || !this.conversion.convertsPayload(parameter, converted))) {
			throw invalid(method,
					"nothing turns a request into its parameter %s; take text or bytes, or add a MessageConverter bean"
						.formatted(describe(parameter)));
		}
	}

	// A header that is a boolean is false then.
	private static boolean isRequired(MethodParameter parameter) {
		Payload payload = parameter.getParameterAnnotation(Payload.class);
		Header header = parameter.getParameterAnnotation(Header.class);
		return (payload == null || payload.required())
				&& (header == null || header.required() || !header.defaultValue().equals(ValueConstants.DEFAULT_NONE)
						|| parameter.getParameterType() == boolean.class);
	}

	private @Nullable ResolvableType convertedType(MethodParameter parameter) {
		ResolvableType type = ValueTypes.payload(parameter);
		if (Message.class.isAssignableFrom(parameter.getParameterType())) {
			// What a body of bytes is in a Message.
			return (type.resolve() == InputStream.class) ? null : type;
		}
		return this.conversion.isConvertedPayload(parameter) ? type : null;
	}

	private boolean isAvailable(Header header, MethodParameter parameter) {
		String name = StringUtils.hasText(header.name()) ? header.name() : parameter.getParameter().getName();
		return has(Feature.HEADERS) || PipeMessages.OWN_HEADERS.contains(name) || !header.required()
				|| !header.defaultValue().equals(ValueConstants.DEFAULT_NONE);
	}

	private static String describe(MethodParameter parameter) {
		return "%s %s".formatted(ResolvableType.forMethodParameter(parameter), parameter.getParameter().getName());
	}

	private static InvalidPipeEndpointException invalid(Method method, String reason) {
		return new InvalidPipeEndpointException("The handler method %s.%s cannot be used: %s"
			.formatted(method.getDeclaringClass().getName(), method.getName(), reason));
	}

}
