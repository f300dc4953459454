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

package io.namedpipe.transport.anonymous;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import io.namedpipe.testing.Background;
import io.namedpipe.transport.CompositePipeConnector;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeBusyException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeConnector;
import io.namedpipe.transport.PipeMode;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeResetException;
import io.namedpipe.transport.PipeUnsupportedException;
import io.namedpipe.transport.memory.MemoryPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Children of {@link ChildPipeConnector}: their number, their failures, their end.
 */
@Timeout(120)
@EnabledOnOs(value = { OS.LINUX, OS.MAC }, disabledReason = "the children are programs of Unix")
class ChildPipeConnectorTests {

	private static final PipeAddress ADDRESS = PipeAddress.of("child");

	private static final Duration LONG = Duration.ofHours(1);

	private ChildPipeConnector connector = connector("exec cat", 1, LONG);

	@AfterEach
	void close() {
		this.connector.close();
	}

	private static ChildPipeConnector connector(String script, int maxRestarts, Duration delay) {
		return new ChildPipeConnector(ADDRESS, () -> PipeProcess.of(new ProcessBuilder("/bin/sh", "-c", script)),
				maxRestarts, delay);
	}

	private PipeChannel connect(Duration timeout) {
		return this.connector.connect(ADDRESS, PipeClientOptions.builder().connectTimeout(timeout).build());
	}

	private PipeChannel connect() {
		return connect(Duration.ofMillis(100));
	}

	private static void echo(PipeChannel channel) {
		channel.write(ByteBuffer.wrap(new byte[] { 1, 2 }));
		assertThat(channel.readFully(ByteBuffer.allocate(2))).isTrue();
	}

	@Test
	void eachConnectionIsAChildThatEndsWithIt() {
		PipeChannel first = connect();
		PipeChannel second = connect();
		echo(first);
		echo(second);
		assertThat(first.peer().processId()).isNotEqualTo(second.peer().processId());
		first.close();
		assertThat(this.connector.isAlive()).isTrue();
		second.close();
		await().untilAsserted(() -> assertThat(this.connector.isAlive()).isFalse());
		assertThat(this.connector.failure()).isNull();
		// No failure: no delay.
		echo(connect());
	}

	@Test
	void closeEndsAllChildrenAndThoseThatWait() throws Exception {
		PipeChannel channel = connect();
		this.connector.close();
		assertThat(this.connector.isAlive()).isFalse();
		assertThat(channel.isOpen()).isFalse();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(this::connect);
		this.connector = connector("exit 3", 1, LONG);
		fail(connect());
		CompletableFuture<PipeChannel> waiting = Background.run(() -> connect(LONG.plusMinutes(1)));
		this.connector.close();
		assertThat(waiting).failsWithin(20, TimeUnit.SECONDS)
			.withThrowableThat()
			.withCauseInstanceOf(PipeClosedException.class);
	}

	private static void fail(PipeChannel channel) {
		assertThatExceptionOfType(PipeResetException.class).isThrownBy(() -> channel.read(ByteBuffer.allocate(1)))
			.withMessageContainingAll("'child'", "exit code 3");
		channel.close();
	}

	@Test
	void childAfterAFailureWaitsForTheDelay() {
		this.connector = connector("exit 3", 1, LONG);
		fail(connect());
		assertThat(this.connector.failure()).hasMessageContaining("exit code 3");
		assertThatExceptionOfType(PipeBusyException.class).isThrownBy(this::connect)
			.withMessageContainingAll("exit code 3", "started again in");
	}

	@Test
	void childThatHasSentSomethingBeginsTheRowAnew() {
		this.connector = connector("echo hello; read line; exit 3", 1, Duration.ZERO);
		for (int i = 0; i < 4; i++) {
			PipeChannel channel = connect();
			assertThat(channel.readFully(ByteBuffer.allocate(6))).isTrue();
			channel.write(ByteBuffer.wrap(new byte[] { '\n' }));
			fail(channel);
		}
		this.connector = connector("exit 3", 1, Duration.ZERO);
		fail(connect());
		fail(connect());
		assertThatExceptionOfType(PipeNotFoundException.class).isThrownBy(this::connect)
			.withMessageContaining("2 times in a row");
		assertThatExceptionOfType(PipeNotFoundException.class).isThrownBy(this::connect)
			.withMessageContaining("2 times in a row");
	}

	@Test
	void exitCodeOfZeroIsNoFailure() {
		this.connector = connector("echo hello", 0, LONG);
		for (int i = 0; i < 3; i++) {
			try (PipeChannel channel = connect()) {
				assertThat(channel.readFully(ByteBuffer.allocate(6))).isTrue();
				assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
			}
		}
		assertThat(this.connector.failure()).isNull();
	}

	@Test
	void writeToAChildThatHasFailedSaysSo() {
		this.connector = connector("exit 3", 1, LONG);
		PipeChannel channel = connect();
		await().until(channel::isPeerGone);
		assertThatExceptionOfType(PipeResetException.class)
			.isThrownBy(() -> channel.write(ByteBuffer.wrap(new byte[1])))
			.withMessageContaining("exit code 3");
	}

	@Test
	void messagesAreRefused() {
		assertThatExceptionOfType(PipeUnsupportedException.class).isThrownBy(
				() -> this.connector.connect(ADDRESS, PipeClientOptions.builder().mode(PipeMode.MESSAGE).build()));
	}

	@Test
	void onlyItsOwnAddressStartsAServer() {
		PipeConnector all = new CompositePipeConnector(List.of(this.connector, new MemoryPipeTransport()));
		assertThat(all.startsServer(ADDRESS)).isTrue();
		assertThat(all.startsServer(PipeAddress.of("other"))).isFalse();
	}

}
