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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;

/**
 * The process in which the clients of one user run. Takes a line for every round: socket,
 * file, number of clients, milliseconds; answers it with a {@link LoadResult}.
 */
public final class LoadWorker {

	/** An exchange that takes longer has no end. */
	private static final long PATIENCE_SECONDS = 10;

	private LoadWorker() {
	}

	/**
	 * Serve until the end of the input.
	 * @param args none
	 * @throws Exception if there is no working
	 */
	public static void main(String[] args) throws Exception {
		BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		String line;
		while ((line = input.readLine()) != null) {
			String[] parts = line.split("\t");
			System.out
				.println(run(Path.of(parts[0]), Path.of(parts[1]), Integer.parseInt(parts[2]), Long.parseLong(parts[3]))
					.toLine());
		}
	}

	private static LoadResult run(Path socket, Path file, int count, long millis) throws Exception {
		List<Client> clients = new ArrayList<>();
		CountDownLatch start = new CountDownLatch(1);
		for (int i = 0; i < count; i++) {
			clients.add(new Client(new Exchange(socket, file), start, TimeUnit.MILLISECONDS.toNanos(millis)));
		}
		clients.forEach(Thread::start);
		long begin = System.nanoTime();
		start.countDown();
		long patience = millis + TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS);
		for (Client client : clients) {
			client.join(Math.max(1, patience - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)));
			client.endNow();
		}
		long nanos = System.nanoTime() - begin;
		String failure = clients.stream()
			.map((client) -> client.failure)
			.filter((text) -> text != null)
			.findFirst()
			.orElse("");
		return LoadResult.of(clients.stream().flatMapToLong(Client::latencies).toArray(),
				clients.stream().mapToLong((client) -> client.failed).sum(), nanos, failure);
	}

	/**
	 * One client, with one exchange after another.
	 */
	private static final class Client extends Thread {

		private final Exchange exchange;

		private final CountDownLatch start;

		private final long duration;

		private long[] latencies = new long[1024];

		private int count;

		private volatile boolean aborted;

		private long failed;

		private @Nullable String failure;

		Client(Exchange exchange, CountDownLatch start, long duration) {
			this.exchange = exchange;
			this.start = start;
			this.duration = duration;
		}

		@Override
		public void run() {
			try {
				this.start.await();
			}
			catch (InterruptedException ex) {
				return;
			}
			long begin = System.nanoTime();
			long before = begin;
			while (before - begin < this.duration) {
				boolean done = exchange();
				long after = System.nanoTime();
				if (done) {
					add(after - before);
				}
				before = after;
			}
		}

		private boolean exchange() {
			try {
				this.exchange.run();
				return true;
			}
			catch (IOException ex) {
				this.failed++;
				if (this.failure == null) {
					this.failure = this.aborted ? "no end within " + PATIENCE_SECONDS + " s"
							: ex.getClass().getSimpleName() + ": " + ex.getMessage();
				}
				return false;
			}
		}

		private void add(long latency) {
			if (this.count == this.latencies.length) {
				this.latencies = Arrays.copyOf(this.latencies, 2 * this.count);
			}
			this.latencies[this.count++] = latency;
		}

		void endNow() throws InterruptedException {
			while (isAlive()) {
				this.aborted = true;
				this.exchange.abort();
				join(100);
			}
		}

		LongStream latencies() {
			return Arrays.stream(this.latencies, 0, this.count);
		}

	}

}
