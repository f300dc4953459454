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
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.namedpipe.testing.OpenFiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link ListenerCopies}.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the descriptors of a process are found in Linux's /proc")
@Timeout(120)
class ListenerCopiesTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	@TempDir
	private Path directory;

	private final List<SocketChannel> clients = new ArrayList<>();

	private Path path;

	private ServerSocketChannel server;

	private ListenerCopies copies;

	private Path socket;

	@BeforeEach
	void listen() throws IOException {
		this.path = this.directory.resolve("socket");
		this.server = listen(this.path);
		this.socket = Files.readSymbolicLink(Path.of("/proc/self/fd/" + ListenerCopies.descriptor(this.path)));
		this.copies = ListenerCopies.of(this.server);
	}

	@AfterEach
	void close() throws IOException {
		this.copies.close();
		this.server.close();
		for (SocketChannel client : this.clients) {
			client.close();
		}
	}

	@Test
	void everyThreadWaitsInTheKernelAndIsServed() throws Exception {
		List<Waiter> waiters = waiters(ListenerCopies.MAX_COPIES);
		for (int i = 0; i < waiters.size(); i++) {
			connect();
		}
		for (Waiter waiter : waiters) {
			waiter.result.get().close();
		}
	}

	@Test
	void moreThreadsThanCopiesAreServed() throws Exception {
		waiters(ListenerCopies.MAX_COPIES);
		List<Waiter> more = Stream.generate(Waiter::new).limit(3).toList();
		for (Waiter waiter : more) {
			await().until(() -> waiter.thread.getState() == Thread.State.WAITING);
		}
		assertThat(OpenFiles.count(this.socket)).isEqualTo(ListenerCopies.MAX_COPIES + 1);
		for (int i = 0; i < ListenerCopies.MAX_COPIES + more.size(); i++) {
			connect();
		}
		for (Waiter waiter : more) {
			waiter.result.get().close();
		}
	}

	@Test
	void closeEndsEveryWaitAndLeavesNoDescriptorOpen() throws Exception {
		List<Waiter> waiters = new ArrayList<>(waiters(ListenerCopies.MAX_COPIES));
		Waiter queuing = new Waiter();
		await().until(() -> queuing.thread.getState() == Thread.State.WAITING);
		waiters.add(queuing);
		this.copies.close();
		assertThat(waiters).allSatisfy((waiter) -> assertThat(waiter.result).failsWithin(PATIENCE)
			.withThrowableThat()
			.withCauseInstanceOf(ClosedChannelException.class));
		await().untilAsserted(() -> assertThat(OpenFiles.count(this.socket)).isOne());
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(this.copies::accept);
	}

	@Test
	void interruptEndsOneWaitAndCostsNoDescriptor() throws Exception {
		for (int i = 0; i < 2 * ListenerCopies.MAX_COPIES; i++) {
			List<Waiter> waiters = waiters(2);
			waiters.get(0).thread.interrupt();
			assertThat(waiters.get(0).result).failsWithin(PATIENCE)
				.withThrowableThat()
				.withCauseInstanceOf(ClosedByInterruptException.class);
			waiters.get(0).thread.join();
			assertThat(waiters.get(0).interrupted).isTrue();
			connect();
			waiters.get(1).result.get().close();
		}
		assertThat(OpenFiles.count(this.socket)).isLessThanOrEqualTo(ListenerCopies.MAX_COPIES + 1);
	}

	@Test
	void interruptEndsTheWaitForACopy() throws Exception {
		waiters(ListenerCopies.MAX_COPIES);
		Waiter queuing = new Waiter();
		await().until(() -> queuing.thread.getState() == Thread.State.WAITING);
		queuing.thread.interrupt();
		assertThat(queuing.result).failsWithin(PATIENCE)
			.withThrowableThat()
			.withCauseInstanceOf(ClosedByInterruptException.class);
		queuing.thread.join();
		assertThat(queuing.interrupted).isTrue();
	}

	@Test
	void copiesLeaveNoNameBehind() throws Exception {
		waiters(2);
		try (Stream<Path> files = Files.list(this.directory)) {
			assertThat(files).containsExactly(this.path);
		}
	}

	@Test
	void socketsOfOneNameAreNotMistakenForEachOther() throws Exception {
		Files.delete(this.path);
		try (ServerSocketChannel second = listen(this.path)) {
			assertThat(ListenerCopies.of(second)).isNull();
			assertThatIOException().isThrownBy(() -> ListenerCopies.descriptor(this.path))
				.withMessageContaining("More than one socket");
		}
	}

	@Test
	void closedChannelHasNoCopies() throws Exception {
		this.copies.close();
		this.server.close();
		assertThat(ListenerCopies.of(this.server)).isNull();
	}

	private static ServerSocketChannel listen(Path path) throws IOException {
		return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
	}

	private void connect() throws IOException {
		this.clients.add(SocketChannel.open(UnixDomainSocketAddress.of(this.path)));
	}

	private List<Waiter> waiters(int count) {
		List<Waiter> waiters = Stream.generate(Waiter::new).limit(count).toList();
		for (Waiter waiter : waiters) {
			await().until(() -> Stream.of(waiter.thread.getStackTrace())
				.findFirst()
				.filter((frame) -> frame.isNativeMethod() && frame.getMethodName().startsWith("accept"))
				.isPresent());
		}
		return waiters;
	}

	/**
	 * A thread that accepts one connection.
	 */
	private final class Waiter {

		private final CompletableFuture<SocketChannel> result = new CompletableFuture<>();

		private final Thread thread;

		private volatile boolean interrupted;

		Waiter() {
			this.thread = new Thread(this::run);
			this.thread.setDaemon(true);
			this.thread.start();
		}

		private void run() {
			try {
				this.result.complete(ListenerCopiesTests.this.copies.accept());
			}
			catch (IOException ex) {
				this.interrupted = Thread.currentThread().isInterrupted();
				this.result.completeExceptionally(ex);
			}
		}

	}

}
