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

package io.namedpipe.listener;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequestException;
import io.namedpipe.protocol.ProtocolCapabilities;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.ServerSession;
import io.namedpipe.testing.FakeImpersonation;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeTimeoutException;
import io.namedpipe.transport.memory.MemoryPipeTransport;
import io.namedpipe.transport.unix.UnixPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Text from clients in the log: one line each, with every character visible.
 */
@Timeout(120)
class LoggedTextTests {

	private ContainerFixture fixture = new ContainerFixture("memory");

	@AfterEach
	void close() throws Exception {
		this.fixture.close();
	}

	static Stream<Arguments> names() {
		return Stream.of(Arguments.of("a\r\nERROR forged", "a\\u000D\\u000AERROR forged"),
				Arguments.of("\u001B[2Jcleared", "\\u001B[2Jcleared"), Arguments.of("\u009B2J", "\\u009B2J"),
				Arguments.of("\u202Egpj.exe", "\\u202Egpj.exe"), Arguments.of("a\u200Bb", "a\\u200Bb"),
				Arguments.of("a\u2028b\u2029c", "a\\u2028b\\u2029c"), Arguments.of("a\u0085b", "a\\u0085b"),
				Arguments.of("\uDB40\uDC41", "\\uDB40\\uDC41"));
	}

	@ParameterizedTest
	@MethodSource("names")
	void nameInARefusalIsEscaped(String name, String escaped) {
		this.fixture.start((exchange) -> {
			throw new NoSuchFileException(exchange.request().body().text());
		});
		assertThat(this.fixture.ask(name)).isNull();
		assertThat(this.fixture.log.clientLines()).singleElement()
			.asString()
			.endsWith(" refused, NOT_FOUND: no such file: " + escaped);
	}

	@ParameterizedTest
	@MethodSource("names")
	void nameInAStackTraceIsEscaped(String name, String escaped) {
		this.fixture.start((exchange) -> {
			throw new IllegalStateException("outer", new IllegalStateException(exchange.request().body().text()));
		});
		assertThat(this.fixture.ask(name)).isNull();
		await().untilAsserted(() -> assertThat(this.fixture.log.hasStackTrace()).isTrue());
		ILoggingEvent event = this.fixture.log.events()
			.stream()
			.filter((each) -> each.getThrowableProxy() != null)
			.findFirst()
			.orElseThrow();
		assertThat(ThrowableProxyUtil.asString(event.getThrowableProxy())).contains("IllegalStateException: " + escaped)
			.doesNotContain(name);
	}

	@ParameterizedTest
	@MethodSource("names")
	void textOfAPeerInAnErrorOfItsProtocolIsEscaped(String text, String escaped) throws Exception {
		List<Function<String, PipeException>> errors = List.of(PipeProtocolException::new, PipeTimeoutException::new,
				PipeException::new);
		for (Function<String, PipeException> error : errors) {
			try (ContainerFixture odd = new ContainerFixture(new MemoryPipeTransport(), new OddProtocol(error))) {
				odd.start(ContainerFixture.ECHO);
				odd.connect().write(Pipes.frame(text));
				await().untilAsserted(() -> assertThat(odd.log.clientLines()).singleElement()
					.asString()
					.startsWith("WARN ")
					.endsWith("odd " + escaped));
			}
		}
	}

	@ParameterizedTest
	@MethodSource("names")
	void nameAndIdOfAUserAreEscaped(String name, String escaped) throws Exception {
		PeerIdentity user = PeerIdentity.of(PeerIdentity.Kind.UNIX, name).name(name).build();
		try (ContainerFixture named = new ContainerFixture(
				new MemoryPipeTransport(() -> user, (peer) -> new FakeImpersonation()))) {
			named.start((settings) -> settings.maxConnections(1).reservedConnections(0), (exchange) -> {
				throw new PipeRequestException(Code.NOT_FOUND, "there is none");
			});
			assertThat(named.ask("x")).isNull();
			assertThat(named.log.clientLines()).singleElement()
				.asString()
				.endsWith("request of %s refused, NOT_FOUND: there is none".formatted(escaped));
			// One is served and sixteen wait.
			for (int i = 0; i < 18; i++) {
				named.connect();
			}
			await().untilAsserted(() -> assertThat(named.log.clientLines())
				.anyMatch((line) -> line.contains("a client of the user %s was refused, BUSY".formatted(escaped))));
		}
	}

