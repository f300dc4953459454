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

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeExchangeInterceptor;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.security.IdentityNotRestoredError;
import io.namedpipe.security.ImpersonationExecutor;
import io.namedpipe.security.PipePrincipal;
import io.namedpipe.security.PipeSecurityContext;
import io.namedpipe.security.PipeThread;
import io.namedpipe.testing.FakeImpersonation;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.testing.Sessions;
import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeImpersonationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * A request, its security context, and the scopes in which it acts as its caller.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
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

	private Request request(PipeExchangeInterceptor... interceptors) {
		return request(ALICE, interceptors);
	}

	private Request request(PipePrincipal caller, PipeExchangeInterceptor... interceptors) {
		PipeExchange exchange = Sessions.connection(new ScriptedChannel() {

			@Override
			public PeerIdentity peer() {
				return caller.identity();
			}

			@Override
			public Impersonation impersonation() {
				return ExchangeBindingTests.this.impersonation;
			}

		}).begin(PipeRequest.of("x"), new NoResponder());
		return new Request(exchange, new ExchangeBinding(exchange, this.executor, List.of(interceptors)));
	}

	private <T> T onPipeThread(Callable<T> body) throws Exception {
		CompletableFuture<T> result = new CompletableFuture<>();
		PipeThread thread = new PipeThread(() -> {
			try {
				result.complete(body.call());
			}
			catch (Throwable ex) {
				result.completeExceptionally(ex);
			}
		}, "pipe-test");
		thread.start();
		try {
			return result.get(20, TimeUnit.SECONDS);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof Error error) {
				throw error;
			}
			throw (Exception) ex.getCause();
		}
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
		Request request = request();
		PipeSecurityContext own = request.securityContext();
		assertThat(request.call(() -> this.current.getPrincipal().getName())).isEqualTo("alice");
		assertThatIllegalStateException().isThrownBy(this.current::getPrincipal);
		assertThat(own.getPrincipal()).isEqualTo(ALICE);
		request.complete();
		assertThatIllegalStateException().isThrownBy(own::getPrincipal).withMessageContaining("over");
		assertThatIllegalStateException().isThrownBy(() -> own.runAsClient(() -> "x"));
		assertThatIllegalStateException().isThrownBy(own::isImpersonating);
		assertThat(this.impersonation.events()).isEmpty();
	}

	@Test
	void bodyRunsBetweenEnterAndLeaveOnAPipeThread() throws Exception {
		PipeSecurityContext context = request().securityContext();
		String thread = onPipeThread(() -> context.runAsClient(() -> {
			this.impersonation.record("body " + context.isImpersonating());
			return Thread.currentThread().getName();
		}));
		assertThat(thread).isEqualTo("pipe-test");
		assertThat(this.impersonation.events()).containsExactly("enter", "body true", "leave");
		assertThat(context.isImpersonating()).isFalse();
	}

	@Test
	void bodyOfAnotherThreadRunsOnThePoolWithTheRequestBound() throws Exception {
		Request request = request();
		String name = request.securityContext().runAsClient(() -> {
			assertThat(this.current.isImpersonating()).isTrue();
			return Thread.currentThread().getName();
		});
		assertThat(name).startsWith("pipe-impersonation-");
		assertThat(this.impersonation.events()).containsExactly("enter", "leave");
	}

	@Test
	void exceptionsAndErrorsLeaveTheThreadClean() throws Exception {
		PipeSecurityContext context = request().securityContext();
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> onPipeThread(() -> context.runAsClient(() -> {
			throw new IOException("x");
		})));
		assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> context.runAsClient(() -> {
			throw new StackOverflowError();
		}));
		assertThat(this.impersonation.events()).containsExactly("enter", "leave", "enter", "leave");
		assertThat(context.isImpersonating()).isFalse();
	}

	@Test
	void nestedScopesAreOneScope() throws Exception {
		PipeSecurityContext context = request().securityContext();
		String result = onPipeThread(() -> context.runAsClient(() -> context.runAsClient(() -> "inner")));
		assertThat(result).isEqualTo("inner");
		assertThat(this.impersonation.events()).containsExactly("enter", "leave");
	}

	@Test
	void threadThatActsForOneRequestCannotActForAnother() throws Exception {
		PipeSecurityContext one = request().securityContext();
		PipeSecurityContext other = request().securityContext();
		assertThatExceptionOfType(PipeImpersonationException.class)
			.isThrownBy(() -> onPipeThread(() -> one.runAsClient(() -> other.runAsClient(() -> "x"))));
		assertThat(this.impersonation.events()).containsExactly("enter", "leave");
	}

	@Test
	void bodyDoesNotRunIfTheIdentityCannotBeTakenOn() {
		this.impersonation.failOnEnter();
		PipeSecurityContext context = request().securityContext();
		assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(() -> context.runAsClient(() -> {
			this.impersonation.record("body");
			return "x";
		}));
		assertThat(this.impersonation.events()).isEmpty();
	}

	@Test
	void sameUserNeedsNoScope() throws Exception {
		this.impersonation.sameUser();
		PipeSecurityContext context = request().securityContext();
		Thread thread = context.runAsClient(() -> {
			assertThat(context.isImpersonating()).isTrue();
			return Thread.currentThread();
		});
		assertThat(thread).isSameAs(Thread.currentThread());
		assertThat(this.impersonation.events()).isEmpty();
	}

	@Test
	void failedLeaveTaintsThePipeThread() throws Exception {
		this.impersonation.failOnLeave();
		PipeSecurityContext context = request().securityContext();
		AtomicReference<@Nullable Boolean> tainted = new AtomicReference<>();
		assertThatExceptionOfType(IdentityNotRestoredError.class).isThrownBy(() -> onPipeThread(() -> {
			try {
				return context.runAsClient(() -> "x");
			}
			finally {
				tainted.set(((PipeThread) Thread.currentThread()).isTainted());
			}
		}));
		assertThat(tainted.get()).isTrue();
	}

	@Test
	void enterThatLosesTheThreadTaintsIt() {
		this.impersonation.loseThreadOnEnter();
		PipeSecurityContext context = request().securityContext();
		assertThatExceptionOfType(IdentityNotRestoredError.class)
			.isThrownBy(() -> onPipeThread(() -> context.runAsClient(() -> "x")));
	}

	@Test
	void swallowedErrorIsFoundBeforeTheThreadGoesOn() {
		this.impersonation.failOnLeave();
		PipeSecurityContext context = request().securityContext();
		assertThatExceptionOfType(IdentityNotRestoredError.class).isThrownBy(() -> onPipeThread(() -> {
			try {
				context.runAsClient(() -> "x");
			}
			catch (IdentityNotRestoredError ex) {
				// What a handler should not do.
			}
			PipeThread.requireUntainted();
			return "went on";
		}));
	}

	@Test
	void threadsOfThePoolThatAreTaintedAreNotReplaced() {
		this.impersonation.failOnLeave();
		PipeSecurityContext context = request().securityContext();
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(IdentityNotRestoredError.class).isThrownBy(() -> context.runAsClient(() -> "x"));
		}
		await().untilAsserted(() -> assertThatExceptionOfType(PipeImpersonationException.class)
			.isThrownBy(() -> context.runAsClient(() -> "x"))
			.withMessageContaining("No thread is left"));
	}

	@Test
	void interruptOfTheWaitingThreadReachesTheBodyAndTheScopeIsLeftFirst() throws Exception {
		PipeSecurityContext context = request().securityContext();
		CountDownLatch inside = new CountDownLatch(1);
		AtomicReference<List<String>> atReturn = new AtomicReference<>();
		AtomicReference<Boolean> interrupted = new AtomicReference<>();
		Thread waiting = new Thread(() -> {
			try {
				context.runAsClient(() -> {
					inside.countDown();
					new CountDownLatch(1).await();
					return "never";
				});
			}
			catch (Exception ex) {
				this.impersonation.record(ex.getClass().getSimpleName());
			}
			atReturn.set(List.copyOf(this.impersonation.events()));
			interrupted.set(Thread.currentThread().isInterrupted());
		});
		waiting.start();
		inside.await();
		waiting.interrupt();
		waiting.join();
		assertThat(atReturn.get()).containsExactly("enter", "leave", "InterruptedException");
		assertThat(interrupted.get()).isTrue();
		assertThat(context.<Boolean>runAsClient(() -> Thread.currentThread().isInterrupted())).isFalse();
	}

	@Test
	void interceptorsSurroundTheWorkOnEveryThread() throws Exception {
		List<String> log = new ArrayList<>();
		Request request = request(new Recording("a", log), new Recording("b", log));
		request.call(() -> this.current.runAsClient(() -> log.add("body")));
		assertThat(log).containsExactly("a alice", "b alice", "a alice", "b alice", "body", "b end", "a end", "b end",
				"a end");
	}

	@Test
	void oneThreadForTwoRequestsShowsEachItsOwnCaller() throws Exception {
		Request first = request();
		Request second = request(BOB);
		assertThat(first.call(() -> this.current.getPrincipal().getName())).isEqualTo("alice");
		first.complete();
		assertThat(second.call(() -> this.current.getPrincipal().getName())).isEqualTo("bob");
		assertThat(PipeExchangeHolder.getExchange()).isNull();
	}

	@Test
	void scopeMakesABeanPerRequestAndDestroysItAtTheEnd() throws Exception {
		PipeRequestScopeHandler scope = new PipeRequestScopeHandler();
		List<String> destroyed = new ArrayList<>();
		Request request = request();
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

	/**
	 * An exchange that is handled.
	 */
	private record Request(PipeExchange exchange, ExchangeBinding binding) {

		<T extends @Nullable Object> T call(Callable<T> body) throws Exception {
			return this.binding.call(body);
		}

		PipeSecurityContext securityContext() {
			return this.binding.securityContext();
		}

		void complete() {
			this.exchange.reply(PipeReply.empty());
		}

	}

	private static final class NoResponder implements PipeExchange.Responder {

		@Override
		public void reply(PipeReply reply) {
		}

		@Override
		public void fail(PipeFailure failure) {
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
