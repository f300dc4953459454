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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.testing.Background;
import io.namedpipe.testing.FakeImpersonation;
import io.namedpipe.transport.PipeImpersonationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The threads that act as clients for others: waiting for them, and their end.
 */
@Timeout(120)
class ImpersonationThreadsTests {

	private final FakeImpersonation client = new FakeImpersonation();

	private ImpersonationExecutor executor = new ImpersonationExecutor(1);

	private final CountDownLatch opened = new CountDownLatch(1);

	@AfterEach
	void close() {
		this.opened.countDown();
		this.executor.destroy();
	}

	private Thread run() throws Exception {
		return this.executor.call(this.client, Thread::currentThread, UnaryOperator.identity());
	}

	// Takes the only thread until the latch is opened.
	private CompletableFuture<String> occupy() throws Exception {
		CountDownLatch running = new CountDownLatch(1);
		CompletableFuture<String> occupied = Background.run(() -> this.executor.call(this.client, () -> {
			running.countDown();
			this.opened.await();
			return "done";
		}, UnaryOperator.identity()));
		assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
		return occupied;
	}

	private CompletableFuture<Thread> callThatWaits() {
		CompletableFuture<Thread> caller = new CompletableFuture<>();
		CompletableFuture<Thread> waiting = Background.run(() -> {
			caller.complete(Thread.currentThread());
			return run();
		});
		await().until(() -> List.of(caller.get().getStackTrace())
			.stream()
			.anyMatch((frame) -> frame.getMethodName().equals("await")
					&& frame.getClassName().endsWith("ImpersonationTask")));
		return waiting;
	}

	@Test
	void callsThatWaitAreGivenUpWhenThePoolIsClosed() throws Exception {
		CompletableFuture<String> occupied = occupy();
		CompletableFuture<Thread> waiting = callThatWaits();
		this.executor.destroy();
		assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(() -> Background.get(waiting))
			.withMessageContaining("given up before it began");
		this.opened.countDown();
		assertThat(Background.get(occupied)).isEqualTo("done");
		assertThat(this.client.events()).containsExactly("enter", "leave");
	}

	@Test
	void callsThatWaitAreGivenUpWhenTheLastThreadIsLost() throws Exception {
		CompletableFuture<String> occupied = occupy();
		CompletableFuture<Thread> waiting = callThatWaits();
		this.client.failOnLeave();
		this.opened.countDown();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(occupied::get)
			.withCauseInstanceOf(IdentityNotRestoredError.class);
		assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(() -> Background.get(waiting))
			.withMessageContaining("given up before it began");
	}

	@Test
	void allThreadsEndWhenThePoolIsClosed() throws Exception {
		this.executor.destroy();
		int threads = 3;
		this.executor = new ImpersonationExecutor(threads);
		CountDownLatch all = new CountDownLatch(threads);
		List<CompletableFuture<Thread>> calls = new ArrayList<>();
		for (int i = 0; i < threads; i++) {
			calls.add(Background.run(() -> this.executor.call(this.client, () -> {
				all.countDown();
				all.await();
				return Thread.currentThread();
			}, UnaryOperator.identity())));
		}
		List<Thread> pool = new ArrayList<>();
		for (CompletableFuture<Thread> call : calls) {
			pool.add(Background.get(call));
		}
		assertThat(pool).doesNotHaveDuplicates();
		this.executor.destroy();
		for (Thread thread : pool) {
			thread.join(20_000);
			assertThat(thread.isAlive()).isFalse();
		}
	}

	@Test
	void interruptThatABodyLeavesBehindDoesNotReachTheNextOne() throws Exception {
		CompletableFuture<Thread> caller = new CompletableFuture<>();
		CompletableFuture<Boolean> stubborn = Background.run(() -> {
			caller.complete(Thread.currentThread());
			return this.executor.call(this.client, () -> {
				while (!Thread.currentThread().isInterrupted()) {
					Thread.onSpinWait();
				}
				return Thread.currentThread().isInterrupted();
			}, UnaryOperator.identity());
		});
		Background.get(caller).interrupt();
		// Either it has begun, or it is given up and the next one is the first.
		stubborn.handle((result, thrown) -> "").get(20, TimeUnit.SECONDS);
		assertThat(this.executor.<Boolean>call(this.client, () -> Thread.currentThread().isInterrupted(),
				UnaryOperator.identity()))
			.isFalse();
	}

	@Test
	void callsOfTheSystemRunOnAThreadOfThePoolUnlessTheThreadIsOfAPipeOrTheClientIsTheServersUser() throws Exception {
		List<String> names = new ArrayList<>();
		Runnable calls = () -> {
			this.client.record("calls");
			names.add(Thread.currentThread().getName());
		};
		this.executor.run(this.client, calls);
		assertThat(names.get(0)).startsWith("pipe-impersonation-");
		assertThat(this.client.events()).containsExactly("enter", "calls", "leave");
		this.client.events().clear();
		Thread pipe = new PipeThread(() -> this.executor.run(this.client, calls), "pipe-test");
		pipe.start();
		pipe.join();
		assertThat(names.get(1)).isEqualTo("pipe-test");
		assertThat(this.client.events()).containsExactly("enter", "calls", "leave");
		this.client.sameUser().events().clear();
		this.executor.run(this.client, calls);
		assertThat(names.get(2)).isEqualTo(Thread.currentThread().getName());
		assertThat(this.client.events()).containsExactly("calls");
	}

	@Test
	void callsOfTheSystemDoNotRunIfTheIdentityCannotBeTakenOn() {
		this.client.failOnEnter();
		assertThatExceptionOfType(PipeImpersonationException.class)
			.isThrownBy(() -> this.executor.run(this.client, () -> this.client.record("calls")));
		assertThat(this.client.events()).isEmpty();
	}

	@Test
	void callsOfTheSystemThatLoseTheirThreadSayItTheSameWay() throws Exception {
		this.client.failOnLeave();
		assertThatExceptionOfType(IdentityNotRestoredError.class)
			.isThrownBy(() -> this.executor.run(this.client, () -> this.client.record("calls")));
		await().untilAsserted(() -> assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(this::run)
			.withMessageContaining("No thread is left"));
	}

}
