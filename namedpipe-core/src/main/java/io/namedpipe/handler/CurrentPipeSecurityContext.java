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

import io.namedpipe.security.PipePrincipal;
import io.namedpipe.security.PipeSecurityContext;
import io.namedpipe.transport.ClientRights;

/**
 * The security context bean: it delegates to the context of the exchange that is bound to
 * the calling thread. Without such an exchange its methods throw an
 * {@link IllegalStateException} that says what is wrong. Thread-safe.
 *
 * @since 0.1.0
 */
public final class CurrentPipeSecurityContext implements PipeSecurityContext {

	@Override
	public PipePrincipal getPrincipal() {
		return ExchangeBinding.currentSecurityContext().getPrincipal();
	}

	@Override
	public <T extends @Nullable Object> T runAsClient(Callable<T> body) throws Exception {
		return ExchangeBinding.currentSecurityContext().runAsClient(body);
	}

	@Override
	public ClientRights getClientRights() {
		return ExchangeBinding.currentSecurityContext().getClientRights();
	}

	@Override
	public boolean isImpersonating() {
		return ExchangeBinding.currentSecurityContext().isImpersonating();
	}

}
