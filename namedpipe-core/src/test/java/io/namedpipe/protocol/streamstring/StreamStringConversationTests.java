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

package io.namedpipe.protocol.streamstring;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeNoReplyException;
import io.namedpipe.protocol.PipeProtocolException;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.ServerConversation;
import io.namedpipe.testing.Pipes;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.transport.PipeMessageTooLargeException;
import io.namedpipe.transport.PipeNotVerifiedException;
import io.namedpipe.transport.PipeResetException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Both sides of the conversation, byte by byte.
 */
class StreamStringConversationTests {

	private static final ByteBuffer GREETING = Pipes.frame("I am the one true server!");

	private final StreamStringProtocol protocol = new StreamStringProtocol();

	@Test
	void serverGreetsTakesOneNameAndSendsOneText() {
		ScriptedChannel channel = new ScriptedChannel(Pipes.frame("a.txt"), Pipes.frame("b.txt"));
		ServerConversation conversation = this.protocol.serve(channel);
		conversation.open();
		assertThat(channel.written()).isEqualTo(GREETING.array());
		assertThat(conversation.next()).isEqualTo(PipeRequest.of("a.txt"));
		conversation.reply(new PipeReply.Text("content"));
		assertThat(ByteBuffer.wrap(channel.written(), 52, 16)).isEqualTo(Pipes.frame("content"));
		assertThat(conversation.next()).isNull();
	}

	@Test
	void everyConnectionHearsTheWholeGreeting() {
		for (int i = 0; i < 3; i++) {
			ScriptedChannel channel = new ScriptedChannel();
			this.protocol.serve(channel).open();
			assertThat(channel.written()).isEqualTo(GREETING.array());
		}
	}

	@Test
	void greetingCanBeAnother() {
		ScriptedChannel channel = new ScriptedChannel();
		new StreamStringProtocol("Hello").serve(channel).open();
		assertThat(channel.written()).isEqualTo(Pipes.frame("Hello").array());
	}

	@Test
	void clientThatLeavesHasNoRequest() {
		assertThat(this.protocol.serve(new ScriptedChannel()).next()).isNull();
	}

	@Test
	void serverSendsWhatIsEmptyAsAnEmptyText() {
		ScriptedChannel channel = new ScriptedChannel();
		this.protocol.serve(channel).reply(new PipeReply.Empty());
		assertThat(channel.written()).containsExactly(0, 0);
	}

	@Test
	void serverDecodesBytesAndStreams() {
		ScriptedChannel channel = new ScriptedChannel();
		byte[] utf8 = "\u0416".getBytes(StandardCharsets.UTF_8);
		this.protocol.serve(channel).reply(new PipeReply.Bytes(utf8));
		CountingStream stream = new CountingStream(utf8);
		this.protocol.serve(channel).reply(new PipeReply.Content(stream, "The file"));
		assertThat(channel.written()).containsExactly(0, 2, 0x16, 4, 0, 2, 0x16, 4);
		assertThat(stream.closes).hasValue(1);
	}

	@Test
	void replyThatDoesNotFitIsRefusedAsAWholeAndItsStreamClosed() {
		ScriptedChannel channel = new ScriptedChannel();
		ServerConversation conversation = this.protocol.serve(channel);
		for (int length : new int[] { 32_768, 500_000 }) {
			CountingStream stream = new CountingStream(new byte[length]);
			assertThatExceptionOfType(PipeMessageTooLargeException.class)
				.isThrownBy(() -> conversation.reply(new PipeReply.Content(stream, "The file")));
			assertThat(stream.closes).hasValue(1);
		}
		assertThat(channel.written()).isEmpty();
	}

	@Test
	void replyThatCannotBeReadIsClosedToo() {
		CountingStream stream = new CountingStream(new byte[0]) {

			@Override
			public synchronized int read(byte[] target, int offset, int length) {
				throw new UncheckedIOException(new IOException("disk on fire"));
			}

		};
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(
				() -> this.protocol.serve(new ScriptedChannel()).reply(new PipeReply.Content(stream, "The file")));
		assertThat(stream.closes).hasValue(1);
	}

