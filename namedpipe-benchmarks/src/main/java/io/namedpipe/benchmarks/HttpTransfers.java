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
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A large file, down and up, beside a bare channel.
 */
final class HttpTransfers {

	private static final double MEGA = 1e6;

	private final Path pipe;

	private final Path floor;

	private final Path file;

	private final long size;

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(FloorServer.SLICE_BYTES);

	HttpTransfers(Path pipe, Path floor, Path file, long size) {
		this.pipe = pipe;
		this.floor = floor;
		this.file = file;
		this.size = size;
	}

	/**
	 * Measure, in turns.
	 * @param rounds the number of rounds
	 * @return the nanoseconds of each round, by what was measured
	 * @throws IOException if a transfer fails
	 */
	Map<String, List<Double>> run(int rounds) throws IOException {
		Map<String, List<Double>> times = new LinkedHashMap<>();
		// The first round warms up the compiler.
		for (int round = 0; round <= rounds; round++) {
			boolean counted = round > 0;
			add(times, counted, "download, bare copy", () -> download(this.floor, bare(FloorServer.COPY)));
			add(times, counted, "download, bare kernel's copy", () -> download(this.floor, bare(FloorServer.TRANSFER)));
			add(times, counted, "download, namedpipe", () -> download(this.pipe, http("/file", "text/plain", name())));
			add(times, counted, "download, namedpipe, read",
					() -> download(this.pipe, http("/read", "text/plain", name())));
			add(times, counted, "upload, bare copy", () -> upload(this.floor, number(FloorServer.UPLOAD, this.size)));
			add(times, counted, "upload, namedpipe",
					() -> upload(this.pipe, head("/upload", "application/octet-stream", this.size)));
		}
		times.forEach((what, nanos) -> System.out.printf(Locale.ROOT, "%-30s %8.0f MB/s%n", what,
				this.size * 1e9 / MEGA / Statistics.median(nanos)));
		return times;
	}

	private static void add(Map<String, List<Double>> times, boolean counted, String what, Transfer transfer)
			throws IOException {
		long begin = System.nanoTime();
		transfer.run();
		if (counted) {
			times.computeIfAbsent(what, (key) -> new ArrayList<>()).add((double) (System.nanoTime() - begin));
		}
	}

	private byte[] name() {
		return this.file.toString().getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] number(int kind, long number) {
		return ByteBuffer.allocate(Integer.BYTES + Long.BYTES).putInt(kind).putLong(number).array();
	}

	private byte[] bare(int kind) {
		return join(number(kind, name().length), name());
	}

	private static byte[] head(String target, String type, long length) {
		return "POST %s HTTP/1.1\r\nHost: pipe\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
			.formatted(target, type, length)
			.getBytes(StandardCharsets.US_ASCII);
	}

	private static byte[] http(String target, String type, byte[] content) {
		return join(head(target, type, content.length), content);
	}

	private static byte[] join(byte[] first, byte[] second) {
		return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
	}

	private void download(Path socket, byte[] request) throws IOException {
		try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
			Frames.send(channel, ByteBuffer.wrap(request));
			long rest = this.size;
			if (socket.equals(this.pipe)) {
				Frames.receive(channel, this.buffer.clear().limit(512));
				String begin = StandardCharsets.ISO_8859_1.decode(this.buffer.flip()).toString();
				if (!begin.startsWith("HTTP/1.1 200 ")) {
					throw new IOException("not served: " + begin);
				}
				rest -= begin.length() - begin.indexOf("\r\n\r\n") - 4;
			}
			Frames.skip(channel, this.buffer, rest);
		}
	}

	private void upload(Path socket, byte[] request) throws IOException {
		try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
				FileChannel content = FileChannel.open(this.file)) {
			Frames.send(channel, ByteBuffer.wrap(request));
			for (long done = 0; done < this.size;) {
				done += content.transferTo(done, this.size - done, channel);
			}
			if (channel.read(this.buffer.clear()) < 0) {
				throw new IOException("no answer");
			}
		}
	}

	/**
	 * A transfer to measure.
	 */
	private interface Transfer {

		void run() throws IOException;

	}

}
