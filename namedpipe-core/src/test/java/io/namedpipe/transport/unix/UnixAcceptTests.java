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
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.testing.Background;
import io.namedpipe.testing.OpenFiles;
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
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of several threads that wait for clients of one server.
 */
@NotOnWindows
@Timeout(60)
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

	// As long as the JDK has them queue, the kernel sees only one.
	@Test
	void everyThreadWaitsInTheKernel() throws Exception {
		assumeCopies();
		List<Acceptor> acceptors = Stream.generate(Acceptor::new).limit(AcceptQueue.COPIES).toList();
		for (Acceptor acceptor : acceptors) {
			acceptor.awaitSleep();
		}
		for (int i = 0; i < acceptors.size(); i++) {
			connect().close();
		}
		for (Acceptor acceptor : acceptors) {
			acceptor.next().close();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, AcceptQueue.COPIES })
	void everyThreadIsServedWithAnyNumberOfCopies(int copies) throws Exception {
		assumeCopies();
		Path path = this.directory.resolve("queue");
		try (AcceptQueue queue = new AcceptQueue(listen(path), copies)) {
			for (int round = 0; round < 3; round++) {
				List<CompletableFuture<SocketChannel>> threads = Stream.generate(() -> Background.run(queue::accept))
					.limit(4)
					.toList();
				for (CompletableFuture<SocketChannel> thread : threads) {
					try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
						assertThat(client.isConnected()).isTrue();
					}
				}
				for (CompletableFuture<SocketChannel> thread : threads) {
					Background.get(thread).close();
				}
			}
			List<CompletableFuture<SocketChannel>> waiting = Stream.generate(() -> Background.run(queue::accept))
				.limit(4)
				.toList();
			queue.close();
			for (CompletableFuture<SocketChannel> thread : waiting) {
				assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> Background.get(thread));
			}
		}
	}

	@Test
	void closeLeavesNoDescriptorOpen() throws Exception {
		assumeCopies();
		ServerSocketChannel channel = listen(this.directory.resolve("queue"));
		Path socket = socketOf(channel);
		AcceptQueue queue = new AcceptQueue(channel);
		List<CompletableFuture<SocketChannel>> threads = Stream.generate(() -> Background.run(queue::accept))
			.limit(3)
			.toList();
		assertThat(OpenFiles.count(socket)).isEqualTo(AcceptQueue.COPIES + 1);
		queue.close();
		for (CompletableFuture<SocketChannel> thread : threads) {
			assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> Background.get(thread));
		}
		assertThat(OpenFiles.count(socket)).isZero();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(queue::accept);
	}

	@Test
	void interruptCostsNoDescriptor() throws Exception {
		assumeCopies();
		ServerSocketChannel channel = listen(this.directory.resolve("queue"));
		Path socket = socketOf(channel);
		try (AcceptQueue queue = new AcceptQueue(channel)) {
			for (int i = 0; i < 2 * AcceptQueue.COPIES; i++) {
				CompletableFuture<SocketChannel> wait = Background.run(() -> {
					Thread.currentThread().interrupt();
					return queue.accept();
				});
				assertThatExceptionOfType(ClosedByInterruptException.class).isThrownBy(() -> Background.get(wait));
			}
			assertThat(queue.isOpen()).isTrue();
			assertThat(OpenFiles.count(socket)).isEqualTo(AcceptQueue.COPIES + 1);
		}
		assertThat(OpenFiles.count(socket)).isZero();
	}

	@Test
	void copyHasNoNameAndOutlivesTheOriginal() throws Exception {
		assumeCopies();
		Path path = this.directory.resolve("original");
		ServerSocketChannel original = listen(path);
		try (ServerSocketChannel copy = ListenerCopies.copy(original)) {
			assertThat(((UnixDomainSocketAddress) copy.getLocalAddress()).getPath()).doesNotExist();
			original.close();
			try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path));
					SocketChannel accepted = copy.accept()) {
				accepted.write(ByteBuffer.wrap(new byte[1]));
				assertThat(client.read(ByteBuffer.allocate(2))).isOne();
			}
		}
	}

	private static ServerSocketChannel listen(Path path) throws IOException {
		return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
	}

	private static Path socketOf(ServerSocketChannel channel) throws IOException {
		return Files.readSymbolicLink(Path.of("/proc/self/fd/" + ListenerCopies.descriptor(channel)));
	}

	private static void assumeCopies() {
		assumeThat(ListenerCopies.arePossible()).as("Linux, with JNA").isTrue();
	}

	@Test
	void closeEndsEveryWait() throws Exception {
		List<Acceptor> acceptors = Stream.generate(Acceptor::new).limit(3).toList();
		for (Acceptor acceptor : acceptors) {
			if (ListenerCopies.arePossible()) {
				acceptor.awaitSleep();
			}
		}
		this.server.close();
		for (Acceptor acceptor : acceptors) {
			acceptor.awaitEnd();
			assertThat(acceptor.failure).isInstanceOf(PipeClosedException.class);
		}
	}

	@Test
	void socketsOfOneNameAreNotMistakenForEachOther() throws Exception {
		assumeCopies();
		Path path = this.directory.resolve("twice");
		try (ServerSocketChannel first = listen(path)) {
			Files.delete(path);
			try (ServerSocketChannel second = listen(path)) {
				assertThatIOException().isThrownBy(() -> ListenerCopies.copy(second))
					.withMessageContaining("More than one socket");
				try (AcceptQueue queue = new AcceptQueue(second)) {
					CompletableFuture<SocketChannel> wait = Background.run(queue::accept);
					try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path));
							SocketChannel accepted = Background.get(wait)) {
						assertThat(accepted.isOpen()).isTrue();
					}
				}
			}
			assertThat(first.isOpen()).isTrue();
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
		assumeCopies();
		Acceptor interrupted = new Acceptor();
		interrupted.awaitSleep();
		Acceptor other = new Acceptor();
		interrupted.thread.interrupt();
		interrupted.awaitEnd();
		assertThat(interrupted.failure).isNotNull().isNotInstanceOf(PipeClosedException.class);
		assertThat(this.server.isOpen()).isTrue();
		try (PipeChannel client = connect(); PipeChannel accepted = other.next()) {
			assertThat(accepted.isOpen()).isTrue();
		}
		CompletableFuture<PipeChannel> next = Background.run(this.server::accept);
		try (PipeChannel client = connect(); PipeChannel accepted = Background.get(next)) {
			assertThat(this.server.isOpen()).isTrue();
		}
	}

	private PipeChannel connect() {
		return this.transport.connect(this.address, PipeClientOptions.defaults());
	}

	/**
	 * A thread that accepts one client, and does not come back.
	 */
	private final class Acceptor {

		private volatile @Nullable PipeException failure;

		private final BlockingQueue<PipeChannel> accepted = new LinkedBlockingQueue<>();

		private final Thread thread = new Thread(this::accept, "test-acceptor");

		Acceptor() {
			this.thread.setDaemon(true);
			this.thread.start();
		}

		private void accept() {
			try {
				this.accepted.add(UnixAcceptTests.this.server.accept());
			}
			catch (PipeException ex) {
				this.failure = ex;
			}
		}

		void awaitSleep() {
			await().until(() -> Arrays.stream(this.thread.getStackTrace())
				.anyMatch((frame) -> frame.getMethodName().equals("accept0")));
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
