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

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeRequestException;
import io.namedpipe.transport.LogText;

/**
 * The handler methods of a pipe, by their routes.
 */
@FunctionalInterface
interface Routes {

	/**
	 * Find the handler of an exchange.
	 * @param exchange the exchange
	 * @return the handler, {@code null} if the exchange was answered, as it needs none
	 * @throws PipeRequestException if there is none
	 */
	@Nullable PipeHandlerMethod find(PipeExchange exchange);

	/**
	 * Routes that are the names of their handlers.
	 * @param methods the handlers
	 * @return the routes
	 * @throws InvalidPipeEndpointException if two handlers have the same route
	 */
	static Routes exact(List<PipeHandlerMethod> methods) {
		Map<String, PipeHandlerMethod> routes = new HashMap<>();
		for (PipeHandlerMethod method : methods) {
			for (String route : method.routes()) {
				PipeHandlerMethod former = routes.putIfAbsent(route, method);
				if (former != null) {
					throw twoHandlers(route, "", former, method);
				}
			}
		}
		return (exchange) -> {
			PipeHandlerMethod method = routes.get(exchange.request().route());
			if (method == null) {
				throw notFound(exchange);
			}
			return method;
		};
	}

	static PipeRequestException notFound(PipeExchange exchange) {
		return new PipeRequestException(Code.NOT_FOUND,
				"there is no handler for the route '%s'".formatted(LogText.of(exchange.request().route())));
	}

	static InvalidPipeEndpointException twoHandlers(String route, String requestMethod, PipeHandlerMethod first,
			PipeHandlerMethod second) {
		return new InvalidPipeEndpointException("The route '%s' has two handlers%s: %s and %s".formatted(route,
				requestMethod.isEmpty() ? "" : " for " + requestMethod, first.method(), second.method()));
	}

}
