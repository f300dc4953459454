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
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.namedpipe.testing.Background;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.anonymous.PipePair;
import io.namedpipe.transport.memory.MemoryPipeTransport;
import io.namedpipe.transport.unix.UnixPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The behaviour of {@link Socket}, on {@link PipeSocket}.
 */
class PipeSocketTests {

	@Test
	void channelsOfEveryKindAreSockets() throws Exception {
		PipePair pair = PipePair.open();
		try (Socket first = new PipeSocket(pair.first()); Socket second = new PipeSocket(pair.second())) {
			first.getOutputStream().write(new byte[] { 1, -1 });
			assertThat(second.getInputStream().available()).isEqualTo(2);
			assertThat(second.getInputStream().read()).isEqualTo(1);
			assertThat(second.getInputStream().read()).isEqualTo(255);
		}
	}

	@Nested
	class Memory extends SocketPromises {

		Memory() {
			super(new MemoryPipeTransport());
		}

	}

	@Nested
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "sockets are for Linux and macOS")
	class Unix extends SocketPromises {

		Unix() {
			super(new UnixPipeTransport());
		}

		@Test
		void factoryOfOneTextConnects(@TempDir Path directory) throws Exception {
			Path path = directory.resolve("s");
			try (PipeServerSocket server = new PipeServerSocket(
					this.transport.bind(PipeAddress.of(path.toString()), PipeServerOptions.defaults()))) {
				for (String suffix : new String[] { "", "?expected-server=any", "?expected-server=current-user" }) {
					try (Socket client = new PipeSocketFactory(path + suffix).createSocket("ignored", 5432);
							Socket accepted = server.accept()) {
						client.getOutputStream().write(7);
						assertThat(accepted.getInputStream().read()).isEqualTo(7);
					}
				}
				assertThatExceptionOfType(SocketException.class)
					.isThrownBy(() -> new PipeSocketFactory(path + "?expected-server=nobody").createSocket("x", 1));
			}
			assertThatExceptionOfType(PipeAddressException.class).isThrownBy(() -> new PipeSocketFactory(""));
		}

	}

	@Timeout(120)
	abstract static class SocketPromises {

		final PipeTransport transport;

		private final PipeServerSocket server;

		private final Socket client;

		private final Socket accepted;

		SocketPromises(PipeTransport transport) {
			this.transport = transport;
			try {
				PipeAddress address = PipeAddress.of("socket." + UUID.randomUUID());
				this.server = new PipeServerSocket(transport.bind(address, PipeServerOptions.defaults()));
				this.client = new PipeSocketFactory(transport, address, PipeClientOptions.defaults()).createSocket();
				assertThat(this.client.isConnected()).isFalse();
				this.client.connect(InetSocketAddress.createUnresolved("ignored", 1), 1000);
				this.accepted = this.server.accept();
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@AfterEach
		void close() throws IOException {
			this.client.close();
			this.accepted.close();
			this.server.close();
			this.transport.close();
		}

		private <T extends Throwable> void readFails(Class<T> type, String message, ThrowingRunnable meanwhile)
				throws Exception {
			CompletableFuture<Thread> reader = new CompletableFuture<>();
			CompletableFuture<Integer> read = new CompletableFuture<>();
			Thread thread = new Thread(() -> {
				reader.complete(Thread.currentThread());
				try {
					read.complete(this.client.getInputStream().read());
				}
				catch (Throwable ex) {
					read.completeExceptionally(ex);
				}
			});
			thread.start();
			while (thread.getState() == Thread.State.NEW || !isInside(thread, "read")) {
				Thread.onSpinWait();
			}
			meanwhile.run(thread);
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> read.get(20, TimeUnit.SECONDS))
				.satisfies((ex) -> assertThat(ex.getCause()).isInstanceOf(type).hasMessageContaining(message));
			thread.join();
		}

		private static boolean isInside(Thread thread, String method) {
			for (StackTraceElement each : thread.getStackTrace()) {
				if (each.getClassName().endsWith("PipeSocketInput") && each.getMethodName().equals(method)) {
					return true;
				}
			}
			return false;
		}

		@Test
		void closeEndsABlockedRead() throws Exception {
			readFails(SocketException.class, "closed", (reader) -> this.client.close());
			assertThat(this.client.isClosed()).isTrue();
			assertThatExceptionOfType(SocketException.class).isThrownBy(this.client::getInputStream);
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> this.client.setSoTimeout(1));
		}

		@Test
		void interruptEndsABlockedRead() throws Exception {
			readFails(SocketException.class, "interrupt", Thread::interrupt);
			assertThat(this.client.isClosed()).isTrue();
		}

		@Test
		void timeoutEndsABlockedReadAndTheSocketStaysUsable() throws Exception {
			this.client.setSoTimeout(80);
			assertThat(this.client.getSoTimeout()).isEqualTo(80);
			long start = System.nanoTime();
			assertThatExceptionOfType(SocketTimeoutException.class)
				.isThrownBy(() -> this.client.getInputStream().read());
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(70));
			this.accepted.getOutputStream().write(5);
			assertThat(this.client.getInputStream().read()).isEqualTo(5);
			this.client.setSoTimeout(0);
			this.accepted.getOutputStream().write(6);
			assertThat(this.client.getInputStream().read()).isEqualTo(6);
			assertThatIllegalArgumentException().isThrownBy(() -> this.client.setSoTimeout(-1));
		}

		@Test
		void firstTimeoutHoldsWhileAThreadWrites() throws Exception {
			Thread writer = new Thread(() -> {
				try {
					this.client.getOutputStream().write(new byte[4 * 1024 * 1024]);
				}
				catch (IOException ex) {
					// The test closes the socket.
				}
			});
			writer.start();
			while (writer.getState() != Thread.State.RUNNABLE && writer.getState() != Thread.State.WAITING) {
				Thread.onSpinWait();
			}
			this.client.setSoTimeout(80);
			assertThatExceptionOfType(SocketTimeoutException.class)
				.isThrownBy(() -> this.client.getInputStream().read());
			this.client.close();
			writer.join();
		}

		@Test
		void halfCloseIsTheEndOfTheStreamAndLeavesTheOtherDirection() throws Exception {
			this.client.getOutputStream().write(1);
			this.client.shutdownOutput();
			assertThat(this.client.isOutputShutdown()).isTrue();
			InputStream input = this.accepted.getInputStream();
			assertThat(input.read()).isEqualTo(1);
			assertThat(input.read()).isEqualTo(-1);
			assertThat(input.read()).isEqualTo(-1);
			assertThat(input.available()).isZero();
			this.accepted.getOutputStream().write(2);
			assertThat(this.client.getInputStream().read()).isEqualTo(2);
			assertThatExceptionOfType(SocketException.class).isThrownBy(this.client::getOutputStream);
		}

		@Test
		void shutInputIsTheEndForThisSide() throws Exception {
			InputStream input = this.client.getInputStream();
			this.client.shutdownInput();
			assertThat(input.read()).isEqualTo(-1);
			assertThat(this.client.isInputShutdown()).isTrue();
			fails("input is shutdown", this.client::getInputStream);
			fails("already shutdown", this.client::shutdownInput);
		}

		@Test
		void shutOutputRefusesWhatComesLater() throws Exception {
			OutputStream output = this.client.getOutputStream();
			this.client.shutdownOutput();
			fails("output is shutdown", () -> output.write(1));
			fails("already shutdown", this.client::shutdownOutput);
			assertThat(this.client.isClosed()).isFalse();
		}

		private static void fails(String message, ThrowingCallable call) {
			assertThatExceptionOfType(SocketException.class).isThrownBy(call).withMessageContaining(message);
		}

		@Test
		void availableTellsWhatHasArrivedAndTakesNothingAway() throws Exception {
			InputStream input = this.client.getInputStream();
			assertThat(input.available()).isZero();
			this.accepted.getOutputStream().write(new byte[] { 1, 2, 3 });
			while (input.available() < 3) {
				Thread.onSpinWait();
			}
			assertThat(input.read()).isEqualTo(1);
			assertThat(input.available()).isEqualTo(2);
			assertThat(input.readNBytes(2)).containsExactly(2, 3);
			this.accepted.getOutputStream().write(4);
			assertThat(input.read()).isEqualTo(4);
		}

		@Test
		void optionsOfTcpAreTaken() throws Exception {
			this.client.setTcpNoDelay(true);
			this.client.setKeepAlive(true);
			this.client.setSendBufferSize(1000);
			this.client.setSoLinger(true, 1);
			assertThat(this.client.getPort()).isPositive();
			assertThat(this.client.getInetAddress().isLoopbackAddress()).isTrue();
			assertThat(this.client.getRemoteSocketAddress()).isNotNull();
			assertThat(this.server.getLocalPort()).isPositive();
		}

		@Test
		void valuesThatNoSocketTakesAreRefused() {
			for (ThrowingCallable each : List.<ThrowingCallable>of(() -> this.client.setSoLinger(true, -1),
					() -> this.client.setSendBufferSize(0), () -> this.client.setReceiveBufferSize(-1),
					() -> this.client.setTrafficClass(256), () -> this.server.setReceiveBufferSize(0),
					() -> this.server.setSoTimeout(-1), () -> this.client.connect(null, -1))) {
				assertThatIllegalArgumentException().isThrownBy(each);
			}
			fails("urgent", () -> this.client.sendUrgentData(1));
			fails("time-out", () -> this.server.setSoTimeout(1));
		}

		@Test
		void optionsByNameAreNotThoseOfAHiddenSocketOfTcp() throws Exception {
			assertThat(this.client.supportedOptions()).isEmpty();
			assertThat(this.server.supportedOptions()).isEmpty();
			for (ThrowingCallable each : List.<ThrowingCallable>of(
					() -> this.client.setOption(StandardSocketOptions.SO_KEEPALIVE, true),
					() -> this.client.getOption(StandardSocketOptions.TCP_NODELAY),
					() -> this.server.setOption(StandardSocketOptions.SO_REUSEADDR, true),
					() -> this.server.getOption(StandardSocketOptions.SO_RCVBUF))) {
				assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(each)
					.withMessageContaining("A pipe has no option");
			}
			assertThat(this.server.getReceiveBufferSize()).isPositive();
		}

		@Test
		void closedServerSocketSaysSoToEveryCall() throws Exception {
			this.server.close();
			this.server.close();
			for (ThrowingCallable each : List.<ThrowingCallable>of(this.server::accept, this.server::getSoTimeout,
					() -> this.server.setSoTimeout(0), () -> this.server.bind(null), this.server::getReuseAddress,
					() -> this.server.getOption(StandardSocketOptions.SO_RCVBUF))) {
				fails("closed", each);
			}
			assertThat(this.server.isBound()).isTrue();
		}

		@Test
		void missingServerRefusesTheConnection() {
			PipeSocketFactory factory = new PipeSocketFactory(this.transport, PipeAddress.of("no.such.pipe"),
					PipeClientOptions.defaults());
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> factory.createSocket("localhost", 1));
		}

		@Test
		void closeEndsAWaitingAccept() throws Exception {
			CompletableFuture<Throwable> accept = Background.run(() -> {
				try {
					this.server.accept();
					return new AssertionError("accepted");
				}
				catch (IOException ex) {
					return ex;
				}
			});
			this.server.close();
			assertThat(Background.get(accept)).isInstanceOf(SocketException.class);
			assertThat(this.server.isClosed()).isTrue();
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> this.server.setSoTimeout(1));
		}

		/**
		 * An action while a thread reads.
		 */
		interface ThrowingRunnable {

			void run(Thread reader) throws Exception;

		}

	}

}
