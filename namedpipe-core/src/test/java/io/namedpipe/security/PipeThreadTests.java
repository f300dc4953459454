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

import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.testing.Sessions;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeImpersonationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

/**
 * Tests of {@link PipeThread}.
 */
@Timeout(120)
class PipeThreadTests {

	@Test
	void interruptIsIgnoredBetweenClients() throws Exception {
		CountDownLatch waiting = new CountDownLatch(1);
		CountDownLatch interrupted = new CountDownLatch(1);
		CompletableFuture<Boolean> status = new CompletableFuture<>();
		PipeThread thread = new PipeThread(() -> {
			// An interrupt that a handler has left behind.
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

	@Test
	void threadWithAnotherIdentityThanTheProcessIsNotUsedAgain() throws Exception {
		PipeExchange exchange = Sessions.connection(new ScriptedChannel() {

			@Override
			public void requireOwnIdentity() {
				throw new PipeImpersonationException("made to have another identity", null, true);
			}

		}).begin(PipeRequest.of("x"), mock(PipeExchange.Responder.class));
		CompletableFuture<Boolean> tainted = new CompletableFuture<>();
		new PipeThread(() -> {
			assertThatExceptionOfType(IdentityNotRestoredError.class)
				.isThrownBy(() -> PipeThread.requireOwnIdentity(exchange));
			tainted.complete(((PipeThread) Thread.currentThread()).isTainted());
		}, "test-pipe-thread").start();
		assertThat(tainted.get()).isTrue();
		// A thread of others can only be told.
		assertThatExceptionOfType(IdentityNotRestoredError.class)
			.isThrownBy(() -> PipeThread.requireOwnIdentity(exchange))
			.withMessageContaining("made to have another identity");
	}

	@Test
	void threadKeepsTheJvmAliveWhoeverMakesIt() throws Exception {
		CompletableFuture<Thread> made = new CompletableFuture<>();
		Thread maker = new Thread(() -> made.complete(new PipeThread(() -> {
		}, "test-pipe-thread")));
		maker.setDaemon(true);
		maker.start();
		assertThat(made.get().isDaemon()).isFalse();
	}

	@Test
	void principalHasTheNameForPeopleAndTheIdForDecisions() {
		PipePrincipal local = new PipePrincipal(PeerIdentity.of(PeerIdentity.Kind.UNIX, "1001").name("alice").build());
		assertThat(local.getName()).isEqualTo("alice");
		assertThat(local.getId()).isEqualTo("1001");
		assertThat(local).hasToString("alice");
		assertThat(new PipePrincipal(
				PeerIdentity.of(PeerIdentity.Kind.WINDOWS, "S-1-5-21-1").domain("ACME").name("alice").build()))
			.hasToString("ACME\\alice");
	}

}
