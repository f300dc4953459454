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

package io.namedpipe.benchmarks;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import io.namedpipe.transport.FileOpener;
import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.PipeAccess;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.unix.UnixPipeTransport;

/**
 * The cost of acting as a client that is another user: a process of uid 65534 connects,
 * and the server enters and leaves its identity. Needs Linux and root.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(3)
public class ImpersonationBenchmarks {

	private static final String OTHER_USER = "65534";

	private static final Path FILE = Path.of("/etc/passwd");

	/**
	 * Enter and leave on the calling thread.
	 * @param client the client
	 */
	@Benchmark
	public void enterAndLeave(Client client) {
		client.impersonation().enter().leave();
	}

	/**
	 * Open a file in the scope of the client, and close it there.
	 * @param client the client
	 * @throws IOException if it cannot be opened
	 */
	@Benchmark
	public void openInScope(Client client) throws IOException {
		Impersonation.Scope scope = client.impersonation().enter();
		try {
			client.files.open(FILE).close();
		}
		finally {
			scope.leave();
		}
	}

	/**
	 * Open a file with the client's rights, where only the kernel's calls are in the
	 * scope, and close it.
	 * @param client the client
	 * @throws IOException if it cannot be opened
	 */
	@Benchmark
	public void openWithRights(Client client) throws IOException {
		client.files.open(FILE, client::run).close();
	}

	/**
	 * Open a file with the thread's own rights.
	 * @param client the client
	 * @throws IOException if it cannot be opened
	 */
	@Benchmark
	public void openAsServer(Client client) throws IOException {
		client.files.open(FILE).close();
	}

	/**
	 * Enter and leave on a thread of a pool, and wait for it.
	 * @param client the client
	 * @throws ExecutionException if that fails
	 * @throws InterruptedException if the wait is interrupted
	 */
	@Benchmark
	public void enterAndLeaveOnPool(Client client) throws ExecutionException, InterruptedException {
		client.pool.submit(() -> client.impersonation().enter().leave()).get();
	}

	/**
	 * The hand-over to the pool alone.
	 * @param client the client
	 * @throws ExecutionException if that fails
	 * @throws InterruptedException if the wait is interrupted
	 */
	@Benchmark
	public void handOverToPool(Client client) throws ExecutionException, InterruptedException {
		client.pool.submit(() -> {
		}).get();
	}

	/**
	 * A connection of another user.
	 */
	@State(Scope.Benchmark)
	@SuppressWarnings("NullAway.Init")
	public static class Client {

		final ExecutorService pool = Executors.newFixedThreadPool(1);

		private final UnixPipeTransport transport = new UnixPipeTransport();

		final FileOpener files = this.transport.fileOpener();

		private PipeServerChannel server;

		private PipeChannel channel;

		private Process process;

		Impersonation impersonation() {
			return this.channel.impersonation();
		}

		void run(Runnable calls) {
			Impersonation.Scope scope = impersonation().enter();
			try {
				calls.run();
			}
			finally {
				scope.leave();
			}
		}

		/**
		 * Let the other user connect.
		 * @throws IOException if that fails
		 */
		@Setup(Level.Trial)
		public void open() throws IOException {
			this.transport.verifyImpersonation();
			PipeAddress address = PipeAddress.of("np.bench." + ProcessHandle.current().pid());
			this.server = this.transport.bind(address,
					PipeServerOptions.builder().access(PipeAccess.allow(PipeAccess.AUTHENTICATED)).build());
			this.process = new ProcessBuilder("setpriv", "--reuid=" + OTHER_USER, "--regid=" + OTHER_USER,
					"--clear-groups", Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
					System.getProperty("java.class.path"), OtherUser.class.getName(),
					this.transport.socketPath(address).toString())
				.inheritIO()
				.start();
			this.channel = this.server.accept();
			this.channel.peer();
		}

		/**
		 * Let it go.
		 */
		@TearDown(Level.Trial)
		public void close() {
			this.channel.close();
			this.server.close();
			this.process.destroy();
			this.pool.shutdown();
		}

	}

	/**
	 * The client: connects, and stays until the server leaves.
	 */
	public static final class OtherUser {

		private OtherUser() {
		}

		/**
		 * Connect, and wait.
		 * @param args the path of the socket
		 * @throws IOException if the connection fails
		 */
		public static void main(String[] args) throws IOException {
			try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
				channel.connect(UnixDomainSocketAddress.of(args[0]));
				channel.read(ByteBuffer.allocate(1));
			}
		}

	}

}
