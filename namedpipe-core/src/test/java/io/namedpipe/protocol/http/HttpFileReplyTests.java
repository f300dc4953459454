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
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.client.PipeTemplate;
import io.namedpipe.listener.PipeContainerSettings;
import io.namedpipe.listener.PipeListenerContainer;
import io.namedpipe.listener.PipeListenerContainerFactory;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.ServerTimeouts;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.ClientRights;
import io.namedpipe.transport.OpenedFile;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.unix.UnixPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Files as replies: copied by the kernel over a Unix-domain socket, read elsewhere.
 */
@Timeout(120)
class HttpFileReplyTests {

	/** Many slices, and no multiple of one. */
	private static final int SIZE = 3_000_017;

	@TempDir
	private Path folder;

	private Path file;

	private byte[] content;

	private PipeTransport transport;

	private PipeListenerContainer container;

	@BeforeEach
	void createFile() throws IOException {
		this.content = new byte[SIZE];
		new Random(1).nextBytes(this.content);
		this.file = Files.write(this.folder.resolve("file"), this.content);
	}

	@AfterEach
	void stop() {
		if (this.container != null) {
			this.container.stop(() -> {
			});
			this.transport.close();
		}
	}

	private PipeTemplate serve(String name, Duration writeTimeout, Change change) {
		this.transport = HttpContainer.transport(name);
		PipeAddress address = Pipes.uniqueAddress();
		ServerTimeouts defaults = ServerTimeouts.DEFAULTS;
		this.container = new PipeListenerContainerFactory(List.of(this.transport), List.of())
			.create(PipeContainerSettings.of("files", address, new HttpProtocol())
				.timeouts(new ServerTimeouts(defaults.read(), writeTimeout, defaults.idle(), defaults.request(),
						defaults.total()))
				.build(), (exchange) -> reply(exchange, change));
		this.container.start();
		return PipeTemplate.builder(this.transport).address(address).protocol(new HttpProtocol()).build();
	}

	private void reply(PipeExchange exchange, Change change) throws IOException {
		OpenedFile opened = this.transport.fileOpener().open(this.file, ClientRights.ofThread());
		change.apply(this.file);
		exchange.reply(PipeReply.of(PipeBody.of(opened, opened.size(), "The file")));
	}

	@ParameterizedTest
	@CsvSource({ "memory, 30", "system, 30", "system, 5", "system, 0" })
	void fileArrivesAsItIsAgainAndAgain(String name, int seconds) throws Exception {
		try (PipeTemplate template = serve(name, Duration.ofSeconds(seconds), (each) -> {
		})) {
			for (int i = 0; i < 3; i++) {
				try (PipeBody body = template.route("file").exchange().body()) {
					assertThat(Arrays.equals(body.bytes(SIZE), this.content)).isTrue();
				}
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "memory", "system" })
	void fileThatHasGrownEndsWhereItEnded(String name) throws Exception {
		try (PipeTemplate template = serve(name, Duration.ofSeconds(30),
				(each) -> Files.write(each, new byte[100], StandardOpenOption.APPEND))) {
			for (int i = 0; i < 2; i++) {
				try (PipeBody body = template.route("file").exchange().body()) {
					assertThat(body.bytes(2 * SIZE)).hasSize(SIZE + i * 100).startsWith(this.content);
				}
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "memory", "system" })
	void fileThatHasBecomeShorterNeverLooksComplete(String name) throws Exception {
		try (PipeTemplate template = serve(name, Duration.ofSeconds(30), (each) -> {
			try (RandomAccessFile access = new RandomAccessFile(each.toFile(), "rw")) {
				access.setLength(SIZE / 2);
			}
		}); PipeBody body = template.route("file").exchange().body()) {
			assertThatThrownBy(() -> body.bytes(SIZE)).isInstanceOfAny(IOException.class, UncheckedIOException.class,
					PipeException.class);
		}
	}

	@Test
	void unixChannelsLeaveTheCopyingToTheKernel() throws Exception {
		assumeTrue(Pipes.systemTransport() instanceof UnixPipeTransport, "needs Unix-domain sockets");
		PipeAddress address = Pipes.uniqueAddress();
		try (UnixPipeTransport unix = new UnixPipeTransport();
				PipeServerChannel server = unix.bind(address, PipeServerOptions.defaults());
				PipeChannel client = unix.connect(address, PipeClientOptions.defaults());
				PipeChannel channel = server.accept();
				OpenedFile opened = unix.fileOpener().open(this.file, ClientRights.ofThread())) {
			opened.skipNBytes(1000);
			var received = Background.run(() -> {
				ByteBuffer buffer = ByteBuffer.allocate(100_000);
				client.readFully(buffer);
				return buffer.array();
			});
			long count = 0;
			while (count < 100_000) {
				long written = channel.write(opened, 100_000 - count);
				assertThat(written).isPositive();
				count += written;
			}
			assertThat(Background.get(received)).isEqualTo(Arrays.copyOfRange(this.content, 1000, 101_000));
			assertThat(opened.read()).isEqualTo(this.content[101_000] & 0xff);
			opened.skipNBytes(SIZE - 101_001);
			assertThat(channel.write(opened, 100)).isZero();
			channel.setWriteTimeout(Duration.ofSeconds(1));
			assertThat(channel.write(opened, 100)).isNegative();
		}
	}

	/**
	 * What happens to a file after it was opened.
	 */
	@FunctionalInterface
	private interface Change {

		void apply(Path file) throws IOException;

	}

}