	@Test
	void longNameIsCut() {
		this.fixture.start((exchange) -> {
			throw new PipeRequestException(Code.NOT_FOUND, "no " + exchange.request().body().text());
		});
		assertThat(this.fixture.ask("x".repeat(32_767))).isNull();
		assertThat(this.fixture.log.clientLines()).singleElement().asString().hasSizeLessThan(700).endsWith("xxx...");
	}

	@Test
	void oneUserCannotFillTheLogWhateverItDoes() {
		this.fixture.start((exchange) -> {
			throw (exchange.request().body().text().length() > 1) ? new NoSuchFileException("x".repeat(30_000))
					: new IllegalStateException("\u202E".repeat(30_000));
		});
		for (int i = 0; i < 300; i++) {
			this.fixture.ask("name");
			this.fixture.ask("n");
			this.fixture.connectAndLeave();
			try (PipeChannel client = this.fixture.connect()) {
				client.write(ByteBuffer.wrap(new byte[] { 0, 3, 1, 2, 3 }));
				assertThat(client.isOpen()).isTrue();
			}
		}
		// Not the last one: a thread that had its permit may come to write after it.
		await().untilAsserted(() -> assertThat(this.fixture.log.clientLines())
			.filteredOn((line) -> line.endsWith(" (the next lines about this user are left out, for up to a minute)"))
			.hasSize(1));
		int bytes = this.fixture.log.events()
			.stream()
			.mapToInt((event) -> event.getFormattedMessage().length() + ((event.getThrowableProxy() != null)
					? ThrowableProxyUtil.asString(event.getThrowableProxy()).length() : 0))
			.sum();
		assertThat(bytes).isBetween(10_000, 60_000);
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the path of a socket")
	void pathOfASocketIsSaidWhenItIsListenedOn() throws Exception {
		this.fixture.close();
		this.fixture = new ContainerFixture("unix");
		PipeListenerContainer container = this.fixture.start((exchange) -> PipeReply.of("ok"));
		assertThat(container.locations()).singleElement()
			.asString()
			.startsWith("/")
			.endsWith("/CoreFxPipe_" + this.fixture.id);
		assertThat(this.fixture.log.lines()).singleElement()
			.asString()
			.isEqualTo("INFO Pipe '%1$s' listens on %1$s (path %2$s) with the protocol stream-string"
				.formatted(this.fixture.id, container.locations().get(0)));
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the path of a socket")
	void folderOfASocketIsEscaped(@TempDir Path parent) throws Exception {
		Path folder = Files.createDirectory(parent.resolve("a\nERROR forged \u202E"));
		this.fixture.close();
		this.fixture = new ContainerFixture(new UnixPipeTransport(folder));
		PipeListenerContainer container = this.fixture.start((exchange) -> PipeReply.of("ok"));
		Files.delete(folder.resolve("CoreFxPipe_" + this.fixture.id));
		assertThat(container.isReachable()).isFalse();
		await().untilAsserted(
				() -> assertThat(this.fixture.log.lines()).anyMatch((line) -> line.contains("clients do not find it")));
		assertThat(this.fixture.log.lines())
			.allSatisfy((line) -> assertThat(line).contains("a\\u000AERROR forged \\u202E").doesNotContain("\n"));
	}

	/**
	 * A protocol whose errors repeat what the client has sent.
	 */
	private record OddProtocol(Function<String, PipeException> error) implements PipeProtocol {

		@Override
		public String name() {
			return "odd";
		}

		@Override
		public ProtocolCapabilities capabilities() {
			return ProtocolCapabilities.of();
		}

		@Override
		public ServerSession serve(ServerConnection connection) {
			return (handler) -> {
				throw this.error.apply("odd " + Pipes.readFrame(connection.channel()));
			};
		}

		@Override
		public ClientSession open(ClientConnection connection) {
			throw new UnsupportedOperationException();
		}

	}

}
