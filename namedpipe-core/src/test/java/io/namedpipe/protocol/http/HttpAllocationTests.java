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

package io.namedpipe.protocol.http;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;

import io.namedpipe.protocol.PipeBody;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Memory that a request and its answer take, which is what garbage collection costs.
 */
class HttpAllocationTests {

	private static final int ROUNDS = 2_000;

	private final HttpRequestParser parser = new HttpRequestParser(HttpLimits.DEFAULTS);

	private final HttpEncoder encoder = new HttpEncoder();

	private final ByteBuffer request = ByteBuffer
		.wrap(HttpWire.bytes("POST /stat HTTP/1.1\r\nHost: pipe\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n"
				+ "Content-Type: application/json\r\nContent-Length: 20\r\n\r\n{\"name\":\"notes.txt\"}"));

	private final ByteBuffer reply = ByteBuffer.allocate(64);

	@Test
	void requestAndAnswerTakeLessThanAKilobyte() {
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		exchange();
		long before = threads.getCurrentThreadAllocatedBytes();
		for (int i = 0; i < ROUNDS; i++) {
			exchange();
		}
		long bytes = (threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS;
		assertThat(bytes).isLessThan(1024);
	}

	@Test
	void textTakesNoArrayOfItsSize() throws IOException {
		PipeBody text = PipeBody.of("x\u00e9\u20ac".repeat(1000));
		HttpOutput output = new HttpOutput((slice) -> {
		}, HttpOutput.FileSink.NONE);
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		output.send(text, HttpAllocationTests::head);
		long before = threads.getCurrentThreadAllocatedBytes();
		for (int i = 0; i < ROUNDS; i++) {
			output.send(text, HttpAllocationTests::head);
		}
		long bytes = (threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS;
		assertThat(bytes).isLessThan(1024);
	}

	private static void head(HttpEncoder encoder, long length) {
		encoder.response(200, "OK", new HttpHeaders(), length);
	}

	private void exchange() {
		HttpRequestHead head = this.parser.parse(this.request.rewind());
		HttpBodyDecoder body = new HttpBodyDecoder(head.bodyLength(), HttpLimits.DEFAULTS);
		body.decode(this.request);
		this.encoder.response(200, "OK", new HttpHeaders().add("Content-Type", "application/json"), 64);
		this.encoder.body(this.reply.rewind());
		this.encoder.end();
		assertThat(this.encoder.take().remaining()).isGreaterThan(64);
	}

}
