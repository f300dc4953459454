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

package io.namedpipe.handler;

import java.lang.management.ManagementFactory;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.autoconfigure.PipeRunner;
import io.namedpipe.client.PipeTemplate;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeTransport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The memory that a request takes on its way through routing, conversion and reply.
 */
class AllocationTests {

	private static final int ROUNDS = 300;

	private static final int BODY_BYTES = 8_000;

	private final ApplicationContextRunner runner = PipeRunner.create()
		.withUserConfiguration(Echo.class)
		.withPropertyValues("namedpipe.server.pipes.files.protocol=http");

	@Test
	void textIsDecodedOnceAndEncodedWithoutACopy() {
		this.runner.run((context) -> {
			PipeTemplate template = PipeTemplate.builder(context.getBean(PipeTransport.class))
				.address(PipeAddress.of("files"))
				.protocol(new HttpProtocol())
				.build();
			String text = "x".repeat(BODY_BYTES);
			// Classes are loaded by the first requests.
			for (int i = 0; i < ROUNDS; i++) {
				allocated(template, text);
			}
			long before = allocated(template, text);
			for (int i = 1; i < ROUNDS; i++) {
				allocated(template, text);
			}
			long each = (allocated(template, text) - before) / ROUNDS;
			// The text that the handler gets and the two that it makes; one more copy
			// would
			// be over the bound.
			assertThat(each).isBetween(3L * BODY_BYTES, 4L * BODY_BYTES);
		});
	}

	private static long allocated(PipeTemplate template, String text) {
		return Long.parseLong(template.route("allocated").payload(text).retrieve(String.class).strip());
	}

	@PipeEndpoint("files")
	static class Echo {

		private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

		// A connection that is kept stays on its thread.
		@PipeMapping("allocated")
		String allocated(@Payload String text) {
			String number = String.valueOf(this.threads.getCurrentThreadAllocatedBytes());
			return number.concat(" ".repeat(text.length() - number.length()));
		}

	}

}
