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

package io.namedpipe.protocol;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.namedpipe.deadline.Deadlines;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.Pipes;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.testing.WaitingChannel;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeTimeoutException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The connection of a client's session.
 */
class ClientConnectionTests {

	private static final Duration CONNECT = Duration.ofSeconds(3);

	private static final Duration SHORT = Duration.ofMillis(50);

	private final Deadlines deadlines = new Deadlines("test");

	private final PipeAddress address = Pipes.uniqueAddress();

	private final ScriptedChannel channel = new ScriptedChannel();

	private final ClientConnection connection = connection(this.channel, SHORT);

	@AfterEach
	void close() {
		this.deadlines.close();
	}

	private ClientConnection connection(ScriptedChannel channel, Duration requestTimeout) {
		return new ClientConnection(this.address, channel, this.deadlines.watch(channel::close), CONNECT,
				requestTimeout);
	}

	@Test
	void sessionHasWhatTheConnectionWasMadeWith() {
		assertThat(this.connection.address()).isEqualTo(this.address);
		assertThat(this.connection.channel()).isSameAs(this.channel);
		assertThat(this.connection.connectTimeout()).isEqualTo(CONNECT);
		assertThat(this.connection.requestTimeout()).isEqualTo(SHORT);
		this.connection.requestTimeout(Duration.ZERO);
		assertThat(this.connection.requestTimeout()).isZero();
		List<Runnable> tasks = new ArrayList<>();
		ClientConnection other = new ClientConnection(this.address, this.channel, this.deadlines.watch(() -> {
		}), CONNECT, SHORT, tasks::add);
		Runnable task = () -> {
		};
		other.executor().execute(task);
		assertThat(tasks).containsExactly(task);
	}

	@Test
	void taskInTheBackgroundKeepsNoProcessAlive() throws Exception {
		CompletableFuture<Boolean> daemon = new CompletableFuture<>();
		this.connection.executor().execute(() -> daemon.complete(Thread.currentThread().isDaemon()));
		assertThat(Background.get(daemon)).isTrue();
	}

	@Test
	void closedConnectionHasNoDeadline() {
		Duration ample = Duration.ofSeconds(2);
		this.connection.deadline().arm("Nothing", ample, "request-timeout");
		this.connection.close();
		assertThat(this.channel.isOpen()).isFalse();
		await().during(ample.plus(SHORT)).until(() -> !this.connection.deadline().isExpired());
	}

	@Test
	void serverThatTakesNothingEndsWithTheTimeout() {
		ClientConnection silent = connection(new WaitingChannel(0), SHORT);
		silent.deadline().arm("The request", SHORT, "request-timeout");
		assertThatExceptionOfType(PipeException.class).isThrownBy(() -> silent.write(Pipes.bytes(1)))
			.satisfies((ex) -> assertThat(silent.translate(ex)).isInstanceOf(PipeTimeoutException.class)
				.hasMessage("The request took longer than 50 ms (request-timeout)"));
		PipeException other = new PipeException("other");
		assertThat(this.connection.translate(other)).isSameAs(other);
	}

	@Test
	void progressChannelWritesAndReadsThrough() {
		ScriptedChannel answered = new ScriptedChannel(Pipes.bytes(7));
		ByteBuffer answer = ByteBuffer.allocate(1);
		ClientConnection talking = connection(answered, SHORT);
		talking.progressChannel().write(Pipes.bytes(5));
		talking.progressChannel().read(answer);
		assertThat(answered.written()).containsExactly(5);
		assertThat(answer.flip()).isEqualTo(Pipes.bytes(7));
	}

}
