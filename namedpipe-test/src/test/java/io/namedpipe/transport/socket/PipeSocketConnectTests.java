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

package io.namedpipe.transport.socket;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.testing.Background;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeConnector;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.TransportCapabilities;
import io.namedpipe.transport.anonymous.PipePair;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connecting a {@link PipeSocket} while other threads use it.
 */
@Timeout(120)
class PipeSocketConnectTests {

	private final WaitingConnector connector = new WaitingConnector();

	private final Socket socket;

	PipeSocketConnectTests() throws IOException {
		this.socket = new PipeSocketFactory(this.connector, PipeAddress.of("x"), PipeClientOptions.defaults())
			.createSocket();
	}

	@AfterEach
	void close() throws IOException {
		this.connector.free.countDown();
		this.socket.close();
	}

	private @Nullable IOException connect() {
		try {
			this.socket.connect(InetSocketAddress.createUnresolved("ignored", 1));
			return null;
		}
		catch (IOException ex) {
			return ex;
		}
	}

	@Test
	void secondConnectIsRefusedDuringTheFirstAndAfterIt() throws Exception {
		CompletableFuture<@Nullable IOException> first = Background.run(this::connect);
		this.connector.entered.await();
		assertThat(connect()).isInstanceOf(SocketException.class).hasMessage("already connected");
		this.connector.free.countDown();
		assertThat(first.join()).isNull();
		assertThat(connect()).hasMessage("already connected");
		assertThat(this.connector.pair.first().isOpen()).isTrue();
	}

	@Test
	void closeEndsAConnectAndLeavesNoInterrupt() throws Exception {
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
		CompletableFuture<@Nullable IOException> connect = new CompletableFuture<>();
		new Thread(() -> {
			connect.complete(connect());
			interrupted.complete(Thread.currentThread().isInterrupted());
		}).start();
		this.connector.entered.await();
		this.socket.close();
		assertThat(connect.join()).isInstanceOf(SocketException.class).hasMessage("Socket is closed");
		assertThat(interrupted.join()).isFalse();
	}

	@Test
	void connectThatSucceedsAfterTheCloseLeavesNothing() throws Exception {
		this.connector.interruptible = false;
		CompletableFuture<@Nullable IOException> connect = Background.run(this::connect);
		this.connector.entered.await();
		this.socket.close();
		this.connector.free.countDown();
		assertThat(connect.join()).hasMessage("Socket is closed");
		assertThat(this.connector.pair.first().isOpen()).isFalse();
	}

	@Test
	void connectThatHasFailedMayBeTriedAgain() {
		this.connector.free.countDown();
		this.connector.fail = true;
		assertThat(connect()).isInstanceOf(ConnectException.class);
		this.connector.fail = false;
		assertThat(connect()).isNull();
	}

	/**
	 * Connects when the test lets it.
	 */
	private static final class WaitingConnector implements PipeConnector {

		final PipePair pair = PipePair.open();

		final CountDownLatch entered = new CountDownLatch(1);

		final CountDownLatch free = new CountDownLatch(1);

		volatile boolean interruptible = true;

		volatile boolean fail;

		@Override
		public String name() {
			return "waiting";
		}

		@Override
		public TransportCapabilities capabilities() {
			return TransportCapabilities.of();
		}

		@Override
		public boolean reaches(PipeAddress address) {
			return true;
		}

		@Override
		public PipeChannel connect(PipeAddress address, PipeClientOptions options) {
			this.entered.countDown();
			boolean waiting = true;
			while (waiting) {
				try {
					this.free.await();
					waiting = false;
				}
				catch (InterruptedException ex) {
					if (this.interruptible) {
						Thread.currentThread().interrupt();
						throw new PipeException("Connecting was interrupted", ex);
					}
				}
			}
			if (this.fail) {
				throw new PipeNotFoundException("There is none");
			}
			return this.pair.first();
		}

		@Override
		public void close() {
		}

	}

}
