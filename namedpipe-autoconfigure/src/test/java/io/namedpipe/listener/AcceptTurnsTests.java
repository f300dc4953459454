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

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link AcceptTurns}.
 */
@Timeout(30)
class AcceptTurnsTests {

	private static final int MAX_RESTING = 3;

	private final AcceptTurns turns = new AcceptTurns(MAX_RESTING, 1);

	private final List<Thread> threads = new ArrayList<>();

	@AfterEach
	void endThreads() throws InterruptedException {
		this.turns.end();
		for (Thread thread : this.threads) {
			thread.join();
		}
	}

	@Test
	void theFirstHasTheTurnAndTheOthersRest() {
		assertThat(this.turns.take()).isTrue();
		CompletableFuture<Boolean> second = rest();
		assertThat(second).isNotDone();
	}

	@Test
	void whoLeavesFirstWakesTheOneThatRestedLeast() {
		assertThat(this.turns.take()).isTrue();
		CompletableFuture<Boolean> early = rest();
		CompletableFuture<Boolean> late = rest();
		assertThat(this.turns.leave()).isTrue();
		assertThat(late.join()).isTrue();
		assertThat(early).isNotDone();
	}

	@Test
	void withNobodyToWakeAThreadIsAskedFor() {
		assertThat(this.turns.take()).isTrue();
		assertThat(this.turns.leave()).isFalse();
		assertThat(this.turns.take()).isTrue();
		assertThat(this.turns.leave()).isFalse();
	}

	@Test
	void whoIsDoneTakesTheTurnThatWasLeft() {
		assertThat(this.turns.take()).isTrue();
		assertThat(this.turns.leave()).isFalse();
		this.turns.done();
		assertThat(this.turns.take()).isTrue();
	}

	@Test
	void whenAllWhoServeAreSlowTheGuardTakesTheTurn() {
		assertThat(this.turns.take()).isTrue();
		assertThat(this.turns.leave()).isFalse();
		assertThat(this.turns.take()).isTrue();
		CompletableFuture<Boolean> guard = rest();
		// Two serve now, which is more than would wake the next one.
		assertThat(this.turns.leave()).isTrue();
		assertThat(guard.join()).isTrue();
	}

	@Test
	void afterSlownessWhoLeavesWakesTheNextOneAgain() {
		whenAllWhoServeAreSlowTheGuardTakesTheTurn();
		CompletableFuture<Boolean> next = rest();
		assertThat(this.turns.leave()).isTrue();
		assertThat(next.join()).isTrue();
	}

	@Test
	void enoughThreadsRest() {
		assertThat(this.turns.take()).isTrue();
		for (int i = 0; i < MAX_RESTING; i++) {
			rest();
		}
		assertThat(this.turns.take()).isFalse();
	}

	@Test
	void theEndWakesThoseWhoRestAndTheGuard() {
		assertThat(this.turns.take()).isTrue();
		assertThat(this.turns.leave()).isFalse();
		assertThat(this.turns.take()).isTrue();
		CompletableFuture<Boolean> resting = rest();
		this.turns.end();
		assertThat(resting.join()).isFalse();
		assertThat(this.turns.take()).isFalse();
	}

	private CompletableFuture<Boolean> rest() {
		CompletableFuture<Boolean> result = new CompletableFuture<>();
		Thread thread = new Thread(() -> result.complete(this.turns.take()));
		this.threads.add(thread);
		thread.start();
		await().until(() -> thread.getState() == Thread.State.WAITING);
		return result;
	}

}
