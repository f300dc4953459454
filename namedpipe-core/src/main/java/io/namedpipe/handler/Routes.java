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
	 * @param methods the handlers by name
	 * @return the routes
	 */
	static Routes exact(Map<String, PipeHandlerMethod> methods) {
		Map<String, PipeHandlerMethod> copy = Map.copyOf(methods);
		return (exchange) -> {
			PipeHandlerMethod method = copy.get(exchange.request().route());
			if (method == null) {
				throw notFound(exchange);
			}
			return method;
		};
	}

	/**
	 * The one handler of a pipe whose protocol has no routes.
	 * @param method the handler
	 * @return the routes
	 */
	static Routes only(PipeHandlerMethod method) {
		return (exchange) -> method;
	}

	/**
	 * Routes that are paths.
	 * @param methods the handlers
	 * @return the routes
	 * @throws InvalidPipeEndpointException if two handlers would answer the same request
	 */
	static Routes paths(List<PipeHandlerMethod> methods) {
		return new PathRoutes(methods);
	}

	static PipeRequestException notFound(PipeExchange exchange) {
		return new PipeRequestException(Code.NOT_FOUND,
				"there is no handler for the route '%s'".formatted(LogText.of(exchange.request().route())));
	}

}
