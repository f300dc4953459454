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

package io.namedpipe.protocol.raw;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import io.namedpipe.protocol.ExchangeOutcome;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.ProtocolCapabilities.Feature;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.ServerTimeouts;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.Pipes;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.testing.Sessions;
import io.namedpipe.testing.WaitingChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeTimeoutException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * A connection that is one exchange.
 */
class RawProtocolTests {

	private final ScriptedChannel channel = new ScriptedChannel();

	private final RawProtocol protocol = new RawProtocol();

	@Test
	void connectionIsTheOnlyExchange() {
		AtomicReference<PipeExchange> handled = new AtomicReference<>();
		Sessions.serve(this.protocol, this.channel, (exchange) -> {
			assertThat(handled.compareAndSet(null, exchange)).isTrue();
			exchange.reply(PipeReply.empty());
		});
		assertThat(handled.get().channel()).isNotNull();
		assertThat(handled.get().channel().peer()).isEqualTo(this.channel.peer());
		assertThat(this.channel.written()).isEmpty();
	}

	@Test
	void clientHasTheReadTimeoutForItsFirstByteAndThenTheHandlerItsTime() {
		assertLate(new WaitingChannel(0), ServerTimeouts.DEFAULTS.withRead(Duration.ofMillis(100)),
				"Waiting for the first byte took longer than 100 ms (read-timeout)", 0);
		assertLate(new WaitingChannel(0, Pipes.bytes(1)), ServerTimeouts.DEFAULTS.withRequest(Duration.ofMillis(200)),
				"Handling the request took longer than 200 ms (request-timeout)", 1);
	}

	private void assertLate(WaitingChannel late, ServerTimeouts timeouts, String message, int bytes) {
		ServerConnection connection = Sessions.connection(late, timeouts);
		List<Integer> read = new ArrayList<>();
		assertThatExceptionOfType(PipeException.class)
			.isThrownBy(() -> this.protocol.serve(connection).run((exchange) -> {
				while (true) {
					read.add(exchange.channel().read(ByteBuffer.allocate(1)));
				}
			}))
			.satisfies((ex) -> assertThat(connection.translate(ex)).isInstanceOf(PipeTimeoutException.class)
				.hasMessage(message));
		assertThat(read).isEqualTo(Collections.nCopies(bytes, 1));
	}

	@Test
	void firstMessageIsWaitedForLikeAByte() {
		ServerConnection connection = Sessions.connection(new ScriptedChannel() {

			@Override
			public ByteBuffer readMessage() {
				return Pipes.bytes(1, 2);
			}

		});
		List<Duration> idle = new ArrayList<>();
		this.protocol.serve(connection).run((exchange) -> {
			assertThat(exchange.channel().readMessage()).isEqualTo(Pipes.bytes(1, 2));
			idle.add(connection.idleTime());
			exchange.reply(PipeReply.empty());
		});
		assertThat(idle).containsExactly(Duration.ZERO);
	}

	@Test
	void connectionIsIdleUntilItsFirstByte() throws Exception {
		WaitingChannel silent = new WaitingChannel(0);
		ServerConnection connection = Sessions.connection(silent);
		CompletableFuture<String> served = Background.run(() -> {
			this.protocol.serve(connection).run((exchange) -> exchange.channel().read(ByteBuffer.allocate(1)));
			return "";
		});
		await().until(() -> connection.closeIfIdle(Duration.ZERO));
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> Background.get(served));
		assertThat(silent.isOpen()).isFalse();
	}

	@Test
	void replyBesideTheChannelIsRefused() {
		AtomicReference<ExchangeOutcome> ended = new AtomicReference<>();
		Sessions.serve(this.protocol, this.channel, (exchange) -> {
			exchange.setOutcomeListener(ended::set);
			exchange.reply(PipeReply.of("text"));
		});
		assertThat(ended.get().cause()).isInstanceOf(PipeProtocolException.class);
		assertThat(this.channel.written()).isEmpty();
	}

	@Test
	void failureIsAClosedConnection() {
		Sessions.serve(this.protocol, this.channel,
				(exchange) -> exchange.fail(new PipeFailure(PipeFailure.Code.INTERNAL, "failed")));
		assertThat(this.channel.isOpen()).isFalse();
	}

	@Test
	void clientUsesTheChannelInstead() {
		assertThatExceptionOfType(PipeProtocolException.class)
			.isThrownBy(() -> Sessions.open(this.protocol, this.channel))
			.withMessageContaining("PipeOperations.execute");
		assertThat(this.protocol.capabilities().features()).containsExactly(Feature.CHANNEL);
		assertThat(this.protocol.name()).isEqualTo("raw");
	}

}
