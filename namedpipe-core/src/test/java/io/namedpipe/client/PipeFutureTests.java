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

package io.namedpipe.client;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.LogCapture;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeClosedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Calls in the background: their results, and what cancelling them does.
 */
@Timeout(120)
class PipeFutureTests {

	private final List<String> discarded = new ArrayList<>();

	private PipeFuture<String> future(Callable<String> call) {
		return new PipeFuture<>(call, this.discarded::add);
	}

	@Test
	void resultAndFailureAreThoseOfTheCall() throws Exception {
		PipeFuture<String> future = future(() -> "done");
		future.run();
		assertThat(future.get()).isEqualTo("done");
		PipeFuture<String> failing = future(() -> {
			throw new IOException("made to fail");
		});
		failing.run();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(failing::get)
			.withCauseInstanceOf(IOException.class);
		assertThat(this.discarded).isEmpty();
		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void callThatIsCancelledBeforeItBeginsDoesNotRun() {
		List<String> runs = new ArrayList<>();
		PipeFuture<String> future = future(() -> {
			runs.add("run");
			return "done";
		});
		future.cancel(true);
		future.run();
		assertThat(runs).isEmpty();
	}

	@Test
	void callThatIsCancelledIsInterruptedAndItsLateResultDiscarded() throws Exception {
		CountDownLatch running = new CountDownLatch(1);
		PipeFuture<String> future = future(() -> {
			running.countDown();
			try {
				new CountDownLatch(1).await();
				return "not interrupted";
			}
			catch (InterruptedException ex) {
				return "late";
			}
		});
		CompletableFuture<Boolean> interruptedAfterwards = Background.run(() -> {
			future.run();
			return Thread.currentThread().isInterrupted();
		});
		running.await();
		future.cancel(true);
		assertThat(Background.get(interruptedAfterwards)).isFalse();
		assertThat(this.discarded).containsExactly("late");
	}

	@Test
	void interruptIsForTheCallAlone() throws Exception {
		PipeFuture<String> future = future(() -> {
			Thread.currentThread().interrupt();
			return "done";
		});
		assertThat(Background.get(Background.run(() -> {
			future.run();
			return Thread.currentThread().isInterrupted();
		}))).isFalse();
		assertThat(future.get()).isEqualTo("done");
	}

	@Test
	void threadsAreDaemonsAndEndWithTheClient() throws Exception {
		ClientThreads threads = new ClientThreads();
		CompletableFuture<Thread> call = new CompletableFuture<>();
		CompletableFuture<Thread> sender = new CompletableFuture<>();
		threads.call(new PipeFuture<>(() -> call.complete(Thread.currentThread()), (late) -> {
		}));
		threads.senders().execute(() -> sender.complete(Thread.currentThread()));
		assertThat(Background.get(call).isDaemon()).isTrue();
		assertThat(call.get().getName()).startsWith("pipe-client-call-");
		assertThat(Background.get(sender).getName()).startsWith("pipe-client-sender-");
		threads.close();
		for (Thread thread : List.of(call.get(), sender.get())) {
			thread.join(20_000);
			assertThat(thread.isAlive()).isFalse();
		}
		PipeFuture<String> late = future(() -> "late");
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> threads.call(late));
	}

	@Test
	void callsThatWaitForAThreadFailWhenTheClientIsClosed() throws Exception {
		ClientThreads threads = new ClientThreads();
		CountDownLatch running = new CountDownLatch(64);
		for (int i = 0; i < 64; i++) {
			threads.call(future(() -> {
				running.countDown();
				new CountDownLatch(1).await();
				return "";
			}));
		}
		running.await();
		PipeFuture<String> waiting = future(() -> "");
		threads.call(waiting);
		assertThat(waiting).isNotDone();
		threads.close();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> Background.get(waiting))
			.withMessage("The client is closed");
	}

	@Test
	void eachListenerIsToldEachEventAlsoIfAnotherFails() {
		PipeAddress address = Pipes.uniqueAddress();
		PipeRequest request = PipeRequest.of("x");
		List<String> told = new ArrayList<>();
		FailingListener failing = new FailingListener();
		CompositePipeClientListener all = new CompositePipeClientListener(List.of(failing, new PipeClientListener() {

			@Override
			public void connectionOpened(PipeAddress opened) {
				told.add("opened " + opened.equals(address));
			}

			@Override
			public void connectionClosed(PipeAddress closed) {
				told.add("closed " + closed.equals(address));
			}

			@Override
			public void exchangeStarted(PipeAddress of, PipeRequest started) {
				told.add("started " + started.equals(request));
			}

			@Override
			public void exchangeRepeated(PipeAddress of, PipeRequest repeated) {
				told.add("repeated " + repeated.equals(request));
			}

			@Override
			public void exchangeEnded(PipeAddress of, PipeRequest ended, RuntimeException failure, Duration duration) {
				told.add("ended " + failure.getMessage() + " " + duration);
			}

		}));
		try (LogCapture log = LogCapture.of(FailingListener.class.getName())) {
			all.connectionOpened(address);
			all.exchangeStarted(address, request);
			all.exchangeRepeated(address, request);
			all.exchangeEnded(address, request, new IllegalStateException("x"), Duration.ZERO);
			all.connectionClosed(address);
			assertThat(log.lines())
				.containsOnly("ERROR A listener of pipe clients failed: " + FailingListener.class.getName());
		}
		assertThat(told).containsExactly("opened true", "started true", "repeated true", "ended x PT0S", "closed true");
	}

	private static final class FailingListener implements PipeClientListener {

		@Override
		public void connectionOpened(PipeAddress address) {
			throw new IllegalStateException("made to fail");
		}

	}

}
