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

package io.namedpipe.security;

import java.util.concurrent.Callable;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.PipeImpersonationException;

/**
 * The security context of one request.
 */
final class DefaultPipeSecurityContext implements PipeSecurityContext {

	/** The context on whose behalf the thread acts as a client now. */
	private static final ThreadLocal<@Nullable DefaultPipeSecurityContext> ACTIVE = new ThreadLocal<>();

	private final PipeRequestAttributes request;

	private final PipePrincipal principal;

	private final Supplier<Impersonation> impersonation;

	private final ImpersonationExecutor executor;

	DefaultPipeSecurityContext(PipeRequestAttributes request, PipePrincipal principal,
			Supplier<Impersonation> impersonation, ImpersonationExecutor executor) {
		this.request = request;
		this.principal = principal;
		this.impersonation = impersonation;
		this.executor = executor;
	}

	PipePrincipal principal() {
		return this.principal;
	}

	@Override
	public PipePrincipal getPrincipal() {
		this.request.requireActive();
		return this.principal;
	}

	@Override
	public boolean isImpersonating() {
		this.request.requireActive();
		return ACTIVE.get() == this;
	}

	@Override
	public <T extends @Nullable Object> T runAsClient(Callable<T> body) throws Exception {
		this.request.requireActive();
		DefaultPipeSecurityContext active = ACTIVE.get();
		if (active == this) {
			return body.call();
		}
		if (active != null) {
			throw new PipeImpersonationException("The thread already acts as the client of another request");
		}
		return this.executor.call(this.impersonation.get(), () -> callActive(body), new OnOtherThread(this.request));
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

	private record OnOtherThread(PipeRequestAttributes request) implements ImpersonationExecutor.BodyWrapper {

		@Override
		public <T extends @Nullable Object> Callable<T> wrap(Callable<T> body) {
			return () -> this.request.call(body);
		}

	}

}
