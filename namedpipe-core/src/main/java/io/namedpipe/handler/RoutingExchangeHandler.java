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
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeExchangeInterceptor;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.security.ImpersonationExecutor;

/**
 * Calls the handler method for the route of each exchange of a pipe, with the exchange
 * bound to the thread.
 */
final class RoutingExchangeHandler implements ExchangeHandler {

	private final Routes routes;

	private final boolean runsAsClient;

	private final ImpersonationExecutor executor;

	private final List<PipeExchangeInterceptor> interceptors;

	RoutingExchangeHandler(Routes routes, boolean runsAsClient, ImpersonationExecutor executor,
			List<PipeExchangeInterceptor> interceptors) {
		this.routes = routes;
		this.runsAsClient = runsAsClient;
		this.executor = executor;
		this.interceptors = interceptors;
	}

	@Override
	public void handle(PipeExchange exchange) throws Exception {
		PipeHandlerMethod method = this.routes.find(exchange);
		if (method == null) {
			return;
		}
		ExchangeBinding binding = new ExchangeBinding(exchange, this.executor, this.interceptors);
		Object result = null;
		try {
			result = binding.call(() -> method.invoke(exchange, binding.securityContext()));
		}
		catch (Exception ex) {
			throw FailureCodes.apply(ex);
		}
		finally {
			if (!(result instanceof CompletionStage)) {
				ScopedBeans.destroy(exchange);
			}
		}
		if (result instanceof CompletionStage<?> stage) {
			exchange.defer();
			stage.whenComplete((value, thrown) -> complete(exchange, binding, method, value, thrown));
		}
		else if (!method.isVoid() || !exchange.isDeferred()) {
			exchange.reply((PipeReply) result);
		}
	}

	private static void complete(PipeExchange exchange, ExchangeBinding binding, PipeHandlerMethod method,
			@Nullable Object value, @Nullable Throwable thrown) {
		if (exchange.isAnswered()) {
			return;
		}
		try {
			Throwable failure = (thrown != null) ? PipeFailure.unwrap(thrown) : null;
			if (failure instanceof Error) {
				exchange.fail(failure);
				return;
			}
			PipeReply reply = binding.call(() -> (failure != null) ? method.recover(exchange, (Exception) failure)
					: method.reply(value, exchange.request(), binding.securityContext()));
			ScopedBeans.destroy(exchange);
			exchange.reply(reply);
		}
		catch (Exception ex) {
			exchange.fail(FailureCodes.apply(ex));
		}
		catch (Error ex) {
			exchange.fail(ex);
		}
	}

	@Override
	public boolean runsAsClient() {
		return this.runsAsClient;
	}

}
