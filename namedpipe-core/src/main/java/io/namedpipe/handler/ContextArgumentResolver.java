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

import java.security.Principal;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

import io.namedpipe.listener.PipeRequestContext;
import io.namedpipe.security.PipePrincipal;
import io.namedpipe.security.PipeRequestContextHolder;
import io.namedpipe.security.PipeSecurityContext;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeChannel;

/**
 * Parameters that are told by their type: the caller, the connection, the request.
 */
final class ContextArgumentResolver implements HandlerMethodArgumentResolver {

	private static final Map<Class<?>, Function<PipeRequestContext, Object>> BY_TYPE = Map.of(PeerIdentity.class,
			PipeRequestContext::peer, PipeChannel.class, PipeRequestContext::channel, PipeRequestContext.class,
			(context) -> context, PipePrincipal.class, (context) -> currentSecurity().getPrincipal(), Principal.class,
			(context) -> currentSecurity().getPrincipal(), PipeSecurityContext.class, (context) -> currentSecurity());

	private static PipeSecurityContext currentSecurity() {
		return PipeRequestContextHolder.currentRequest().securityContext();
	}

	static boolean supports(Class<?> type) {
		return BY_TYPE.containsKey(type);
	}

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return supports(parameter.getParameterType());
	}

	@Override
	public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) {
		Function<PipeRequestContext, Object> function = BY_TYPE.get(parameter.getParameterType());
		return (function != null) ? function.apply(PipeMessageHeaders.context(message)) : null;
	}

}
