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

package io.namedpipe.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.security.PipeThread;
import io.namedpipe.testing.Background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The threads of a pipe: how many there are, and how their end is waited for.
 */
@Timeout(120)
class ServingThreadsTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private final ServingThreads threads = new ServingThreads("pipe-test", false);

	private final CountDownLatch opened = new CountDownLatch(1);

	@AfterEach
	void open() {
		this.opened.countDown();
	}

	private CompletableFuture<Thread> startThatWaits(int limit) {
		CompletableFuture<Thread> started = new CompletableFuture<>();
		boolean taken = this.threads.start(() -> {
			started.complete(Thread.currentThread());
			try {
				this.opened.await();
			}
			catch (InterruptedException ex) {
				// Ends.
			}
		}, limit);
		assertThat(taken).isTrue();
		return started;
	}

	@Test
	void noMoreThanTheLimitRunAtOnce() throws Exception {
		Thread first = Background.get(startThatWaits(2));
		startThatWaits(2);
		assertThat(first).isInstanceOf(PipeThread.class);
		assertThat(first.getName()).isEqualTo("pipe-test-1");
		assertThat(this.threads.start(() -> {
		}, 2)).isFalse();
		CompletableFuture<String> beside = new CompletableFuture<>();
		this.threads.start(() -> beside.complete(Thread.currentThread().getName()));
		assertThat(Background.get(beside)).isEqualTo("pipe-test-3");
		this.opened.countDown();
		assertThat(this.threads.await(LONG)).isTrue();
		assertThat(this.threads.start(() -> {
		}, 1)).isTrue();
	}

	@Test
	void threadsThatDoNotCountLeaveTheLimitAlone() {
		for (int i = 0; i < 3; i++) {
			this.threads.start(() -> {
			});
		}
		assertThat(this.threads.await(LONG)).isTrue();
		startThatWaits(1);
		assertThat(this.threads.start(() -> {
		}, 1)).isFalse();
	}

	@Test
	void endIsWaitedForAsLongAsIsSaid() throws Exception {
		assertThat(this.threads.await(Duration.ZERO)).isTrue();
		Background.get(startThatWaits(1));
		assertThat(this.threads.await(Duration.ZERO)).isFalse();
		long before = System.nanoTime();
		assertThat(this.threads.await(Duration.ofMillis(120))).isFalse();
		assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(120));
		CompletableFuture<Boolean> ended = Background.run(() -> this.threads.await(LONG));
		this.opened.countDown();
		assertThat(Background.get(ended)).isTrue();
	}

	@Test
	void bodyThatFailsEndsItsThreadLikeAnyOther() {
		this.threads.start(() -> {
			Thread.currentThread().setUncaughtExceptionHandler((thread, ex) -> {
			});
			throw new IllegalStateException("made to fail");
		}, 1);
		assertThat(this.threads.await(LONG)).isTrue();
		startThatWaits(1);
	}

	@Test
	void interruptReachesEveryThreadButTheExcusedOnes() throws Exception {
		Thread excused = Background.get(startThatWaits(3));
		Thread other = Background.get(startThatWaits(3));
		this.threads.excuse(excused);
		// A thread that is not one of these changes nothing.
		this.threads.excuse(Thread.currentThread());
		assertThat(this.threads.await(Duration.ZERO)).isFalse();
		// By another thread: nothing stays locked.
		Background.get(Background.run(() -> {
			this.threads.interrupt();
			return "";
		}));
		assertThat(this.threads.await(LONG)).isTrue();
		other.join(LONG.toMillis());
		assertThat(other.isAlive()).isFalse();
		assertThat(excused.isAlive()).isTrue();
		assertThat(excused.isInterrupted()).isFalse();
	}

	@Test
	void excusedThreadThatHasEndedExcusesNoOther() throws Exception {
		Thread excused = Background.get(startThatWaits(1));
		this.threads.excuse(excused);
		excused.interrupt();
		excused.join(LONG.toMillis());
		Background.get(startThatWaits(1));
		assertThat(this.threads.await(Duration.ZERO)).isFalse();
	}

	@Test
	void waitEndsAtOnceWhenTheLastOneIsExcused() throws Exception {
		Thread last = Background.get(startThatWaits(1));
		CompletableFuture<Boolean> ended = Background.run(() -> this.threads.await(LONG));
		assertThat(ended).isNotDone();
		this.threads.excuse(last);
		assertThat(Background.get(ended)).isTrue();
	}

	@Test
	void waitThatIsInterruptedEnds() throws Exception {
		Background.get(startThatWaits(1));
		CompletableFuture<Thread> waiting = new CompletableFuture<>();
		CompletableFuture<List<Boolean>> result = Background.run(() -> {
			waiting.complete(Thread.currentThread());
			List<Boolean> seen = new ArrayList<>();
			seen.add(this.threads.await(LONG));
			seen.add(Thread.currentThread().isInterrupted());
			return seen;
		});
		Background.get(waiting).interrupt();
		assertThat(Background.get(result)).containsExactly(false, true);
	}

	@Test
	void clientsWaitWhileTheGateIsClosed() throws Exception {
		PauseGate gate = new PauseGate();
		gate.await();
		gate.close();
		CompletableFuture<Thread> waiter = new CompletableFuture<>();
		CompletableFuture<String> waiting = Background.run(() -> {
			waiter.complete(Thread.currentThread());
			gate.await();
			return "through";
		});
		Thread thread = Background.get(waiter);
		await().until(() -> thread.getState() == Thread.State.WAITING);
		assertThat(waiting).isNotDone();
		gate.open();
		assertThat(Background.get(waiting)).isEqualTo("through");
		// Nothing stays locked.
		gate.close();
		CompletableFuture<String> again = Background.run(() -> {
			gate.await();
			return "again";
		});
		gate.open();
		assertThat(Background.get(again)).isEqualTo("again");
		gate.await();
	}

}
