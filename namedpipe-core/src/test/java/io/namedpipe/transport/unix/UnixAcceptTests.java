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

package io.namedpipe.transport.unix;

import java.io.IOException;
import java.lang.Thread.State;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.namedpipe.testing.Background;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of several threads that wait for clients of one server.
 */
@NotOnWindows
@Timeout(120)
class UnixAcceptTests {

	@TempDir
	private Path directory;

	private final PipeAddress address = Pipes.uniqueAddress();

	private UnixPipeTransport transport;

	private PipeServerChannel server;

	@BeforeEach
	void bind() {
		this.transport = new UnixPipeTransport(this.directory);
		this.server = this.transport.bind(this.address, PipeServerOptions.defaults());
	}

	@AfterEach
	void close() {
		this.server.close();
	}

	@Test
	void everyWaitingThreadIsServed() throws Exception {
		List<AcceptingThread> threads = Stream.generate(AcceptingThread::new).limit(8).toList();
		for (AcceptingThread thread : threads) {
			thread.awaitWaiting();
		}
		for (int i = 0; i < threads.size(); i++) {
			connect().close();
		}
		for (AcceptingThread thread : threads) {
			thread.next().close();
		}
	}

	@Test
	void closeEndsEveryWait() throws Exception {
		List<AcceptingThread> threads = Stream.generate(AcceptingThread::new).limit(3).toList();
		for (AcceptingThread thread : threads) {
			thread.awaitWaiting();
		}
		this.server.close();
		for (AcceptingThread thread : threads) {
			thread.awaitEnd();
			assertThat(thread.failure).isInstanceOf(PipeClosedException.class);
		}
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc/net/unix")
	void closeReleasesTheSocket() throws Exception {
		AcceptingThread thread = new AcceptingThread();
		thread.awaitWaiting();
		assertThat(sockets()).isOne();
		this.server.close();
		// A process that another test starts may hold it for a moment.
		await().untilAsserted(() -> assertThat(sockets()).isZero());
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc/net/unix")
	void closeReleasesTheSocketWhenTheFirstThreadJustComes() throws Exception {
		for (int i = 0; i < 200; i++) {
			AcceptingThread thread = new AcceptingThread();
			thread.started.await();
			// A little later each time, up to half a millisecond.
			long close = System.nanoTime() + i * 2500L;
			while (System.nanoTime() < close) {
				Thread.onSpinWait();
			}
			this.server.close();
			thread.awaitEnd();
			this.server = this.transport.bind(this.address, PipeServerOptions.defaults());
		}
		this.server.close();
		await().untilAsserted(() -> assertThat(sockets()).isZero());
	}

	// Of this name, as long as any descriptor of one is open.
	private long sockets() throws IOException {
		try (Stream<String> lines = Files.lines(Path.of("/proc/net/unix"))) {
			return lines.filter((line) -> line.endsWith("CoreFxPipe_" + this.address.name())).count();
		}
	}

	@Test
	void oneThreadServesOneClientAfterAnother() throws Exception {
		CompletableFuture<Integer> served = Background.run(() -> {
			int count = 0;
			while (count < 500) {
				this.server.accept().close();
				count++;
			}
			return count;
		});
		for (int i = 0; i < 500; i++) {
			try (PipeChannel client = connect()) {
				assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
			}
		}
		assertThat(Background.get(served)).isEqualTo(500);
	}

	@Test
	void interruptOfAWaitLeavesTheServerToOthers() throws Exception {
		AcceptingThread interrupted = new AcceptingThread();
		interrupted.awaitWaiting();
		AcceptingThread other = new AcceptingThread();
		other.awaitWaiting();
		interrupted.thread.interrupt();
		interrupted.awaitEnd();
		assertThat(interrupted.failure).isNotInstanceOf(PipeClosedException.class).hasMessageContaining("interrupted");
		assertThat(interrupted.interruptStatus).isTrue();
		assertThat(this.server.isOpen()).isTrue();
		try (PipeChannel client = connect(); PipeChannel accepted = other.next()) {
			assertThat(accepted.isOpen()).isTrue();
		}
		CompletableFuture<PipeChannel> next = Background.run(this.server::accept);
		try (PipeChannel client = connect(); PipeChannel accepted = Background.get(next)) {
			assertThat(this.server.isOpen()).isTrue();
		}
	}

	@Test
	void interruptedThreadLeavesAClientThatIsThereToAnother() throws Exception {
		try (PipeChannel client = connect()) {
			Thread.currentThread().interrupt();
			assertThatExceptionOfType(PipeException.class).isThrownBy(this.server::accept)
				.withMessageContaining("interrupted");
			assertThat(Thread.interrupted()).isTrue();
			assertThat(this.server.isOpen()).isTrue();
			try (PipeChannel accepted = this.server.accept()) {
				assertThat(accepted.isOpen()).isTrue();
			}
		}
	}

	private PipeChannel connect() {
		return this.transport.connect(this.address, PipeClientOptions.defaults());
	}

	/**
	 * A thread that accepts one client, and does not come back.
	 */
	private final class AcceptingThread {

		private volatile @Nullable PipeException failure;

		private volatile boolean interruptStatus;

		private final BlockingQueue<PipeChannel> accepted = new LinkedBlockingQueue<>();

		private final CountDownLatch started = new CountDownLatch(1);

		private final PipeServerChannel server = UnixAcceptTests.this.server;

		private final Thread thread = new Thread(this::accept, "test-accept");

		AcceptingThread() {
			this.thread.setDaemon(true);
			this.thread.start();
		}

		private void accept() {
			this.started.countDown();
			try {
				this.accepted.add(this.server.accept());
			}
			catch (PipeException ex) {
				this.interruptStatus = Thread.currentThread().isInterrupted();
				this.failure = ex;
			}
		}

		// Either in the system's wait or in the queue for it.
		void awaitWaiting() {
			await().until(() -> {
				StackTraceElement[] frames = this.thread.getStackTrace();
				return Stream.of(frames).anyMatch((frame) -> frame.getClassName().equals(Acceptor.class.getName()))
						&& (this.thread.getState() == State.WAITING || frames[0].isNativeMethod());
			});
		}

		void awaitEnd() throws InterruptedException {
			this.thread.join(TimeUnit.SECONDS.toMillis(Background.PATIENCE_SECONDS));
			assertThat(this.thread.isAlive()).isFalse();
		}

		PipeChannel next() throws InterruptedException {
			PipeChannel channel = this.accepted.poll(Background.PATIENCE_SECONDS, TimeUnit.SECONDS);
			assertThat(channel).isNotNull();
			return channel;
		}

	}

}
