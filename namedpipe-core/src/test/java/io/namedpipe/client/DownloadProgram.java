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

package io.namedpipe.client;

import java.nio.file.Path;

import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.unix.UnixPipeTransport;

/**
 * Downloads a file, resuming what an earlier run has left, in a JVM that a test kills.
 */
public final class DownloadProgram {

	private DownloadProgram() {
	}

	public static void main(String[] args) {
		try (PipeTemplate template = PipeTemplate.builder(new UnixPipeTransport())
			.address(PipeAddress.of(args[0]))
			.protocol(new HttpProtocol())
			.build()) {
			template.route("file")
				.resume(true)
				.progress((bytes, total, rate) -> System.out.println(bytes + " of " + total))
				.download(Path.of(args[1]));
			System.out.println("done");
		}
	}

}
