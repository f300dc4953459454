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
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.SynthesizingMethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.ValueConstants;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;
import org.springframework.validation.annotation.ValidationAnnotationUtils;

import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.ProtocolCapabilities.Feature;
import io.namedpipe.transport.PipeChannel;

/**
 * Finds handler methods that could never work on a pipe, before the first client does.
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
		if (Modifier.isStatic(method.getModifiers())) {
			throw invalid(method, "it is static");
		}
		if (handler.runsAsClient() && CompletionStage.class.isAssignableFrom(method.getReturnType())) {
			throw invalid(method,
					"the caller's identity stays on one thread, and does not follow a CompletionStage; return the value itself");
		}
		checkChannel(method);
		checkResult(method);
		long payloads = Stream.of(method.getParameters()).filter(HandlerSignature::isPayload).count();
		if (payloads > 1) {
			throw invalid(method, "%d of its parameters would be the payload; annotate the others".formatted(payloads));
		}
		for (int i = 0; i < method.getParameterCount(); i++) {
			checkParameter(method, method.getParameters()[i], new SynthesizingMethodParameter(method, i));
		}
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

	private void checkResult(Method method) {
		ResolvableType type = ResolvableType.forMethodReturnType(method);
		if (CompletionStage.class.isAssignableFrom(type.toClass())) {
			type = type.as(CompletionStage.class).getGeneric();
		}
		Class<?> result = ClassUtils.resolvePrimitiveIfNecessary(type.resolve(Object.class));
		if (result == Void.class || result == void.class) {
			return;
		}
		if (!has(Feature.REPLY_BODY)) {
			throw invalid(method,
					"a handler of a %s pipe writes to the channel and returns nothing".formatted(this.protocol.name()));
		}
		if (result != Object.class && !ReplyConverter.isReply(result) && !this.conversion.convertsResults()) {
			throw invalid(method,
					"nothing turns its result, %s, into a reply; return text, bytes, a file or a stream, or add a MessageConverter bean"
						.formatted(result.getName()));
		}
	}

	private void checkParameter(Method method, Parameter parameter, MethodParameter described) {
		if (!this.conversion.resolves(described)) {
			throw invalid(method, "its parameter %s cannot be resolved".formatted(describe(parameter)));
		}
		if (has(parameter, DestinationVariable.class) && !has(Feature.ROUTES)) {
			throw invalid(method, "its parameter %s comes from a route, and requests of the protocol %s have no routes"
				.formatted(describe(parameter), this.protocol.name()));
		}
		Header header = AnnotatedElementUtils.findMergedAnnotation(parameter, Header.class);
		if (header != null && !isAvailable(header, parameter)) {
			throw invalid(method, "its parameter %s is a header, and requests of the protocol %s have %s alone"
				.formatted(describe(parameter), this.protocol.name(), PipeMessages.OWN_HEADERS));
		}
		if (isPayload(parameter)) {
			checkPayload(method, parameter);
		}
	}

	private boolean isAvailable(Header header, Parameter parameter) {
		String name = StringUtils.hasText(header.name()) ? header.name() : parameter.getName();
		return has(Feature.HEADERS) || PipeMessages.OWN_HEADERS.contains(name) || !header.required()
				|| !header.defaultValue().equals(ValueConstants.DEFAULT_NONE);
	}

	private void checkPayload(Method method, Parameter parameter) {
		if (!has(Feature.REQUEST_BODY)) {
			throw invalid(method, "its parameter %s would be the payload, and requests of the protocol %s have none"
				.formatted(describe(parameter), this.protocol.name()));
		}
		if (!ExchangeArgumentResolver.isBody(parameter.getType())
				&& !this.conversion.convertsPayload(parameter.getType())) {
			throw invalid(method,
					"nothing turns a request into its parameter %s; take text or bytes, or add a MessageConverter bean"
						.formatted(describe(parameter)));
		}
		if (isValidated(parameter) && !this.conversion.validates()) {
			throw invalid(method,
					"its parameter %s is to be validated, and there is no validator; add spring-boot-starter-validation"
						.formatted(describe(parameter)));
		}
	}

	private static boolean isPayload(Parameter parameter) {
		if (has(parameter, Payload.class)) {
			return true;
		}
		Class<?> type = parameter.getType();
		boolean annotated = has(parameter, Header.class) || has(parameter, Headers.class)
				|| has(parameter, DestinationVariable.class);
		boolean known = type == Message.class || type == MessageHeaders.class || type == Map.class
				|| ExchangeArgumentResolver.isContext(type);
		return !annotated && !known && (parameter.getAnnotations().length == 0 || isValidated(parameter));
	}

	private static boolean isValidated(Parameter parameter) {
		return Stream.of(parameter.getAnnotations())
			.anyMatch((annotation) -> ValidationAnnotationUtils.determineValidationHints(annotation) != null);
	}

	private static boolean has(Parameter parameter, Class<? extends Annotation> annotation) {
		return AnnotatedElementUtils.hasAnnotation(parameter, annotation);
	}

	private static String describe(Parameter parameter) {
		return "%s %s".formatted(parameter.getType().getSimpleName(), parameter.getName());
	}

	private static InvalidPipeEndpointException invalid(Method method, String reason) {
		return new InvalidPipeEndpointException("The handler method %s.%s cannot be used: %s"
			.formatted(method.getDeclaringClass().getName(), method.getName(), reason));
	}

}