	@Test
	void failureIsAClosedConnectionWithoutAWord() {
		ScriptedChannel channel = new ScriptedChannel();
		this.protocol.serve(channel).fail(new PipeFailure(PipeFailure.Code.NOT_FOUND, "no such file"));
		assertThat(channel.isOpen()).isFalse();
		assertThat(channel.written()).isEmpty();
	}

	@Test
	void clientVerifiesTheGreetingBeforeItSaysAnything() {
		ScriptedChannel channel = new ScriptedChannel(GREETING, Pipes.frame("text"));
		assertThat(exchange(channel, "a.txt")).isEqualTo(new PipeReply.Text("text"));
		assertThat(channel.written()).isEqualTo(Pipes.frame("a.txt").array());
		ScriptedChannel impostor = new ScriptedChannel(Pipes.frame("I am the one true server?"), Pipes.frame("text"));
		assertThatExceptionOfType(PipeNotVerifiedException.class).isThrownBy(() -> exchange(impostor, "secret"))
			.withMessageContaining("it did not greet with 'I am the one true server!'");
		assertThat(impostor.written()).isEmpty();
	}

	@Test
	void greetingThatIsNoStringIsNotVerified() {
		ScriptedChannel odd = new ScriptedChannel(Pipes.bytes(0, 3, 'a', 'b', 'c'));
		assertThatExceptionOfType(PipeNotVerifiedException.class).isThrownBy(() -> exchange(odd, "x"));
		ScriptedChannel half = new ScriptedChannel(GREETING.slice(0, 20));
		assertThatExceptionOfType(PipeNotVerifiedException.class).isThrownBy(() -> exchange(half, "x"));
	}

	@Test
	void serverThatClosesBeforeItGreetsRefuses() {
		assertThatExceptionOfType(PipeNoReplyException.class).isThrownBy(() -> exchange(new ScriptedChannel(), "x"))
			.withMessageContaining("before it greeted");
	}

	@Test
	void serverThatClosesInsteadOfAReplyRefuses() {
		assertThatExceptionOfType(PipeNoReplyException.class)
			.isThrownBy(() -> exchange(new ScriptedChannel(GREETING), "x"))
			.withMessageContaining("without a reply");
	}

	@Test
	void serverThatIsGoneWhenTheNameIsSentRefuses() {
		ScriptedChannel channel = new ScriptedChannel(GREETING) {

			@Override
			public void write(ByteBuffer source) {
				throw new PipeResetException("gone");
			}

		};
		assertThatExceptionOfType(PipeNoReplyException.class).isThrownBy(() -> exchange(channel, "x"));
	}

	@Test
	void replyThatIsCutIsNoReply() {
		ByteBuffer reply = Pipes.frame("text");
		for (int at = 1; at < reply.limit(); at++) {
			ScriptedChannel channel = new ScriptedChannel(GREETING, reply.slice(0, at));
			assertThatExceptionOfType(PipeProtocolException.class).isThrownBy(() -> exchange(channel, "x"))
				.withMessageContaining("The stream ended within a string");
		}
	}

	@Test
	void nameThatIsTooLongIsRefusedBeforeAnythingIsRead() {
		ScriptedChannel channel = new ScriptedChannel(GREETING);
		assertThatExceptionOfType(PipeMessageTooLargeException.class)
			.isThrownBy(() -> exchange(channel, "x".repeat(32_768)));
		assertThat(channel.read(ByteBuffer.allocate(100))).isEqualTo(GREETING.limit());
	}

	@Test
	void requestThatIsNoTextIsRefused() {
		assertThatExceptionOfType(PipeProtocolException.class)
			.isThrownBy(() -> this.protocol.call(new ScriptedChannel()).exchange(PipeRequest.of(1)))
			.withMessageContaining("carries text");
	}

	private PipeReply exchange(ScriptedChannel channel, String name) {
		return this.protocol.call(channel).exchange(PipeRequest.of(name));
	}

	private static class CountingStream extends ByteArrayInputStream {

		private final AtomicInteger closes = new AtomicInteger();

		CountingStream(byte[] bytes) {
			super(bytes);
		}

		@Override
		public void close() {
			this.closes.incrementAndGet();
		}

	}

}
