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

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.namedpipe.testing.Background;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
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

	@Test
	void threadThatServesTheOnlyClientKeepsNobodyOut() throws Exception {
		for (int i = 0; i < 20; i++) {
			serveOneClientForAWhile();
			Acceptor acceptor = new Acceptor();
			acceptor.awaitSleep();
			try (PipeChannel slow = connect(); PipeChannel accepted = acceptor.next()) {
				CompletableFuture<PipeChannel> other = Background.run(this.server::accept);
				try (PipeChannel second = connect(); PipeChannel alsoAccepted = Background.get(other)) {
					assertThat(alsoAccepted.isOpen()).isTrue();
				}
			}
		}
	}

	@Test
	void closeEndsTheWaitForAThreadThatIsAway() throws Exception {
		serveOneClientForAWhile();
		Acceptor acceptor = new Acceptor();
		acceptor.awaitSleep();
		try (PipeChannel slow = connect(); PipeChannel accepted = acceptor.next()) {
			CompletableFuture<PipeChannel> other = Background.run(this.server::accept);
			this.server.close();
			assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> Background.get(other));
		}
	}

	@Test
	void closeEndsEveryWait() throws Exception {
		CompletableFuture<PipeChannel> first = Background.run(this.server::accept);
		CompletableFuture<PipeChannel> second = Background.run(this.server::accept);
		Acceptor third = new Acceptor();
		this.server.close();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> Background.get(first));
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> Background.get(second));
		third.awaitEnd();
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
	void interruptOfAWaitClosesTheServer() throws Exception {
		Acceptor acceptor = new Acceptor();
		acceptor.awaitSleep();
		acceptor.thread.interrupt();
		acceptor.awaitEnd();
		assertThat(this.server.isOpen()).isFalse();
	}

	// From then on, the thread that serves keeps its place.
	private void serveOneClientForAWhile() throws Exception {
		for (int i = 0; i < Siblings.ALONE; i++) {
			CompletableFuture<PipeChannel> next = Background.run(this.server::accept);
			try (PipeChannel client = connect(); PipeChannel accepted = Background.get(next)) {
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
	private final class Acceptor {

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
			catch (PipeClosedException ex) {
				// The test is over.
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
