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
import java.lang.reflect.Parameter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.raw.RawProtocol;
import io.namedpipe.transport.PipeChannel;

/**
 * Finds handler methods that could never work, before the first client does.
 */
final class HandlerSignature {

	private HandlerSignature() {
	}

	static void check(PipeHandlerMethod handler, PipeProtocol protocol) {
		Method method = handler.method();
		if (Modifier.isStatic(method.getModifiers())) {
			throw invalid(method, "it is static");
		}
		if (handler.runsAsClient() && CompletionStage.class.isAssignableFrom(method.getReturnType())) {
			throw invalid(method,
					"the caller's identity stays on one thread, and does not follow a CompletionStage; return the value itself");
		}
		boolean raw = protocol.name().equals(RawProtocol.NAME);
		boolean takesChannel = List.of(method.getParameterTypes()).contains(PipeChannel.class);
		if (raw && !takesChannel) {
			throw invalid(method, "a handler of a raw pipe needs a PipeChannel parameter");
		}
		if (raw && method.getReturnType() != void.class) {
			throw invalid(method, "a handler of a raw pipe writes to the channel and returns nothing");
		}
		if (!raw && takesChannel) {
			throw invalid(method,
					"a PipeChannel parameter is for raw pipes; the protocol %s owns the channel of this one"
						.formatted(protocol.name()));
		}
		long payloads = List.of(method.getParameters()).stream().filter(HandlerSignature::mayBePayload).count();
		if (payloads > 1) {
			throw invalid(method, "%d of its parameters would be the payload; annotate the others".formatted(payloads));
		}
	}

	private static boolean mayBePayload(Parameter parameter) {
		if (AnnotatedElementUtils.hasAnnotation(parameter, Payload.class)) {
			return true;
		}
		Class<?> type = parameter.getType();
		boolean annotated = AnnotatedElementUtils.hasAnnotation(parameter, Header.class)
				|| AnnotatedElementUtils.hasAnnotation(parameter, Headers.class)
				|| AnnotatedElementUtils.hasAnnotation(parameter, DestinationVariable.class);
		boolean known = type == Message.class || type == MessageHeaders.class || type == Map.class
				|| ContextArgumentResolver.supports(type);
		return !annotated && !known && parameter.getAnnotations().length == 0;
	}

	private static InvalidPipeEndpointException invalid(Method method, String reason) {
		return new InvalidPipeEndpointException("The handler method %s.%s cannot be used: %s"
			.formatted(method.getDeclaringClass().getName(), method.getName(), reason));
	}

}
