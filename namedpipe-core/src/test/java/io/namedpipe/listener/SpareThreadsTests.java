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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.testing.Background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Threads that are kept for a while.
 */
@Timeout(60)
class SpareThreadsTests {

	private final SpareThreads threads = new SpareThreads();

	@Test
	void threadThatIsCalledReturns() throws Exception {
		assertThat(this.threads.call()).isFalse();
		CompletableFuture<Boolean> waiting = Background.run(this.threads::await);
		await().until(this.threads::call);
		assertThat(Background.get(waiting)).isTrue();
		assertThat(this.threads.call()).isFalse();
	}

	@Test
	void threadThatIsNotCalledEnds() throws Exception {
		long before = System.nanoTime();
		assertThat(Background.get(Background.run(this.threads::await))).isFalse();
		assertThat(System.nanoTime() - before).isGreaterThan(1_900_000_000L);
		assertThat(this.threads.call()).isFalse();
	}

	@Test
	void eachCallIsForOneThread() throws Exception {
		List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			waiting.add(Background.run(this.threads::await));
		}
		int called = 0;
		while (waiting.stream().anyMatch((each) -> !each.isDone())) {
			called += this.threads.call() ? 1 : 0;
			Thread.onSpinWait();
		}
		int came = 0;
		for (CompletableFuture<Boolean> each : waiting) {
			came += Background.get(each) ? 1 : 0;
		}
		assertThat(came).isEqualTo(called);
	}

	@Test
	void interruptedThreadEnds() throws Exception {
		Thread[] thread = new Thread[1];
		CompletableFuture<Boolean> waiting = Background.run(() -> {
			thread[0] = Thread.currentThread();
			thread[0].interrupt();
			return this.threads.await();
		});
		assertThat(Background.get(waiting)).isFalse();
		assertThat(this.threads.call()).isFalse();
	}

	@Test
	void noThreadWaitsOnceClosed() throws Exception {
		CompletableFuture<Boolean> waiting = Background.run(this.threads::await);
		this.threads.close();
		Background.get(waiting);
		long before = System.nanoTime();
		for (int i = 0; i < 5; i++) {
			assertThat(this.threads.await()).isFalse();
		}
		assertThat(System.nanoTime() - before).isLessThan(9_000_000_000L);
	}

}
