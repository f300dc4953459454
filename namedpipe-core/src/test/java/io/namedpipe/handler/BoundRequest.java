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
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.security.ImpersonationExecutor;
import io.namedpipe.security.PipeSecurityContext;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.testing.Sessions;
import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.PeerIdentity;

/**
 * An exchange that is handled.
 */
record BoundRequest(PipeExchange exchange, ExchangeBinding binding) {

	static BoundRequest of(PeerIdentity caller, Impersonation impersonation, ImpersonationExecutor executor,
			PipeExchangeInterceptor... interceptors) {
		PipeExchange exchange = Sessions.connection(new ScriptedChannel() {

			@Override
			public PeerIdentity peer() {
				return caller;
			}

			@Override
			public Impersonation impersonation() {
				return impersonation;
			}

		}).begin(PipeRequest.of("x"), new NoResponder());
		return new BoundRequest(exchange, new ExchangeBinding(exchange, executor, List.of(interceptors)));
	}

	<T extends @Nullable Object> T call(Callable<T> body) throws Exception {
		return this.binding.call(body);
	}

	PipeSecurityContext securityContext() {
		return this.binding.securityContext();
	}

	void complete() {
		this.exchange.reply(PipeReply.empty());
	}

	private static final class NoResponder implements PipeExchange.Responder {

		@Override
		public void reply(PipeReply reply) {
		}

		@Override
		public void fail(PipeFailure failure) {
		}

	}

}
