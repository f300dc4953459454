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
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.ServerTimeouts;
import io.namedpipe.protocol.raw.RawProtocol;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeResetException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Clients that leave, stall or send invalid data: each affects its own connection alone,
 * and causes one line of the log.
 * <p>
 * Alone in its JVM: a process that another test starts holds a copy of every socket for a
 * moment, in which the server does not see that a client has left.
 */
@Timeout(120)
@Isolated
@ParameterizedClass
@ValueSource(strings = { "memory", "unix" })
class HostileClientTests {

	private static final Duration LONG = Duration.ofMinutes(5);

	private final ContainerFixture fixture;

	HostileClientTests(String transport) {
		this.fixture = new ContainerFixture(transport);
	}

	@AfterEach
	void close() throws Exception {
		this.fixture.close();
	}

	private void start(Duration readTimeout) {
		this.fixture
			.start((settings) -> settings.timeouts(ServerTimeouts.DEFAULTS.withRead(readTimeout).withWrite(LONG))
				.gracePeriod(Duration.ofMillis(200)), ContainerFixture.ECHO);
	}

	private void assertOneLine(String expected) {
		await().untilAsserted(() -> assertThat(this.fixture.log.clientLines()).isNotEmpty());
		assertThat(this.fixture.ask("next")).isEqualTo("echo next");
		assertThat(this.fixture.log.clientLines()).singleElement().asString().matches(expected);
		assertThat(this.fixture.log.hasStackTrace()).isFalse();
	}

	@Test
	void clientThatConnectsAndLeavesIsMentionedOnce() {
		start(LONG);
		this.fixture.connect().close();
		assertOneLine("INFO .* a client left (without a request|before it was answered)");
	}

	@Test
	void clientThatIsGreetedAndLeavesIsMentionedOnce() {
		start(LONG);
		this.fixture.greeted().close();
		assertOneLine("INFO .* a client left without a request");
	}

	@Test
	void halfALengthAndTheEndBreakTheProtocol() {
		start(LONG);
		PipeChannel client = this.fixture.greeted();
		client.write(Pipes.bytes(0));
		client.close();
		assertOneLine("WARN .* broke the protocol: The stream ended within a string: half a length");
	}

	@Test
	void halfANameAndTheEndBreakTheProtocol() {
		start(LONG);
		PipeChannel client = this.fixture.greeted();
		client.write(Pipes.bytes(0, 10, 'a', 0, 'b'));
		client.close();
		assertOneLine("WARN .* broke the protocol: The stream ended within a string: 3 of 10 bytes");
	}

	@Test
	void halfALengthAndNothingMoreEndsWithTheReadTimeout() {
		start(Duration.ofSeconds(1));
		PipeChannel client = this.fixture.greeted();
		client.write(Pipes.bytes(0));
		assertThat(ContainerFixture.isEnded(client)).isTrue();
		assertOneLine(
				"WARN .*: the connection of .* was closed: Waiting for a request took longer than 1000 ms \\(read-timeout\\)");
	}

	@Test
	void silenceEndsWithTheReadTimeout() {
		start(Duration.ofSeconds(1));
		assertThat(ContainerFixture.isEnded(this.fixture.greeted())).isTrue();
		assertOneLine(
				"WARN .*: the connection of .* was closed: Waiting for a request took longer than 1000 ms \\(read-timeout\\)");
	}

	@Test
	void byteNowAndThenDoesNotProlongTheReadTimeout() {
		start(Duration.ofSeconds(1));
		PipeChannel client = this.fixture.greeted();
		client.write(Pipes.bytes(0x10, 0));
		await().pollInterval(Duration.ofMillis(10)).until(() -> {
			try {
				client.write(Pipes.bytes(0));
				return false;
			}
			catch (PipeResetException ex) {
				return true;
			}
		});
		assertOneLine("WARN .* was closed: Waiting for a request took longer than 1000 ms \\(read-timeout\\)");
	}

	@Test
	void oddLengthIsRefusedAtOnce() {
		start(LONG);
		PipeChannel client = this.fixture.greeted();
		client.write(Pipes.bytes(0xff, 0xff));
		assertThat(ContainerFixture.isEnded(client)).isTrue();
		assertOneLine("WARN .* broke the protocol: A string of 65535 bytes was announced.*");
	}

	@Test
	void greatLengthAndNothingMoreEndsWithTheReadTimeout() {
		start(Duration.ofSeconds(1));
		PipeChannel client = this.fixture.greeted();
		client.write(Pipes.bytes(0xff, 0xfe));
		assertThat(ContainerFixture.isEnded(client)).isTrue();
		assertOneLine("WARN .* was closed: Waiting for a request took longer than 1000 ms \\(read-timeout\\)");
	}

