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

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.namedpipe.listener.PipeRequestContext;
import io.namedpipe.listener.PipeRequestHandler;
import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.security.ImpersonationExecutor;
import io.namedpipe.security.PipePrincipal;
import io.namedpipe.security.PipeRequestAttributes;
import io.namedpipe.security.PipeRequestInterceptor;

/**
 * Hands the requests of a pipe to its methods, by their routes, and binds each request to
 * the threads that handle it.
 */
final class RoutingRequestHandler implements PipeRequestHandler {

	private final Map<String, PipeHandlerMethod> methods;

	private final Duration timeout;

	private final ImpersonationExecutor executor;

	private final List<PipeRequestInterceptor> interceptors;

	RoutingRequestHandler(Map<String, PipeHandlerMethod> methods, Duration timeout, ImpersonationExecutor executor,
			List<PipeRequestInterceptor> interceptors) {
		this.methods = Map.copyOf(methods);
		this.timeout = timeout;
		this.executor = executor;
		this.interceptors = List.copyOf(interceptors);
	}

	@Override
	public PipeReply handle(PipeRequestContext context) throws Exception {
		PipeHandlerMethod method = this.methods.get(context.request().route());
		if (method == null) {
			throw new PipeProtocolException("no handler for the route '%s'".formatted(context.request().route()));
		}
		PipeRequestAttributes attributes = new PipeRequestAttributes(new PipePrincipal(context.peer()),
				context.channel()::impersonation, this.executor, this.interceptors);
		try {
			return attributes.call(() -> method.invoke(context, attributes.securityContext(), this.timeout));
		}
		finally {
			attributes.complete();
		}
	}

	@Override
	public boolean actsAsClient() {
		return this.methods.values().stream().anyMatch(PipeHandlerMethod::runsAsClient);
	}

}
