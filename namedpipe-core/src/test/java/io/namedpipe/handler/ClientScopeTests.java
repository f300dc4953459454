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

import io.namedpipe.security.IdentityNotRestoredError;
import io.namedpipe.security.ImpersonationExecutor;
import io.namedpipe.security.PipePrincipal;
import io.namedpipe.security.PipeSecurityContext;
import io.namedpipe.security.PipeThread;
import io.namedpipe.testing.FakeImpersonation;
import io.namedpipe.transport.ClientRights;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeImpersonationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * The scopes in which a request acts as its caller, with an identity that the test makes
 * up.
 */
@Timeout(120)
class ClientScopeTests {

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

	private BoundRequest request() {
		return request(ALICE);
	}

	private BoundRequest request(PipePrincipal caller) {
		return BoundRequest.of(caller.identity(), this.impersonation, this.executor);
	}

	private static <T> T onPipeThread(Callable<T> body) throws Exception {
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
	void bodyRunsBetweenEnterAndLeaveOnAPipeThread() throws Exception {
		PipeSecurityContext context = request().securityContext();
		String thread = onPipeThread(() -> {
			String name = context.runAsClient(() -> {
				this.impersonation.record("body " + context.isImpersonating());
				return Thread.currentThread().getName();
			});
			this.impersonation.record("after it " + context.isImpersonating());
			return name;
		});
		assertThat(thread).isEqualTo("pipe-test");
		assertThat(this.impersonation.events()).containsExactly("enter", "body true", "leave", "after it false");
	}

	@Test
	void everyScopeOfARequestIsEntered() throws Exception {
		PipeSecurityContext context = request().securityContext();
		onPipeThread(() -> {
			for (String body : List.of("first", "second")) {
				context.runAsClient(() -> {
					this.impersonation.record(body);
					return body;
				});
			}
			context.getClientRights().run(() -> this.impersonation.record("calls"));
			return "";
		});
		assertThat(this.impersonation.events()).containsExactly("enter", "first", "leave", "enter", "second", "leave",
				"enter", "calls", "leave");
	}

	@Test
	void rightsAreUsedInTheScopeThatIsThere() throws Exception {
		PipeSecurityContext context = request().securityContext();
		onPipeThread(() -> context.runAsClient(() -> {
			context.getClientRights().run(() -> this.impersonation.record("calls"));
			return "";
		}));
		assertThat(this.impersonation.events()).containsExactly("enter", "calls", "leave");
	}

	@Test
	void requestsThatFollowOnAThreadAreEnteredEach() throws Exception {
		PipeSecurityContext first = request().securityContext();
		PipeSecurityContext second = request(BOB).securityContext();
		onPipeThread(() -> {
			first.runAsClient(() -> "x");
			return second.runAsClient(() -> "y");
		});
		assertThat(this.impersonation.events()).containsExactly("enter", "leave", "enter", "leave");
	}

	@Test
	void nothingIsDoneAsTheClientAfterItsRequest() throws Exception {
		BoundRequest request = request();
		PipeSecurityContext context = request.securityContext();
		ClientRights kept = context.getClientRights();
		request.complete();
		List<Callable<?>> uses = List.of(() -> context.runAsClient(() -> "x"), context::getClientRights, () -> {
			kept.run(() -> this.impersonation.record("calls"));
			return "";
		});
		for (Callable<?> use : uses) {
			// On a thread of the pipe, which would act as the client by itself, and on
			// another one.
			assertThatIllegalStateException().isThrownBy(() -> onPipeThread(use)).withMessageContaining("over");
			assertThatIllegalStateException().isThrownBy(use::call).withMessageContaining("over");
		}
		assertThat(this.impersonation.events()).isEmpty();
	}

	@Test
	void handlerWhoseTimeIsOverTakesBackWhatItHasBegun() throws Exception {
		BoundRequest request = request();
		PipeSecurityContext context = request.securityContext();
		ClientRights rights = context.getClientRights();
		onPipeThread(() -> request.call(() -> {
			request.complete();
			rights.run(() -> this.impersonation.record("calls"));
			assertThatIllegalStateException().isThrownBy(context::getClientRights).withMessageContaining("over");
			assertThatIllegalStateException().isThrownBy(() -> context.runAsClient(() -> "x"))
				.withMessageContaining("over");
			return "";
		}));
		assertThat(this.impersonation.events()).containsExactly("enter", "calls", "leave");
	}

	@Test
	void requestThatIsAnsweredInItsScopeHasNoFurtherOne() throws Exception {
		BoundRequest request = request();
		PipeSecurityContext context = request.securityContext();
		assertThatIllegalStateException().isThrownBy(() -> onPipeThread(() -> context.runAsClient(() -> {
			request.complete();
			return context.runAsClient(() -> "x");
		}))).withMessageContaining("over");
		assertThat(this.impersonation.events()).containsExactly("enter", "leave");
	}

	@Test
	void bodyOfAnotherThreadRunsOnThePoolWithTheRequestBound() throws Exception {
		BoundRequest request = request();
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
		assertThat(onPipeThread(() -> {
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> context.runAsClient(() -> {
				throw new IOException("x");
			}));
			return context.isImpersonating();
		})).isFalse();
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
		assertThat(onPipeThread(() -> one.runAsClient(other::isImpersonating))).isFalse();
		this.impersonation.events().clear();
		assertThatExceptionOfType(PipeImpersonationException.class)
			.isThrownBy(() -> onPipeThread(() -> one.runAsClient(() -> other.runAsClient(() -> "x"))));
		assertThat(this.impersonation.events()).containsExactly("enter", "leave");
	}

	@Test
	void serverThatCannotActAsTheClientGivesNoRights() {
		this.impersonation.makeImpossible();
		PipeSecurityContext context = request().securityContext();
		assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(context::getClientRights);
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
				// A handler should not do this.
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

}
