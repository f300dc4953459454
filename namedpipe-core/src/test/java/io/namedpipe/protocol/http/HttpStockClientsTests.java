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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.namedpipe.protocol.ServerTimeouts;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.unix.UnixPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The HTTP clients that come with other languages, where those are installed.
 */
@Timeout(120)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the clients connect to a Unix-domain socket")
class HttpStockClientsTests {

	@TempDir
	private Path folder;

	@Test
	void curl() throws Exception {
		Programs.assumeInstalled("curl", "--version");
		try (HttpContainer server = server()) {
			String socket = socket();
			assertThat(run("curl", "-sS", "--unix-socket", socket, "http://pipe/query?a=b", "http://pipe/query?c", "-w",
					"%{num_connects},"))
				.isEqualTo("GET a=b1,GET c0,");
			assertThat(run("curl", "-sS", "--unix-socket", socket, "http://pipe/text", "-d", "hello"))
				.isEqualTo("hello");
			assertThat(run("curl", "-sS", "-i", "--unix-socket", socket, "http://pipe/nowhere"))
				.contains("HTTP/1.1 404 Not Found", "Content-Type: application/problem+json", "\"code\":\"NOT_FOUND\"");
			assertThat(run("curl", "-sS", "-I", "--unix-socket", socket, "http://pipe/query"))
				.startsWith("HTTP/1.1 200 OK")
				.endsWith("\r\n\r\n");
			assertThat(run("curl", "-sS", "-0", "--unix-socket", socket, "http://pipe/query")).isEqualTo("GET null");
			Path file = Files.write(this.folder.resolve("upload"), new byte[3_000_000]);
			assertThat(run("curl", "-sS", "--unix-socket", socket, "http://pipe/count", "-T", file.toString()))
				.isEqualTo("3000000");
			assertThat(run("curl", "-sS", "--unix-socket", socket, "http://pipe/count", "-T", file.toString(), "-H",
					"Transfer-Encoding: chunked", "-H", "Expect: 100-continue"))
				.isEqualTo("3000000");
			run("curl", "-sS", "--unix-socket", socket, "http://pipe/large", "-o", file.toString());
			assertThat(file).hasSize(HttpContainer.LARGE);
			Process broken = start("curl", "-sS", "--unix-socket", socket, "http://pipe/broken", "-o", file.toString());
			assertThat(broken.waitFor()).isEqualTo(18);
		}
	}

	@Test
	void nodeHttp() throws Exception {
		Programs.assumeInstalled("node", "--version");
		try (HttpContainer server = server()) {
			assertThat(run("node", Programs.script(this.folder, "client.js"), socket())).isEqualTo("ok 200\n");
		}
	}

	@Test
	void pythonHttpClient() throws Exception {
		Programs.assumeInstalled("python3", "--version");
		try (HttpContainer server = server()) {
			assertThat(run("python3", Programs.script(this.folder, "client.py"), socket())).isEqualTo("ok 200\n");
		}
	}

	private String socket() {
		return this.folder.resolve("s").toString();
	}

	private HttpContainer server() {
		return new HttpContainer(new UnixPipeTransport(), PipeAddress.of(socket()), ServerTimeouts.DEFAULTS);
	}

	private Process start(String... command) throws IOException {
		return new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.folder.resolve("out").toFile())
			.start();
	}

	private String run(String... command) throws Exception {
		Process process = start(command);
		try {
			assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
			String output = Files.readString(this.folder.resolve("out"), StandardCharsets.ISO_8859_1);
			assertThat(process.exitValue()).as(output).isZero();
			return output;
		}
		finally {
			process.destroyForcibly();
		}
	}

}
