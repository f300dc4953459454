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
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeExchangeInterceptor;
import io.namedpipe.security.ImpersonationExecutor;
import io.namedpipe.security.PipeSecurityContext;

/**
 * Binds an exchange to the threads that handle it: sets the holder, and calls the
 * interceptors. Kept in an attribute of the exchange.
 */
final class ExchangeBinding {

	private static final String ATTRIBUTE = ExchangeBinding.class.getName();

	private final PipeExchange exchange;

	private final List<PipeExchangeInterceptor> interceptors;

	private final DefaultPipeSecurityContext securityContext;

	ExchangeBinding(PipeExchange exchange, ImpersonationExecutor executor, List<PipeExchangeInterceptor> interceptors) {
		this.exchange = exchange;
		this.interceptors = interceptors;
		this.securityContext = new DefaultPipeSecurityContext(exchange, executor, this);
		exchange.attributes().put(ATTRIBUTE, this);
	}

	/**
	 * The security context of the current exchange.
	 * @return the security context
	 * @throws IllegalStateException if no exchange is bound to the thread
	 */
	static PipeSecurityContext currentSecurityContext() {
		Object binding = PipeExchangeHolder.currentExchange().attributes().get(ATTRIBUTE);
		if (binding == null) {
			throw new IllegalStateException("The exchange is not handled by a @PipeEndpoint");
		}
		return ((ExchangeBinding) binding).securityContext();
	}

	PipeSecurityContext securityContext() {
		return this.securityContext;
	}

	static void requireUnanswered(PipeExchange exchange) {
		if (exchange.isAnswered()) {
			throw over();
		}
	}

	static IllegalStateException over() {
		return new IllegalStateException("The pipe request is over: its security context and beans end with it");
	}

	/**
	 * Run a part of the handling with the exchange bound to the calling thread.
	 * @param <T> the type of the result
	 * @param body the part of the handling
	 * @return the result
	 * @throws Exception what the part of the handling throws
	 */
	@SuppressWarnings({ "unchecked", "NullAway" })
	<T extends @Nullable Object> T call(Callable<T> body) throws Exception {
		requireUnanswered(this.exchange);
		PipeExchange previous = PipeExchangeHolder.set(this.exchange);
		try {
			return (T) intercept(0, body);
		}
		finally {
			PipeExchangeHolder.set(previous);
		}
	}

	private @Nullable Object intercept(int index, Callable<?> body) throws Exception {
		if (index == this.interceptors.size()) {
			return body.call();
		}
		return this.interceptors.get(index).intercept(this.exchange, () -> intercept(index + 1, body));
	}

}