	@Test
	void clientThatLeavesBeforeItsReplyIsMentionedOnce() throws Exception {
		Gate gate = new Gate();
		this.fixture.start((context) -> {
			gate.handle(context);
			return PipeReply.of("x".repeat(30_000));
		});
		PipeChannel client = this.fixture.greeted();
		client.write(Pipes.frame("wait"));
		gate.awaitEntered(1);
		client.close();
		gate.open();
		await().untilAsserted(() -> assertThat(this.fixture.log.clientLines()).isNotEmpty());
		assertThat(this.fixture.ask("next")).startsWith("xxx");
		assertThat(this.fixture.log.clientLines()).singleElement()
			.asString()
			.matches("INFO .* a client left before it was answered");
		assertThat(this.fixture.log.hasStackTrace()).isFalse();
	}

	@Test
	void clientThatNeverReadsEndsWithItsTime() throws Exception {
		try (ContainerFixture raw = new ContainerFixture(this.fixture.transport, new RawProtocol())) {
			raw.start((settings) -> settings.timeouts(ServerTimeouts.DEFAULTS.withRequest(Duration.ofSeconds(1))),
					HostileClientTests::writeForEver);
			raw.connect();
			await().untilAsserted(() -> assertThat(raw.log.clientLines()).isNotEmpty());
			PipeChannel next = raw.connect();
			assertThat(next.read(ByteBuffer.allocate(1))).isOne();
			assertThat(raw.log.clientLines()).singleElement()
				.asString()
				.matches("WARN .* was closed: Handling the request took longer than 1000 ms \\(request-timeout\\)");
			assertThat(raw.log.hasStackTrace()).isFalse();
		}
	}

	private static PipeReply writeForEver(PipeExchange exchange) {
		ByteBuffer block = ByteBuffer.allocate(64 * 1024);
		while (true) {
			exchange.channel().write(block.clear());
		}
	}

	@Test
	void clientThatReadsSlowlyIsNotCutWhileItMakesProgress() {
		String text = "x".repeat(32_000);
		this.fixture.start((settings) -> settings.timeouts(ServerTimeouts.DEFAULTS.withWrite(Duration.ofSeconds(1))),
				(exchange) -> PipeReply.of(text));
		PipeChannel client = this.fixture.greeted();
		client.write(Pipes.frame("x"));
		ByteBuffer reply = ByteBuffer.allocate(2 + 2 * text.length());
		long start = System.nanoTime();
		while (reply.hasRemaining()) {
			// Twelve steps that take three times the time limit together.
			await().pollDelay(Duration.ofMillis(250)).until(() -> true);
			ByteBuffer slice = ByteBuffer.allocate(Math.min(5400, reply.remaining()));
			assertThat(client.readFully(slice)).isTrue();
			reply.put(slice.flip());
		}
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(3));
		assertThat(reply.flip()).isEqualTo(Pipes.frame(text));
		assertThat(this.fixture.log.clientLines()).isEmpty();
	}

	@Test
	void missingFileAndNonsenseNamesAreOneLineEach() {
		this.fixture.start((context) -> {
			throw new NoSuchFileException(context.request().body().text());
		});
		assertThat(this.fixture.ask("no\nERROR such\u2028file\u0000")).isNull();
		assertThat(this.fixture.log.clientLines()).singleElement()
			.asString()
			.matches("WARN .* refused, NOT_FOUND: no such file: no\\\\u000AERROR such\\\\u2028file\\\\u0000");
		assertThat(this.fixture.log.hasStackTrace()).isFalse();
	}

	@Test
	void nextClientIsServedWhileManyBadOnesHang() {
		start(LONG);
		List<PipeChannel> bad = new ArrayList<>();
		for (ByteBuffer said : List.of(Pipes.bytes(), Pipes.bytes(0), Pipes.bytes(0, 10), Pipes.bytes(0, 10, 'a', 0),
				Pipes.bytes(0xff, 0xfe), Pipes.bytes(0xff))) {
			for (int i = 0; i < 3; i++) {
				PipeChannel client = this.fixture.connect();
				client.write(said.duplicate());
				bad.add(client);
			}
		}
		for (int i = 0; i < 5; i++) {
			assertThat(this.fixture.ask("good " + i)).isEqualTo("echo good " + i);
		}
		assertThat(bad).hasSize(18)
			.allSatisfy((client) -> assertThat(Pipes.readFrame(client)).isEqualTo(ContainerFixture.GREETING));
		assertThat(this.fixture.log.clientLines()).isEmpty();
	}

}
