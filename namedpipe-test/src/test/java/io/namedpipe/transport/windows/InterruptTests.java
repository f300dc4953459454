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

package io.namedpipe.transport.windows;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;

import io.namedpipe.test.contract.TransportContract;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An interrupted operation throws an exception, and keeps the interrupt status of its
 * thread.
 */
@OnWindows
class InterruptTests extends TransportContract {

	InterruptTests() {
		super(new WindowsPipeTransport());
	}

	@Test
	void readIsEndedAndTheChannelClosed() throws Exception {
		Pair pair = connectedPair();
		Interruptible read = new Interruptible(() -> readOne(pair.server()));
		awaitBlocked("read");
		assertThat(read.interrupt()).isInstanceOf(PipeClosedException.class)
			.hasMessageContaining("read was interrupted");
		assertThat(pair.server().isOpen()).isFalse();
		assertThat(readOne(pair.client())).isEqualTo(-1);
	}

	@Test
	void writeIsEndedAndTheChannelClosed() throws Exception {
		Pair pair = connectedPair();
		Interruptible write = new Interruptible(() -> writeForEver(pair.server()));
		awaitBlocked("write");
		assertThat(write.interrupt()).isInstanceOf(PipeClosedException.class)
			.hasMessageContaining("write was interrupted");
		assertThat(pair.server().isOpen()).isFalse();
	}

	@Test
	void readerAndWriterBothSayThatTheyWereInterrupted() throws Exception {
		int both = 0;
		for (int round = 0; round < 10; round++) {
			Pair pair = connectedPair();
			Interruptible read = new Interruptible(() -> readOne(pair.server()));
			Interruptible write = new Interruptible(() -> writeForEver(pair.server()));
			awaitBlocked("read");
			awaitBlocked("write");
			read.thread.interrupt();
			write.thread.interrupt();
			PipeException readFailure = get(read.outcome);
			PipeException writeFailure = get(write.outcome);
			assertThat(readFailure).hasMessageContaining("read was interrupted");
			// The reader closes the channel, perhaps before the writer is interrupted.
			if (write.flagged) {
				assertThat(writeFailure).hasMessageContaining("write was interrupted");
				both++;
			}
			else {
				assertThat(writeFailure).isInstanceOf(PipeClosedException.class);
			}
		}
		assertThat(both).isPositive();
	}

	@Test
	void acceptIsEndedAndTheListenerStaysOpen() throws Exception {
		PipeServerChannel server = bind(uniqueAddress());
		Interruptible accept = new Interruptible(server::accept);
		awaitBlocked("accept");
		assertThat(accept.interrupt()).isNotInstanceOf(PipeClosedException.class)
			.hasMessageContaining("was interrupted")
			.hasCauseInstanceOf(InterruptedException.class);
		assertThat(server.isOpen()).isTrue();
		assertThat(pair(server).client().isOpen()).isTrue();
	}

	@Test
	void closeEndsItsLinger() throws Exception {
		PipeServerOptions options = PipeServerOptions.builder().maxInstances(1).linger(Duration.ofMinutes(5)).build();
		PipeServerChannel server = track(this.transport.bind(uniqueAddress(), options));
		Pair pair = pair(server);
		pair.server().write(bytes("never read"));
		Interruptible close = new Interruptible(pair.server()::close);
		awaitBlocked("flush");
		assertThat(close.interrupt()).isNull();
		assertThat(pair(server).client().isOpen()).isTrue();
	}

	/**
	 * Runs a body on a thread that can be interrupted.
	 */
	private final class Interruptible {

		private final CompletableFuture<PipeException> outcome;

		private final CountDownLatch started = new CountDownLatch(1);

		private volatile Thread thread;

		private volatile boolean flagged;

		Interruptible(Runnable body) throws InterruptedException {
			this.outcome = async(() -> {
				this.thread = Thread.currentThread();
				this.started.countDown();
				PipeException failure = null;
				try {
					body.run();
				}
				catch (PipeException ex) {
					failure = ex;
				}
				this.flagged = Thread.interrupted();
				return failure;
			});
			this.started.await();
		}

		PipeException interrupt() throws Exception {
			this.thread.interrupt();
			PipeException failure = get(this.outcome);
			assertThat(this.flagged).isTrue();
			return failure;
		}

	}

}
