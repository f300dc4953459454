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

import org.junit.jupiter.api.Test;

import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.ServerConversation;
import io.namedpipe.testing.ScriptedChannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A connection that is one request.
 */
class RawProtocolTests {

	private final ScriptedChannel channel = new ScriptedChannel();

	private final RawProtocol protocol = new RawProtocol();

	@Test
	void connectionIsTheOnlyRequest() {
		ServerConversation conversation = this.protocol.serve(this.channel);
		conversation.open();
		assertThat(conversation.next()).isEqualTo(PipeRequest.of(this.channel));
		conversation.reply(new PipeReply.Empty());
		assertThat(conversation.next()).isNull();
		assertThat(this.channel.written()).isEmpty();
	}

	@Test
	void replyBesideTheChannelIsRefused() {
		ServerConversation conversation = this.protocol.serve(this.channel);
		assertThatExceptionOfType(PipeProtocolException.class)
			.isThrownBy(() -> conversation.reply(new PipeReply.Text("text")));
	}

	@Test
	void failureIsAClosedConnection() {
		this.protocol.serve(this.channel).fail(new PipeFailure(PipeFailure.Code.INTERNAL, "failed"));
		assertThat(this.channel.isOpen()).isFalse();
	}

	@Test
	void clientUsesTheTransportInstead() {
		assertThatExceptionOfType(PipeProtocolException.class).isThrownBy(() -> this.protocol.call(this.channel))
			.withMessageContaining("connect with the transport");
		assertThat(this.protocol.hasRoutes()).isFalse();
		assertThat(this.protocol.name()).isEqualTo("raw");
	}

}
