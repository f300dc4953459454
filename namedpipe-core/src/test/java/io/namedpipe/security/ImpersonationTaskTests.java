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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.testing.Background;
import io.namedpipe.transport.PipeImpersonationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A task that one thread runs for another: it runs once, and interrupts are for it alone.
 */
@Timeout(120)
class ImpersonationTaskTests {

	@Test
	void bodyRunsOnce() throws Exception {
		List<String> runs = new ArrayList<>();
		ImpersonationTask<Boolean> task = new ImpersonationTask<>(() -> runs.add("run"));
		task.run();
		task.run();
		assertThat(task.await()).isTrue();
		assertThat(runs).hasSize(1);
	}

	@Test
	void taskThatWasGivenUpDoesNotRun() {
		List<String> runs = new ArrayList<>();
		ImpersonationTask<Boolean> task = new ImpersonationTask<>(() -> runs.add("run"));
		task.interrupt();
		task.run();
		assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(task::await);
		assertThat(runs).isEmpty();
	}

	// The thread may already run the task of another caller.
	@Test
	void interruptThatComesTooLateReachesNobody() throws Exception {
		ImpersonationTask<String> task = new ImpersonationTask<>(() -> "done");
		CountDownLatch interrupted = new CountDownLatch(1);
		CompletableFuture<Boolean> reached = Background.run(() -> {
			task.run();
			interrupted.await();
			return Thread.currentThread().isInterrupted();
		});
		assertThat(task.await()).isEqualTo("done");
		task.interrupt();
		interrupted.countDown();
		assertThat(Background.get(reached)).isFalse();
	}

	@Test
	void interruptThatTheBodyLeavesBehindEndsWithIt() throws Exception {
		ImpersonationTask<String> task = new ImpersonationTask<>(() -> {
			Thread.currentThread().interrupt();
			return "done";
		});
		assertThat(Background.get(Background.run(() -> {
			task.run();
			return Thread.currentThread().isInterrupted();
		}))).isFalse();
		assertThat(task.await()).isEqualTo("done");
	}

}
