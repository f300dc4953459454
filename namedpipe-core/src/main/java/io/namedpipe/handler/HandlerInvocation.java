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
import java.util.Map;
import java.util.Objects;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;

import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeRequestException;

/**
 * A call of a method of an endpoint. Mentions no arguments: they are the client's, and
 * for no log.
 */
// The compilers of older JDKs do not see that the arrays of Spring's methods may contain
// null, so there is no signature that is right for all.
@SuppressWarnings("NullAway")
final class HandlerInvocation extends InvocableHandlerMethod {

	HandlerInvocation(Object bean, Method method) {
		super(bean, method);
	}

	@Override
	protected String formatInvokeError(String text, Object[] arguments) {
		return "%s: %s".formatted(text, getMethod());
	}

	/**
	 * A request cannot be made the arguments of a method. Its cause mentions the payload.
	 */
	static final class UnfitRequestException extends Exception {

		private static final long serialVersionUID = 1L;

		private final RuntimeException reason;

		private final transient MethodParameter parameter;

		UnfitRequestException(RuntimeException reason, MethodParameter parameter) {
			this.reason = reason;
			this.parameter = parameter;
		}

		RuntimeException reason() {
			return this.reason;
		}

		// Where the client finds what it has to change.
		private String source(PipeBody body) {
			Header header = this.parameter.getParameterAnnotation(Header.class);
			if (header != null && !header.name().startsWith(":")) {
				String name = !header.name().isEmpty() ? header.name() : this.parameter.getParameter().getName();
				return " (its header '%s')".formatted(name);
			}
			DestinationVariable variable = this.parameter.getParameterAnnotation(DestinationVariable.class);
			if (variable != null) {
				return " (its path)";
			}
			return body.isEmpty() ? "" : PipeMessages.length(body);
		}

		// What the client is told, and for the log also what could not be made of it.
		PipeRequestException failure(PipeBody body) {
			Map<String, String> fields = JsonErrors.fields(this.reason);
			String message = fields.isEmpty() ? "the request%s is not what the route takes".formatted(source(body))
					: PayloadErrors.describe(fields);
			PipeFailure told = new PipeFailure(Code.BAD_REQUEST, message, Map.of(), fields);
			Method method = Objects.requireNonNull(this.parameter.getMethod());
			return new UnfitParameterException(told,
					"%s: it makes no %s for the parameter %d of %s.%s".formatted(told.message(),
							ResolvableType.forMethodParameter(this.parameter), this.parameter.getParameterIndex() + 1,
							method.getDeclaringClass().getName(), method.getName()));
		}

	}

	/**
	 * Tells the log more than the client.
	 */
	private static final class UnfitParameterException extends PipeRequestException {

		private static final long serialVersionUID = 1L;

		private final String logged;

		UnfitParameterException(PipeFailure told, String logged) {
			super(told, null);
			this.logged = logged;
		}

		@Override
		public String getMessage() {
			return this.logged;
		}

	}

}
