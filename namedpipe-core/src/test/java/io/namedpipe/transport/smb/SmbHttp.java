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

package io.namedpipe.transport.smb;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import io.namedpipe.client.PipeClientListener;
import io.namedpipe.client.PipeTemplate;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.transport.PipeAddress;

/**
 * HTTP with the pipe {@code files} of demo-server: bodies of sizes about those of SMB's
 * messages, and requests of several threads over kept connections.
 */
final class SmbHttp {

	private static final int THREADS = 4;

	private static final int[] SIZES = { 0, 1, 65_534, 65_535, 65_536, 131_070, 131_071, 3_000_017 };

	private final String[] args;

	private final AtomicInteger connections = new AtomicInteger();

	SmbHttp(String[] args) {
		this.args = args;
	}

	void run() throws Exception {
		int count = Integer.parseInt(this.args[5]);
		try (PipeTemplate template = PipeTemplate.builder(SmbProgram.connector(this.args, this.args[3]))
			.address(PipeAddress.of("127.0.0.1", this.args[4]))
			.protocol(new HttpProtocol())
			.options(SmbProgram.OPTIONS)
			.listeners(List.of(new PipeClientListener() {

				@Override
				public void connectionOpened(PipeAddress address) {
					SmbHttp.this.connections.incrementAndGet();
				}

			}))
			.build()) {
			int equal = 0;
			for (int size : SIZES) {
				equal += (isEqual(template, size)) ? 1 : 0;
			}
			this.connections.set(0);
			System.out.printf("equal=%d of %d, answered=%d of %d, connections=%d%n", equal, SIZES.length,
					answered(template, count), count, this.connections.get());
		}
	}

	private static boolean isEqual(PipeTemplate template, int size) throws IOException {
		byte[] content = new byte[size];
		new Random(size).nextBytes(content);
		String name = "size-" + size;
		template.route("write").query("name", name).upload(new ByteArrayInputStream(content)).body().bytes(10_000);
		try (InputStream body = template.route("read").query("name", name).body()) {
			return Arrays.equals(content, body.readAllBytes());
		}
	}

	private static int answered(PipeTemplate template, int count) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		try {
			List<Future<Integer>> results = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				results.add(threads.submit(() -> {
					int answered = 0;
					for (int each = 0; each < count / THREADS; each++) {
						String info = template.route("stat").query("name", "size-65535").retrieve(String.class);
						answered += (info != null && info.contains("65535")) ? 1 : 0;
					}
					return answered;
				}));
			}
			int sum = 0;
			for (Future<Integer> each : results) {
				sum += each.get();
			}
			return sum;
		}
		finally {
			threads.shutdownNow();
		}
	}

}
