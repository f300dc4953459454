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

package io.namedpipe.posix;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link ConnectionWaits}.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "epoll is Linux's")
@Timeout(60)
class ConnectionWaitsTests {

	@TempDir
	private Path directory;

	private final List<SocketChannel> clients = new ArrayList<>();

	private UnixDomainSocketAddress address;

	private ServerSocketChannel server;

	private ConnectionWaits waits;

	@BeforeEach
	void listen() throws IOException {
		this.address = UnixDomainSocketAddress.of(this.directory.resolve("socket"));
		this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
		this.server.configureBlocking(false);
		this.server.bind(this.address);
		this.waits = ConnectionWaits.on(this.server);
	}

	@AfterEach
	void close() throws IOException {
		this.waits.close();
		this.server.close();
		for (SocketChannel client : this.clients) {
			client.close();
		}
	}

	@Test
	void oneConnectionWakesOneThread() throws Exception {
		AtomicInteger woken = new AtomicInteger();
		List<Waiter> waiters = waiters(4, woken);
		connect();
		await().until(() -> woken.get() > 0);
		// Threads that are woken together come within this time.
		await().during(Duration.ofMillis(50)).until(() -> woken.get() == 1);
		this.waits.close();
		for (Waiter waiter : waiters) {
			waiter.thread.join();
		}
		assertThat(waiters).filteredOn((waiter) -> waiter.failure.isDone())
			.hasSize(3)
			.allSatisfy((waiter) -> assertThat(waiter.failure.join()).isInstanceOf(ClosedChannelException.class));
	}

	@Test
	void connectionThatWaitsAlreadyEndsTheWait() throws Exception {
		connect();
		this.waits.await();
		assertThat(this.server.accept()).isNotNull().satisfies(SocketChannel::close);
	}

	@Test
	void interruptEndsOneWaitAndStaysSet() throws Exception {
		List<Waiter> waiters = waiters(2, new AtomicInteger());
		waiters.get(0).thread.interrupt();
		assertThat(waiters.get(0).failure.join()).isInstanceOf(ClosedByInterruptException.class);
		assertThat(waiters.get(0).interrupted).isTrue();
		assertThat(waiters.get(1).failure).isNotDone();
		connect();
		waiters.get(1).thread.join();
		assertThat(waiters.get(1).failure).isNotDone();
	}

	@Test
	void closedWaitsRefuse() throws Exception {
		this.waits.close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(this.waits::await);
	}

	@Test
	void closeReleasesWhatEveryWaitHolds() throws Exception {
		long before = epolls();
		List<Waiter> waiters = waiters(4, new AtomicInteger());
		waiters.get(0).thread.interrupt();
		assertThat(epolls()).isGreaterThan(before);
		this.waits.close();
		for (Waiter waiter : waiters) {
			waiter.thread.join();
		}
		// One was opened before anything waited.
		await().untilAsserted(() -> assertThat(epolls()).isLessThan(before));
	}

	private void connect() throws IOException {
		this.clients.add(SocketChannel.open(this.address));
	}

	// Those that wait for this socket alone: other tests have some of their own.
	private long epolls() throws IOException {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fdinfo"))) {
			return descriptors.filter(this::waitsForTheServer).count();
		}
	}

	private boolean waitsForTheServer(Path info) {
		try {
			String target = "tfd: %8d ".formatted(ConnectionWaits.descriptor(this.address.getPath()));
			return Files.readString(info).contains(target);
		}
		catch (IOException ex) {
			// Another thread has closed it.
			return false;
		}
	}

	private List<Waiter> waiters(int count, AtomicInteger woken) {
		List<Waiter> waiters = Stream.generate(() -> new Waiter(woken)).limit(count).toList();
		for (Waiter waiter : waiters) {
			await().until(() -> Stream.of(waiter.thread.getStackTrace())
				.anyMatch((frame) -> frame.getMethodName().equals("syscall")));
		}
		return waiters;
	}

	/**
	 * A thread that waits once.
	 */
	private final class Waiter {

		private final CompletableFuture<IOException> failure = new CompletableFuture<>();

		private final Thread thread;

		private volatile boolean interrupted;

		Waiter(AtomicInteger woken) {
			this.thread = new Thread(() -> {
				try {
					ConnectionWaitsTests.this.waits.await();
					woken.incrementAndGet();
				}
				catch (IOException ex) {
					this.interrupted = Thread.currentThread().isInterrupted();
					this.failure.complete(ex);
				}
			});
			this.thread.start();
		}

	}

}
