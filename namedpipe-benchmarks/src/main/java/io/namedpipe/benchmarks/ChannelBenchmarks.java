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
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import io.namedpipe.transport.PipeException;

/**
 * The cost of a channel in comparison with the bare channel of the JDK, with the same two
 * threads and the same direct buffers.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(3)
public class ChannelBenchmarks {

	/**
	 * A message there, the same message back.
	 * @param state the connection
	 * @return the message
	 * @throws IOException if the connection fails
	 */
	@Benchmark
	public ByteBuffer roundTrip(RoundTrip state) throws IOException {
		ByteBuffer buffer = state.link.buffer;
		state.link.pair().client().write(buffer.clear());
		state.link.pair().client().readFully(buffer.clear());
		return buffer;
	}

	/**
	 * 64 chunks of 1 MiB one way, while the other side reads; then one byte back, so that
	 * all have arrived.
	 * @param state the connection
	 * @return the answer
	 * @throws IOException if the connection fails
	 */
	@Benchmark
	@OperationsPerInvocation(Bulk.CHUNKS)
	public ByteBuffer bulk(Bulk state) throws IOException {
		ByteBuffer buffer = state.link.buffer;
		for (int i = 0; i < Bulk.CHUNKS; i++) {
			state.link.pair().client().write(buffer.clear());
		}
		state.link.pair().client().readFully(buffer.clear().limit(1));
		return buffer;
	}

	/**
	 * A connection whose other end sends everything back.
	 */
	@State(Scope.Benchmark)
	public static class RoundTrip {

		/** The kind of channel. */
		@Param({ "bare", "unix", "memory" })
		public String channel = "";

		/** The size of a message in bytes. */
		@Param({ "64", "65536" })
		public int size;

		final Link link = new Link();

		/**
		 * Connect.
		 * @throws IOException if that fails
		 */
		@Setup(Level.Trial)
		public void open() throws IOException {
			this.link.open(this.channel, this.size, RoundTrip::echo);
		}

		/**
		 * Disconnect.
		 * @throws IOException if that fails
		 */
		@TearDown(Level.Trial)
		public void close() throws IOException {
			this.link.close();
		}

		private static void echo(ByteLink link, ByteBuffer buffer) throws IOException {
			while (link.readFully(buffer.clear())) {
				link.write(buffer.flip());
			}
		}

	}

	/**
	 * A connection whose other end reads, and answers with one byte.
	 */
	@State(Scope.Benchmark)
	public static class Bulk {

		static final int CHUNKS = 64;

		private static final int CHUNK_BYTES = 1024 * 1024;

		/** The kind of channel. */
		@Param({ "bare", "unix", "memory" })
		public String channel = "";

		final Link link = new Link();

		/**
		 * Connect.
		 * @throws IOException if that fails
		 */
		@Setup(Level.Trial)
		public void open() throws IOException {
			this.link.open(this.channel, CHUNK_BYTES, Bulk::sink);
		}

		/**
		 * Disconnect.
		 * @throws IOException if that fails
		 */
		@TearDown(Level.Trial)
		public void close() throws IOException {
			this.link.close();
		}

		private static void sink(ByteLink link, ByteBuffer buffer) throws IOException {
			long left = (long) CHUNKS * CHUNK_BYTES;
			int count;
			while ((count = link.read(buffer.clear())) >= 0) {
				left -= count;
				if (left == 0) {
					link.write(buffer.clear().limit(1));
					left = (long) CHUNKS * CHUNK_BYTES;
				}
			}
		}

	}

	/**
	 * The behaviour of the other end.
	 */
	@FunctionalInterface
	interface Peer {

		void run(ByteLink link, ByteBuffer buffer) throws IOException;

	}

	/**
	 * A connection, the buffer of this end, and the thread at the other one.
	 */
	@SuppressWarnings("NullAway.Init")
	static final class Link {

		ByteBuffer buffer;

		private LinkPair pair;

		void open(String channel, int size, Peer peer) throws IOException {
			this.buffer = ByteBuffer.allocateDirect(size);
			this.pair = LinkPair.open(channel);
			ByteLink server = this.pair.server();
			Thread thread = new Thread(() -> {
				try {
					peer.run(server, ByteBuffer.allocateDirect(size));
				}
				catch (PipeException ex) {
					// Closed, which is how it ends.
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			}, "peer");
			thread.setDaemon(true);
			thread.start();
		}

		LinkPair pair() {
			return this.pair;
		}

		void close() throws IOException {
			this.pair.client().close();
		}

	}

}
