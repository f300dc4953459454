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

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.transport.ClientRights;
import io.namedpipe.transport.OpenedFile;
import io.namedpipe.transport.PipeTransport;

/**
 * This library with its defaults: annotated handlers, routes and deadlines.
 */
@SpringBootApplication
class PipeServerApplication {

	static void start(Path socket) {
		new SpringApplication(PipeServerApplication.class).run("--spring.main.banner-mode=off",
				"--logging.level.root=warn", "--namedpipe.server.pipes.bench.name=" + socket);
	}

	/**
	 * The measured handlers.
	 */
	@PipeEndpoint("bench")
	static class Handlers {

		private final PipeTransport transport;

		Handlers(PipeTransport transport) {
			this.transport = transport;
		}

		@PipeMapping("echo")
		String echo(@Payload String text) {
			return text;
		}

		@PipeMapping("json")
		Item json(@Payload Item item) {
			return item;
		}

		@PipeMapping("file")
		Path file(@Payload String name) {
			return Path.of(name);
		}

		// The same without the kernel's copy.
		@PipeMapping("read")
		PipeReply read(@Payload String name) throws IOException {
			OpenedFile file = this.transport.fileOpener().open(Path.of(name), ClientRights.ofThread());
			return PipeReply.of(PipeBody.of(new FilterInputStream(file) {
			}, file.size(), "The file"));
		}

		@PipeMapping("upload")
		long upload(InputStream content) throws IOException {
			byte[] buffer = new byte[FloorServer.SLICE_BYTES];
			long total = 0;
			for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
				total += count;
			}
			return total;
		}

	}

	/**
	 * A small record.
	 *
	 * @param id a number
	 * @param name a text
	 * @param price a fraction
	 * @param available yes or no
	 */
	record Item(long id, String name, double price, boolean available) {

	}

}
