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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link PipeThread}.
 */
@Timeout(60)
class PipeThreadTests {

	@Test
	void interruptIsIgnoredBetweenClients() throws Exception {
		CountDownLatch waiting = new CountDownLatch(1);
		CountDownLatch interrupted = new CountDownLatch(1);
		CompletableFuture<Boolean> status = new CompletableFuture<>();
		PipeThread thread = new PipeThread(() -> {
			// What a handler has left behind.
			Thread.currentThread().interrupt();
			PipeThread.ignoreInterrupts();
			try {
				waiting.countDown();
				interrupted.await();
				PipeThread.receiveInterrupts();
				status.complete(Thread.currentThread().isInterrupted());
			}
			catch (InterruptedException ex) {
				status.completeExceptionally(ex);
			}
		}, "test-pipe-thread");
		thread.start();
		waiting.await();
		thread.interrupt();
		interrupted.countDown();
		assertThat(status.get()).isFalse();
	}

	@Test
	void interruptIsReceivedWhileAClientIsServed() throws Exception {
		CountDownLatch serving = new CountDownLatch(1);
		CompletableFuture<Boolean> received = new CompletableFuture<>();
		PipeThread thread = new PipeThread(() -> {
			PipeThread.ignoreInterrupts();
			PipeThread.receiveInterrupts();
			serving.countDown();
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				received.complete(true);
			}
		}, "test-pipe-thread");
		thread.start();
		serving.await();
		thread.interrupt();
		assertThat(received.get()).isTrue();
	}

}
