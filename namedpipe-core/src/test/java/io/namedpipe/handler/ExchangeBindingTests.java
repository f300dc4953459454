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

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeExchangeInterceptor;
import io.namedpipe.security.ImpersonationExecutor;
import io.namedpipe.security.PipePrincipal;
import io.namedpipe.security.PipeSecurityContext;
import io.namedpipe.testing.FakeImpersonation;
import io.namedpipe.transport.PeerIdentity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * A request that is bound to its threads, with its interceptors and beans.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExchangeBindingTests {

	private static final PipePrincipal ALICE = new PipePrincipal(
			PeerIdentity.of(PeerIdentity.Kind.UNIX, "1001").name("alice").build());

	private static final PipePrincipal BOB = new PipePrincipal(
			PeerIdentity.of(PeerIdentity.Kind.UNIX, "1002").name("bob").build());

	private final FakeImpersonation impersonation = new FakeImpersonation();

	private final ImpersonationExecutor executor = new ImpersonationExecutor(2);

	private final PipeSecurityContext current = new CurrentPipeSecurityContext();

	@AfterEach
	void endExecutor() {
		this.executor.destroy();
	}

	private BoundRequest request(PipeExchangeInterceptor... interceptors) {
		return request(ALICE, interceptors);
	}

	private BoundRequest request(PipePrincipal caller, PipeExchangeInterceptor... interceptors) {
		return BoundRequest.of(caller.identity(), this.impersonation, this.executor, interceptors);
	}

	@Test
	void withoutARequestEveryUseSaysSo() {
		assertThatIllegalStateException().isThrownBy(this.current::getPrincipal)
			.withMessageContaining("No pipe request is bound to this thread");
		assertThatIllegalStateException().isThrownBy(this.current::isImpersonating);
		assertThatIllegalStateException().isThrownBy(() -> this.current.runAsClient(() -> "x"));
	}

	@Test
	void principalIsKnownWhileTheRequestIsHandledAndNotAfterwards() throws Exception {
		BoundRequest request = request();
		PipeSecurityContext own = request.securityContext();
		assertThat(request.call(() -> this.current.getPrincipal().getName())).isEqualTo("alice");
		assertThatIllegalStateException().isThrownBy(this.current::getPrincipal);
		assertThat(own.getPrincipal()).isEqualTo(ALICE);
		request.complete();
		assertThatIllegalStateException().isThrownBy(own::getPrincipal).withMessageContaining("over");
		assertThatIllegalStateException().isThrownBy(() -> own.runAsClient(() -> "x"));
		assertThatIllegalStateException().isThrownBy(own::isImpersonating);
		assertThatIllegalStateException().isThrownBy(() -> request.call(() -> "x"));
		assertThat(this.impersonation.events()).isEmpty();
	}

	@Test
	void interceptorsSurroundTheWorkOnEveryThread() throws Exception {
		List<String> log = new ArrayList<>();
		BoundRequest request = request(new Recording("a", log), new Recording("b", log));
		request.call(() -> this.current.runAsClient(() -> log.add("body")));
		assertThat(log).containsExactly("a alice", "b alice", "a alice", "b alice", "body", "b end", "a end", "b end",
				"a end");
	}

	@Test
	void oneThreadForTwoRequestsShowsEachItsOwnCaller() throws Exception {
		BoundRequest first = request();
		BoundRequest second = request(BOB);
		assertThat(first.call(() -> this.current.getPrincipal().getName())).isEqualTo("alice");
		first.complete();
		assertThat(second.call(() -> this.current.getPrincipal().getName())).isEqualTo("bob");
		assertThat(PipeExchangeHolder.getExchange()).isNull();
	}

	@Test
	void requestWithinAnotherOneGivesTheThreadBack() throws Exception {
		BoundRequest outer = request();
		BoundRequest inner = request(BOB);
		outer.call(() -> {
			assertThat(inner.<String>call(() -> this.current.getPrincipal().getName())).isEqualTo("bob");
			assertThat(PipeExchangeHolder.getExchange()).isSameAs(outer.exchange());
			return this.current.getPrincipal().getName();
		});
	}

	@Test
	void scopeIsActiveOnlyWithin() throws Exception {
		request().call(() -> {
			assertThat(this.current.isImpersonating()).isFalse();
			assertThat(this.current.<Boolean>runAsClient(this.current::isImpersonating)).isTrue();
			return "";
		});
	}

	@Test
	void scopeMakesABeanPerRequestAndDestroysItAtTheEnd() throws Exception {
		PipeRequestScopeHandler scope = new PipeRequestScopeHandler();
		List<String> destroyed = new ArrayList<>();
		BoundRequest request = request();
		Object[] beans = request.call(() -> {
			scope.registerDestructionCallback("bean", () -> destroyed.add("bean"));
			return new Object[] { scope.get("bean", Object::new), scope.get("bean", Object::new) };
		});
		assertThat(beans[0]).isSameAs(beans[1]);
		assertThat(destroyed).isEmpty();
		request.complete();
		request.complete();
		assertThat(destroyed).containsExactly("bean");
		Object next = request().call(() -> scope.get("bean", Object::new));
		assertThat(next).isNotSameAs(beans[0]);
		assertThatIllegalStateException().isThrownBy(() -> scope.get("bean", Object::new));
	}

	@Test
	void exchangeOfNoEndpointHasNoSecurityContext() {
		PipeExchange exchange = request().exchange();
		exchange.attributes().clear();
		PipeExchangeHolder.set(exchange);
		try {
			assertThatIllegalStateException().isThrownBy(this.current::getPrincipal)
				.withMessageContaining("@PipeEndpoint");
		}
		finally {
			PipeExchangeHolder.set(null);
		}
	}

	private record Recording(String name, List<String> log) implements PipeExchangeInterceptor {

		@Override
		public @Nullable Object intercept(PipeExchange exchange, Chain chain) throws Exception {
			this.log.add(this.name + " " + exchange.peer().name());
			try {
				return chain.proceed();
			}
			finally {
				this.log.add(this.name + " end");
			}
		}

	}

}
