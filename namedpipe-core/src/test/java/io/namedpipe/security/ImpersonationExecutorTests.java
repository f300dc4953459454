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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.testing.FakeImpersonation;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeImpersonationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Which thread runs code as a client, and what happens to that thread.
 */
@Timeout(120)
class ImpersonationExecutorTests {

	private final FakeImpersonation client = new FakeImpersonation();

	private final ImpersonationExecutor executor = new ImpersonationExecutor(2);

	@AfterEach
	void close() {
		this.executor.destroy();
	}

	private Thread run() throws Exception {
		return run(UnaryOperator.identity());
	}

	private Thread run(UnaryOperator<Callable<Thread>> onOtherThread) throws Exception {
		return this.executor.call(this.client, () -> {
			this.client.record("body");
			return Thread.currentThread();
		}, onOtherThread);
	}

	// As a thread that serves a pipe.
	private static <T> T onPipeThread(Callable<T> body) throws Exception {
		CompletableFuture<T> result = new CompletableFuture<>();
		new PipeThread(() -> {
			try {
				result.complete(body.call());
			}
			catch (Throwable ex) {
				result.completeExceptionally(ex);
			}
		}, "pipe-test").start();
		return result.get(20, TimeUnit.SECONDS);
	}

	private List<Thread> pool() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("pipe-impersonation-"))
			.toList();
	}

	@Test
	void ownUserNeedsNoScopeAndNoOtherThread() throws Exception {
		this.client.sameUser().needDedicatedThread();
		assertThat(run()).isSameAs(Thread.currentThread());
		assertThat(this.client.events()).containsExactly("body");
	}

	@Test
	void pipeThreadRunsItItself() throws Exception {
		assertThat(onPipeThread(this::run).getName()).isEqualTo("pipe-test");
		assertThat(this.client.events()).containsExactly("enter", "body", "leave");
	}

	@Test
	void threadActsAsAClientFromTheFirstScopeToTheLast() throws Exception {
		List<Boolean> acting = onPipeThread(() -> {
			List<Boolean> seen = new ArrayList<>();
			seen.add(PipeThread.isActingAsClient());
			this.executor.call(this.client, () -> {
				seen.add(PipeThread.isActingAsClient());
				this.executor.call(this.client, () -> seen.add(PipeThread.isActingAsClient()),
						UnaryOperator.identity());
				return seen.add(PipeThread.isActingAsClient());
			}, UnaryOperator.identity());
			seen.add(PipeThread.isActingAsClient());
			return seen;
		});
		assertThat(acting).containsExactly(false, true, true, true, false);
		assertThat(PipeThread.isActingAsClient()).isFalse();
	}

	@Test
	void bodyThatFailsEndsItsScope() throws Exception {
		assertThat(onPipeThread(() -> {
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> this.executor.call(this.client, () -> {
					throw new IllegalStateException("x");
				}, UnaryOperator.identity()));
			return PipeThread.isActingAsClient();
		})).isFalse();
	}

	@Test
	void otherThreadWaitsForAThreadOfThePool() throws Exception {
		Thread thread = run((task) -> () -> {
			this.client.record("before");
			return task.call();
		});
		assertThat(thread).isInstanceOf(PipeThread.class);
		assertThat(thread.getName()).startsWith("pipe-impersonation-");
		assertThat(thread.isDaemon()).isTrue();
		assertThat(this.client.events()).containsExactly("before", "enter", "body", "leave");
	}

	@Test
	void pipeThreadHandsOverWhatNeedsADedicatedThread() throws Exception {
		this.client.needDedicatedThread();
		assertThat(onPipeThread(this::run).getName()).startsWith("pipe-impersonation-");
		assertThat(this.client.events()).containsExactly("dedicate", "enter", "body", "leave");
	}

	@Test
	void nothingRunsOnAThreadThatCannotBeDedicated() throws Exception {
		this.client.needDedicatedThread().failOnDedicate();
		assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(this::run);
		assertThat(this.client.events()).isEmpty();
	}

	@Test
	void bodyDoesNotRunIfTheIdentityCannotBeTakenOn() throws Exception {
		this.client.failOnEnter();
		assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(this::run);
		assertThat(this.client.events()).doesNotContain("body");
	}

	@Test
	void failuresOfTheTransportKeepTheirTypeAndOthersBecomeFailuresToActAsTheClient() {
		for (PipeException thrown : List.of(new PipeClosedException("closed"), new PipeImpersonationException("no"))) {
			assertThatExceptionOfType(PipeException.class).isThrownBy(() -> enterThatThrows(thrown)).isSameAs(thrown);
		}
		for (Throwable thrown : List.of(new IllegalStateException("odd"), new NoClassDefFoundError("odd"))) {
			assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(() -> enterThatThrows(thrown))
				.withCause(thrown);
		}
	}

	private void enterThatThrows(Throwable thrown) throws Exception {
		this.executor.call(new FakeImpersonation() {

			@Override
			public Scope enter() {
				if (thrown instanceof Error error) {
					throw error;
				}
				throw (RuntimeException) thrown;
			}

		}, () -> "", UnaryOperator.identity());
	}

	@Test
	void whatTheBodyThrowsArrivesAfterTheThreadIsItselfAgain() {
		for (Throwable thrown : List.of(new java.io.IOException("x"), new AssertionError("y"))) {
			this.client.events().clear();
			assertThatExceptionOfType(Throwable.class).isThrownBy(() -> this.executor.call(this.client, () -> {
				if (thrown instanceof Error error) {
					throw error;
				}
				throw (Exception) thrown;
			}, UnaryOperator.identity())).isSameAs(thrown);
			assertThat(this.client.events()).endsWith("enter", "leave");
		}
	}

	@Test
	void threadThatIsLostIsTaintedAndNotReplaced() throws Exception {
		List<Thread> lost = new ArrayList<>();
		this.client.failOnLeave();
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(IdentityNotRestoredError.class).isThrownBy(() -> run((task) -> () -> {
				lost.add(Thread.currentThread());
				return task.call();
			})).withMessageContaining("made to fail");
		}
		assertThat(lost).doesNotHaveDuplicates().allSatisfy((thread) -> {
			assertThat(((PipeThread) thread).isTainted()).isTrue();
			thread.join(20_000);
			assertThat(thread.isAlive()).isFalse();
		});
		assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(this::run)
			.withMessageContaining("No thread is left");
	}

	@Test
	void enterThatLosesTheThreadIsAnErrorOnThePipeThreadToo() throws Exception {
		this.client.loseThreadOnEnter();
		onPipeThread(() -> {
			assertThatExceptionOfType(IdentityNotRestoredError.class).isThrownBy(this::run);
			assertThat(((PipeThread) Thread.currentThread()).isTainted()).isTrue();
			assertThatExceptionOfType(IdentityNotRestoredError.class).isThrownBy(PipeThread::requireUntainted);
			return "";
		});
		assertThat(this.client.events()).doesNotContain("body");
		onPipeThread(() -> {
			PipeThread.requireUntainted();
			return "";
		});
	}

	@Test
	void interruptOfTheWaitingThreadIsPassedOnAndTheWaitGoesOn() throws Exception {
		CountDownLatch running = new CountDownLatch(1);
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
		CompletableFuture<String> outcome = new CompletableFuture<>();
		Thread waiting = new Thread(() -> {
			try {
				outcome.complete(this.executor.call(this.client, () -> {
					running.countDown();
					try {
						new CountDownLatch(1).await();
						return "not interrupted";
					}
					catch (InterruptedException ex) {
						return "interrupted";
					}
				}, UnaryOperator.identity()));
			}
			catch (Throwable ex) {
				outcome.completeExceptionally(ex);
			}
			interrupted.complete(Thread.interrupted());
		});
		waiting.start();
		running.await();
		waiting.interrupt();
		assertThat(outcome.get(20, TimeUnit.SECONDS)).isEqualTo("interrupted");
		assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
		assertThat(this.client.events()).endsWith("leave");
		// The next task is not interrupted.
		for (int i = 0; i < 4; i++) {
			assertThat(this.executor.call(this.client, Thread::interrupted, UnaryOperator.identity())).isFalse();
		}
	}

	@Test
	void taskThatHasNotBegunIsGivenUpWhenItsThreadIsInterrupted() throws Exception {
		CountDownLatch over = new CountDownLatch(1);
		CountDownLatch running = new CountDownLatch(2);
		for (int i = 0; i < 2; i++) {
			new Thread(() -> {
				try {
					this.executor.call(this.client, () -> {
						running.countDown();
						return over.await(20, TimeUnit.SECONDS);
					}, UnaryOperator.identity());
				}
				catch (Exception ex) {
					throw new IllegalStateException(ex);
				}
			}).start();
		}
		running.await();
		CompletableFuture<Throwable> outcome = new CompletableFuture<>();
		Thread waiting = new Thread(() -> {
			try {
				run();
				outcome.complete(null);
			}
			catch (Throwable ex) {
				outcome.complete(ex);
			}
		});
		waiting.start();
		waiting.interrupt();
		assertThat(outcome.get(20, TimeUnit.SECONDS)).isInstanceOf(PipeImpersonationException.class)
			.hasMessageContaining("given up before it began");
		over.countDown();
		await().until(() -> this.client.events().stream().filter("leave"::equals).count() == 2);
		assertThat(this.client.events()).doesNotContain("body");
	}

	@Test
	void threadsOfThePoolEndWhenItIsClosed() throws Exception {
		Thread thread = run();
		this.executor.destroy();
		thread.join(20_000);
		assertThat(thread.isAlive()).isFalse();
		assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(this::run)
			.withMessageContaining("No thread is left");
		assertThat(pool()).doesNotContain(thread);
	}

}
