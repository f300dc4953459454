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

import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import io.namedpipe.protocol.ExchangeOutcome;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.ProtocolCapabilities.Feature;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.testing.Sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
