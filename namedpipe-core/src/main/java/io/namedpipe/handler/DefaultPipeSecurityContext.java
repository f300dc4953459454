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

import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.security.ImpersonationExecutor;
import io.namedpipe.security.PipePrincipal;
import io.namedpipe.security.PipeSecurityContext;
import io.namedpipe.transport.ClientRights;
import io.namedpipe.transport.PipeImpersonationException;

/**
 * The security context of one exchange.
 */
final class DefaultPipeSecurityContext implements PipeSecurityContext {

	/** The context whose client the thread acts as now. */
	private static final ThreadLocal<@Nullable DefaultPipeSecurityContext> ACTIVE = new ThreadLocal<>();

	private final PipeExchange exchange;

	private final ImpersonationExecutor executor;

	private final ExchangeBinding binding;

	private final PipePrincipal principal;

	DefaultPipeSecurityContext(PipeExchange exchange, ImpersonationExecutor executor, ExchangeBinding binding) {
		this.exchange = exchange;
		this.executor = executor;
		this.binding = binding;
		this.principal = new PipePrincipal(exchange.peer());
	}

	@Override
	public PipePrincipal getPrincipal() {
		ExchangeBinding.requireUnanswered(this.exchange);
		return this.principal;
	}

	@Override
	public boolean isImpersonating() {
		ExchangeBinding.requireUnanswered(this.exchange);
		return ACTIVE.get() == this;
	}

	@Override
	public <T extends @Nullable Object> T runAsClient(Callable<T> body) throws Exception {
		ExchangeBinding.requireUnanswered(this.exchange);
		if (isActive()) {
			return body.call();
		}
		return this.executor.call(this.exchange.impersonation(), () -> callActive(body),
				(task) -> () -> this.binding.call(task));
	}

	@Override
	public ClientRights getClientRights() {
		ExchangeBinding.requireUnanswered(this.exchange);
		this.exchange.impersonation().requirePossible();
		return this::run;
	}

	// A handler whose request was ended for its time-out still takes back what it has
	// begun.
	private void run(Runnable calls) {
		if (PipeExchangeHolder.getExchange() != this.exchange) {
			ExchangeBinding.requireUnanswered(this.exchange);
		}
		if (isActive()) {
			calls.run();
		}
		else {
			this.executor.run(this.exchange.impersonation(), calls);
		}
	}

	// Whether the thread acts as this client already.
	private boolean isActive() {
		DefaultPipeSecurityContext active = ACTIVE.get();
		if (active != null && active != this) {
			throw new PipeImpersonationException("The thread already acts as the client of another request");
		}
		return active == this;
	}

	private <T extends @Nullable Object> T callActive(Callable<T> body) throws Exception {
		ACTIVE.set(this);
		try {
			return body.call();
		}
		finally {
			ACTIVE.remove();
		}
	}

}
