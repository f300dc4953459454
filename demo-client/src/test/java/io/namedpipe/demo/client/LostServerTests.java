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

package io.namedpipe.demo.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server that is gone at some moment of an answer is the same exit code at all of them.
 */
@Timeout(120)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the server is a Unix-domain socket")
class LostServerTests {

	private static final String LARGE = "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 1000000\r\n\r\n";

	private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello";

	@TempDir
	private Path folder;

	private ServerSocketChannel server;

	private volatile String answer = "";

	@BeforeEach
	void listen() throws IOException {
		this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
		this.server.bind(UnixDomainSocketAddress.of(this.folder.resolve("pipe")));
		Thread thread = new Thread(this::serve);
		thread.setDaemon(true);
		thread.start();
	}

	private void serve() {
		try {
			while (true) {
				try (SocketChannel client = this.server.accept()) {
					client.read(ByteBuffer.allocate(4096));
					client.write(ByteBuffer.wrap(this.answer.getBytes(StandardCharsets.US_ASCII)));
				}
			}
		}
		catch (IOException ex) {
			// The test is over.
		}
	}

	@AfterEach
	void close() throws IOException {
		this.server.close();
	}

	static Stream<Arguments> lost() {
		return Stream.of("", "HTTP/1.1 200 OK\r\nConte", LARGE, LARGE + "hello", CHUNKED, CHUNKED + "\r\n0\r\n")
			.flatMap((answer) -> Stream
				.of(new String[] { "get", "x", "--output=-" }, new String[] { "get", "x" },
						new String[] { "stat", "x" }, new String[] { "ls" }, new String[] { "put", "source", "x" })
				.map((command) -> Arguments.of(answer, command)));
	}

	@ParameterizedTest
	@MethodSource
	void lost(String answer, String[] command) throws IOException {
		this.answer = answer;
		Path target = this.folder.resolve("target");
		Files.writeString(this.folder.resolve("source"), "content");
		String[] all = Stream.concat(
				Stream.of(command).map((each) -> each.equals("source") ? this.folder.resolve(each).toString() : each),
				Stream.of("--pipe=" + this.folder.resolve("pipe")))
			.toArray(String[]::new);
		if (command[0].equals("get") && command.length == 2) {
			all = Stream.concat(Stream.of(all), Stream.of("--output=" + target)).toArray(String[]::new);
		}
		assertThat(DemoClientApplication.run(all, new ByteArrayOutputStream())).isEqualTo(5);
		assertThat(target).doesNotExist();
	}

}
