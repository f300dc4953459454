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
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * How clients are accepted, and what happens when that fails.
 */
@Timeout(120)
class PipeAcceptorTests {

	private final List<PipeException> failures = new CopyOnWriteArrayList<>();

	private final ScriptedServer server = new ScriptedServer();

	private final PipeAcceptor acceptor = acceptor(1);

	private PipeAcceptor acceptor(int instances) {
		return new PipeAcceptor(PipeContainerSettings.of("files", PipeAddress.of("files"), new StreamStringProtocol())
			.serverOptions(PipeServerOptions.builder().instances(instances).build())
			.build(), this.server, new PipeServerListener() {

				@Override
				public void acceptFailed(String pipeId, PipeException cause) {
					PipeAcceptorTests.this.failures.add(cause);
				}

			});
	}

	@Test
	void failuresAreToldAndTheNextClientIsAccepted() {
		PipeException full = new PipeException("no descriptors");
		IllegalStateException odd = new IllegalStateException("odd");
		PipeChannel client = new ScriptedChannel();
		this.server.results.addAll(List.of(full, odd, client));
		long before = System.nanoTime();
		assertThat(this.acceptor.accept()).isSameAs(client);
		// Two pauses: a failure must not become a loop that uses a processor.
		assertThat(System.nanoTime() - before).isGreaterThan(150_000_000);
		assertThat(this.failures).hasSize(2);
		assertThat(this.failures.get(0)).isSameAs(full);
		assertThat(this.failures.get(1)).hasMessage("odd").hasCause(odd);
	}

	@Test
	void failuresThatGoOnAreSeenUntilAClientIsAccepted() throws Exception {
		assertThat(this.acceptor.isAccepting()).isTrue();
		long before = System.nanoTime();
		CompletableFuture<PipeChannel> accepted = Background.run(this.acceptor::accept);
		await().until(() -> !this.failures.isEmpty());
		boolean accepting = this.acceptor.isAccepting();
		if (System.nanoTime() - before < 1_000_000_000) {
			// One failure is a moment's.
			assertThat(accepting).isTrue();
		}
		await().until(() -> !this.acceptor.isAccepting());
		this.server.results.add(new ScriptedChannel());
		Background.get(accepted);
		assertThat(this.acceptor.isAccepting()).isTrue();
	}

	@Test
	void listeningEndThatHasEndedIsAFailure() {
		this.server.results.add(new PipeClosedException("closed by itself"));
		assertThatExceptionOfType(PipeException.class).isThrownBy(this.acceptor::accept)
			.withMessage("The pipe is not listened on any more: closed by itself")
			.withCauseInstanceOf(PipeClosedException.class);
		this.server.open = false;
		this.server.results.add(new PipeException("gone"));
		assertThatExceptionOfType(PipeException.class).isThrownBy(this.acceptor::accept)
			.withMessage("The pipe is not listened on any more: gone");
		assertThat(this.failures).isEmpty();
	}

	@Test
	void closedAcceptorAcceptsNobodyAndClosesItsListeningEnd() {
		this.acceptor.close();
		assertThat(this.server.open).isFalse();
		this.server.results.add(new PipeClosedException("closed"));
		assertThat(this.acceptor.accept()).isNull();
		assertThat(this.failures).isEmpty();
	}

	@Test
	void threadsThatAreNotNeededReturn() throws Exception {
		assertThat(this.acceptor.maxIdleThreads()).isEqualTo(16);
		assertThat(acceptor(20).maxIdleThreads()).isEqualTo(20);
		assertThat(this.acceptor.hasIdleThreads()).isFalse();
		this.server.waiting = new CountDownLatch(1);
		List<CompletableFuture<PipeChannel>> idle = new ArrayList<>();
		for (int i = 0; i < 16; i++) {
			idle.add(Background.run(this.acceptor::accept));
		}
		await().until(() -> this.server.accepting.get() == 16);
		assertThat(this.acceptor.hasIdleThreads()).isTrue();
		// One more than are kept, but for a while.
		assertThat(Background.get(Background.run(this.acceptor::accept))).isNull();
		for (int i = 0; i < 16; i++) {
			this.server.results.add(new ScriptedChannel());
		}
		this.server.waiting.countDown();
		for (CompletableFuture<PipeChannel> each : idle) {
			assertThat(Background.get(each)).isNotNull();
		}
		assertThat(this.acceptor.hasIdleThreads()).isFalse();
	}

	@Test
	void threadThatComesCountsAsIdleUntilItWaits() {
		this.acceptor.callThread(() -> true);
		assertThat(this.acceptor.hasIdleThreads()).isTrue();
		this.acceptor.hasCome();
		assertThat(this.acceptor.hasIdleThreads()).isFalse();
	}

	@Test
	void threadThatCannotBeStartedDoesNotCome() {
		this.acceptor.callThread(() -> false);
		assertThat(this.acceptor.hasIdleThreads()).isFalse();
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> this.acceptor.callThread(() -> {
			throw new OutOfMemoryError("no thread");
		}));
		assertThat(this.acceptor.hasIdleThreads()).isFalse();
	}

	@Test
	void spareThreadIsCalledBeforeAnotherIsStarted() throws Exception {
		this.server.waiting = new CountDownLatch(1);
		List<CompletableFuture<PipeChannel>> idle = new ArrayList<>();
		for (int i = 0; i < 17; i++) {
			this.server.results.add(new ScriptedChannel());
			idle.add(Background.run(this.acceptor::accept));
		}
		await().until(() -> this.server.accepting.get() == 16);
		AtomicInteger started = new AtomicInteger();
		// A thread becomes a spare one between two looks; it comes, and waits again.
		await().until(() -> {
			started.set(0);
			this.acceptor.callThread(() -> started.incrementAndGet() < 0);
			return started.get() == 0;
		});
		this.server.waiting.countDown();
		long served = 0;
		for (CompletableFuture<PipeChannel> each : idle) {
			served += (Background.get(each) != null) ? 1 : 0;
		}
		assertThat(served).isGreaterThanOrEqualTo(16);
		await().until(() -> !this.acceptor.hasIdleThreads());
	}

	@Test
	void ownersPlaceAndReachabilityAreThoseOfTheListeningEnd() {
		assertThat(this.acceptor.ownerIds()).containsExactly("0");
		assertThat(this.acceptor.location()).isEqualTo("/run/files");
		assertThat(this.acceptor.isReachable()).isTrue();
		this.server.open = false;
		assertThat(this.acceptor.isReachable()).isFalse();
	}

	/**
	 * A listening end whose clients and failures are prepared.
	 */
	private static final class ScriptedServer implements PipeServerChannel {

		private final Queue<Object> results = new ConcurrentLinkedQueue<>();

		private final AtomicInteger accepting = new AtomicInteger();

		private volatile CountDownLatch waiting = new CountDownLatch(0);

		private volatile boolean open = true;

		@Override
		public PipeAddress address() {
			return PipeAddress.of("files");
		}

		@Override
		public String location() {
			return "/run/files";
		}

		@Override
		public Set<String> ownerIds() {
			return Set.of("0");
		}

		@Override
		public PipeChannel accept() {
			this.accepting.incrementAndGet();
			try {
				this.waiting.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			Object result = this.results.remove();
			if (result instanceof RuntimeException ex) {
				throw ex;
			}
			return (PipeChannel) result;
		}

		@Override
		public boolean isOpen() {
			return this.open;
		}

		@Override
		public void close() {
			this.open = false;
		}

	}

}
