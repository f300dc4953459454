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

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.security.PipePrincipal;
import io.namedpipe.security.PipeSecurityContext;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeChannel;

/**
 * Resolves parameters by their type: the exchange, the caller, the connection, and the
 * body without conversion.
 */
final class ExchangeArgumentResolver implements HandlerMethodArgumentResolver {

	/** The largest body that is read as a byte[], in bytes. */
	static final int MAX_BODY_BYTES = 16 * 1024 * 1024;

	private static final Map<Class<?>, Source> CONTEXT = Map.of(PeerIdentity.class, PipeExchange::peer,
			PipeChannel.class, PipeExchange::channel, PipeRequest.class, PipeExchange::request, PipeExchange.class,
			(exchange) -> exchange, PipePrincipal.class,
			(exchange) -> ExchangeBinding.currentSecurityContext().getPrincipal(), Principal.class,
			(exchange) -> ExchangeBinding.currentSecurityContext().getPrincipal(), PipeSecurityContext.class,
			(exchange) -> ExchangeBinding.currentSecurityContext());

	private static final Map<Class<?>, Source> BODY = Map.of(PipeBody.class, (exchange) -> exchange.request().body(),
			byte[].class, (exchange) -> exchange.request().body().bytes(MAX_BODY_BYTES), ByteBuffer.class,
			(exchange) -> ByteBuffer.wrap(exchange.request().body().bytes(MAX_BODY_BYTES)), InputStream.class,
			(exchange) -> exchange.request().body().stream());

	static boolean isContext(Class<?> type) {
		return CONTEXT.containsKey(type);
	}

	static boolean isBody(Class<?> type) {
		return BODY.containsKey(type);
	}

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return isContext(parameter.nestedIfOptional().getNestedParameterType()) || isBody(parameter.getParameterType());
	}

	@Override
	public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) throws IOException {
		MethodParameter nested = parameter.nestedIfOptional();
		Class<?> type = nested.getNestedParameterType();
		Source source = CONTEXT.getOrDefault(type, BODY.get(type));
		Object value = (source != null) ? source.get(PipeExchangeHolder.currentExchange()) : null;
		return (nested != parameter) ? Optional.ofNullable(value) : value;
	}

	/**
	 * Gets an argument from an exchange.
	 */
	@FunctionalInterface
	private interface Source {

		@Nullable Object get(PipeExchange exchange) throws IOException;

	}

}
