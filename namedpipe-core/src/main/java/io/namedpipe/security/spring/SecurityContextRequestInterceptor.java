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

package io.namedpipe.security.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolderStrategy;

import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeExchangeInterceptor;
import io.namedpipe.security.PipePrincipal;
import io.namedpipe.transport.LogText;
import io.namedpipe.transport.PipeAccessDeniedException;

/**
 * Makes the caller Spring Security's current user while a request is handled, and
 * restores the previous context afterwards. Each request has a new context, because a
 * shared one could carry the next caller to a thread of this request.
 *
 * @since 0.1.0
 */
public final class SecurityContextRequestInterceptor implements PipeExchangeInterceptor {

	private final SecurityContextHolderStrategy strategy;

	private final PipeAuthoritiesMapper mapper;

	/**
	 * Create the interceptor.
	 * @param strategy where the context is held
	 * @param mapper maps a caller to its authorities
	 */
	public SecurityContextRequestInterceptor(SecurityContextHolderStrategy strategy, PipeAuthoritiesMapper mapper) {
		this.strategy = strategy;
		this.mapper = mapper;
	}

	@Override
	public @Nullable Object intercept(PipeExchange exchange, Chain chain) throws Exception {
		PipePrincipal principal = new PipePrincipal(exchange.peer());
		SecurityContext previous = this.strategy.getContext();
		SecurityContext context = this.strategy.createEmptyContext();
		context.setAuthentication(new PipeAuthenticationToken(principal, this.mapper.mapAuthorities(principal)));
		this.strategy.setContext(context);
		try {
			return chain.proceed();
		}
		catch (AccessDeniedException | AuthenticationException ex) {
			throw new PipeAccessDeniedException("access denied to %s".formatted(LogText.of(principal.getName())), ex);
		}
		finally {
			if (previous.getAuthentication() != null) {
				this.strategy.setContext(previous);
			}
			else {
				this.strategy.clearContext();
			}
		}
	}

}
