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

package io.namedpipe.transport.windows;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;

/**
 * Our channels against bare blocking {@code ReadFile} and {@code WriteFile} calls on
 * synchronous handles, in one JVM: the round trip of 64 bytes, and bulk in one direction.
 * Only ratios are meaningful; the figures depend on the machine.
 */
public final class EchoBenchmark {

	private static final int SMALL = 64;

	private static final int CHUNK = 64 * 1024;

	private static final int ROUNDS = 5;

	private final int roundTrips;

	private final int megabytes;

	private EchoBenchmark(int roundTrips, int megabytes) {
		this.roundTrips = roundTrips;
		this.megabytes = megabytes;
	}

	public static void main(String[] args) throws Exception {
		int roundTrips = (args.length > 0) ? Integer.parseInt(args[0]) : 4000;
		int megabytes = (args.length > 1) ? Integer.parseInt(args[1]) : 40;
		new EchoBenchmark(roundTrips / 2, megabytes / 2).measure(false);
		new EchoBenchmark(roundTrips, megabytes).measure(true);
	}

	private void measure(boolean print) throws Exception {
		double[] ours = new double[ROUNDS];
		double[] oursTimed = new double[ROUNDS];
		double[] bare = new double[ROUNDS];
		double[] oursBulk = new double[ROUNDS];
		double[] bareBulk = new double[ROUNDS];
		for (int i = 0; i < (print ? ROUNDS : 1); i++) {
			// In turn, so that other load on the machine affects both.
			try (Ends ends = Ends.ours(Duration.ZERO)) {
				ours[i] = roundTrip(ends);
				oursBulk[i] = bulk(ends);
			}
			try (Ends ends = Ends.ours(Duration.ofSeconds(30))) {
				oursTimed[i] = roundTrip(ends);
			}
			try (Ends ends = Ends.bare()) {
				bare[i] = roundTrip(ends);
				bareBulk[i] = bulk(ends);
			}
		}
		if (print) {
			print("round trip of 64 bytes", "us", median(ours), median(bare), median(ours) / median(bare));
			print("the same, with time-outs", "us", median(oursTimed), median(bare), median(oursTimed) / median(bare));
			print("throughput, 64 KiB a write", "MB/s", median(oursBulk), median(bareBulk),
					median(oursBulk) / median(bareBulk));
		}
	}

	private static void print(String what, String unit, double ours, double bare, double ratio) {
		System.out.printf(Locale.ROOT, "benchmark: %s: ours %.1f %s, bare calls %.1f %s, ratio %.2f%n", what, ours,
				unit, bare, unit, ratio);
	}

	private static double median(double[] values) {
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		return sorted[sorted.length / 2];
	}

	/** Microseconds a round trip. */
	private double roundTrip(Ends ends) throws Exception {
		Thread echo = start(() -> {
			for (int i = 0; i < this.roundTrips; i++) {
				ends.server().read(SMALL);
				ends.server().write(SMALL);
			}
		});
		long start = System.nanoTime();
		for (int i = 0; i < this.roundTrips; i++) {
			ends.client().write(SMALL);
			ends.client().read(SMALL);
		}
		double elapsed = System.nanoTime() - start;
		echo.join();
		return elapsed / this.roundTrips / 1000;
	}

	/** Megabytes a second. */
	private double bulk(Ends ends) throws Exception {
		int chunks = this.megabytes * 1024 * 1024 / CHUNK;
		Thread sender = start(() -> {
			for (int i = 0; i < chunks; i++) {
				ends.server().write(CHUNK);
			}
		});
		long start = System.nanoTime();
		for (int i = 0; i < chunks; i++) {
			ends.client().read(CHUNK);
		}
		double seconds = (System.nanoTime() - start) / 1e9;
		sender.join();
		return this.megabytes / seconds;
	}

	private static Thread start(Runnable body) {
		Thread thread = new Thread(body);
		thread.start();
		return thread;
	}

	private static PipeAddress uniqueAddress() {
		return PipeAddress.of("bench." + UUID.randomUUID());
	}

	/**
	 * One end, which reads and writes whole blocks.
	 */
	private interface End {

		void read(int length);

		void write(int length);

	}

	private record Ends(End client, End server, AutoCloseable closing) implements AutoCloseable {

		static Ends ours(Duration timeout) {
			WindowsPipeTransport transport = new WindowsPipeTransport();
			PipeServerChannel server = transport.bind(uniqueAddress(), PipeServerOptions.defaults());
			PipeChannel client = transport.connect(server.address(), PipeClientOptions.defaults());
			PipeChannel accepted = server.accept();
			for (PipeChannel each : new PipeChannel[] { client, accepted }) {
				each.setReadTimeout(timeout);
				each.setWriteTimeout(timeout);
			}
			return new Ends(new OurEnd(client), new OurEnd(accepted), transport);
		}

		static Ends bare() {
			WString name = new WString(uniqueAddress().toUnc());
			int duplex = 3;
			Pointer server = Kernel32Calls.CreateNamedPipeW(name, duplex, 0, 1, CHUNK, CHUNK, 0, null);
			Pointer client = Kernel32Calls.CreateFileW(name, 0x12019b, 0, null, 3, 0, null);
			if (server == null || Kernel32Calls.valid(client) == null) {
				throw new IllegalStateException("No pipe: " + Native.getLastError());
			}
			return new Ends(new BareEnd(client), new BareEnd(server), () -> {
				Kernel32Calls.CloseHandle(client);
				Kernel32Calls.CloseHandle(server);
			});
		}

		@Override
		public void close() throws Exception {
			this.closing.close();
		}

	}

	private static final class OurEnd implements End {

		private final PipeChannel channel;

		private final ByteBuffer in = ByteBuffer.allocate(CHUNK);

		private final ByteBuffer out = ByteBuffer.allocate(CHUNK);

		OurEnd(PipeChannel channel) {
			this.channel = channel;
		}

		@Override
		public void read(int length) {
			if (!this.channel.readFully(this.in.clear().limit(length))) {
				throw new IllegalStateException("The end came too early");
			}
		}

		@Override
		public void write(int length) {
			this.channel.write(this.out.clear().limit(length));
		}

	}

	private static final class BareEnd implements End {

		private final Pointer handle;

		private final Memory in = new Memory(CHUNK);

		private final Memory out = new Memory(CHUNK);

		private final Memory readCount = new Memory(Integer.BYTES);

		private final Memory writeCount = new Memory(Integer.BYTES);

		private final byte[] bytes = new byte[CHUNK];

		BareEnd(Pointer handle) {
			this.handle = handle;
		}

		@Override
		public void read(int length) {
			int position = 0;
			while (position < length) {
				if (!Kernel32Calls.ReadFile(this.handle, this.in, length - position, this.readCount, null)) {
					throw new IllegalStateException("Not read: " + Native.getLastError());
				}
				int count = this.readCount.getInt(0);
				// A Java program needs an array; our channel copies the bytes too.
				this.in.read(0, this.bytes, position, count);
				position += count;
			}
		}

		@Override
		public void write(int length) {
			this.out.write(0, this.bytes, 0, length);
			if (!Kernel32Calls.WriteFile(this.handle, this.out, length, this.writeCount, null)) {
				throw new IllegalStateException("Not written: " + Native.getLastError());
			}
		}

	}

}
