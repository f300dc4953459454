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
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.ExchangeOutcome;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeNoReplyException;
import io.namedpipe.protocol.PipeProtocolFactory;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.ServerTimeouts;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.Pipes;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.testing.Sessions;
import io.namedpipe.testing.WaitingChannel;
import io.namedpipe.transport.PipeBusyException;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeMessageTooLargeException;
import io.namedpipe.transport.PipeNotVerifiedException;
import io.namedpipe.transport.PipeResetException;
import io.namedpipe.transport.PipeTimeoutException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Both sides of the conversation, byte by byte.
 */
class StreamStringSessionTests {

	private static final ByteBuffer GREETING = Pipes.frame("I am the one true server!");

	private final StreamStringProtocol protocol = new StreamStringProtocol();

	private static final Duration LONG = Duration.ofSeconds(30);

	private final AtomicReference<ExchangeOutcome> outcome = new AtomicReference<>();

	@Test
	void serverGreetsTakesOneNameAndSendsOneText() {
		ScriptedChannel channel = new ScriptedChannel(Pipes.frame("a.txt"), Pipes.frame("b.txt"));
		List<String> requests = new ArrayList<>();
		Sessions.serve(this.protocol, channel, (exchange) -> {
			assertThat(channel.written()).isEqualTo(GREETING.array());
			requests.add(exchange.request().body().text());
			exchange.reply(PipeReply.of("content"));
		});
		assertThat(requests).containsExactly("a.txt");
		assertThat(ByteBuffer.wrap(channel.written(), 52, 16)).isEqualTo(Pipes.frame("content"));
	}

	@Test
	void everyConnectionHearsTheWholeGreeting() {
		for (int i = 0; i < 3; i++) {
			assertThat(greeting(this.protocol)).isEqualTo(GREETING.array());
		}
	}

	@Test
	void greetingCanBeAnother() {
		assertThat(greeting(new StreamStringProtocol("Hello"))).isEqualTo(Pipes.frame("Hello").array());
	}

	// A client that leaves has no request.
	private static byte[] greeting(StreamStringProtocol protocol) {
		ScriptedChannel channel = new ScriptedChannel();
		Sessions.serve(protocol, channel, (exchange) -> {
			throw new IllegalStateException("There is no request");
		});
		return channel.written();
	}

	@Test
	void serverSendsWhatIsEmptyAsAnEmptyText() {
		assertThat(sent(PipeReply.empty())).containsExactly(0, 0);
	}

	@Test
	void serverDecodesBytesAndStreams() {
		byte[] utf8 = "\u0416".getBytes(StandardCharsets.UTF_8);
		assertThat(sent(PipeReply.of(PipeBody.of(utf8)))).containsExactly(0, 2, 0x16, 4);
		CountingStream stream = new CountingStream(utf8);
		assertThat(sent(content(stream))).containsExactly(0, 2, 0x16, 4);
		assertThat(stream.closes).hasPositiveValue();
	}

	@Test
	void replyThatDoesNotFitIsRefusedAsAWholeAndItsStreamClosed() {
		for (int length : new int[] { 32_768, 500_000 }) {
			CountingStream stream = new CountingStream(new byte[length]);
			assertThat(sent(content(stream))).isEmpty();
			assertThat(stream.closes).hasPositiveValue();
			ExchangeOutcome outcome = this.outcome.get();
			assertThat(outcome.failure()).isNotNull();
			assertThat(outcome.failure().code()).isEqualTo(PipeFailure.Code.TOO_LARGE);
			assertThat(outcome.cause()).isInstanceOf(PipeMessageTooLargeException.class);
		}
	}

	@Test
	void replyThatCannotBeReadIsClosedToo() {
		CountingStream stream = new CountingStream(new byte[0]) {

			@Override
			public synchronized int read(byte[] target, int offset, int length) {
				throw new UncheckedIOException(new IOException("disk on fire"));
			}

		};
		assertThat(sent(content(stream))).isEmpty();
		assertThat(stream.closes).hasPositiveValue();
		assertThat(this.outcome.get().cause()).isInstanceOf(UncheckedIOException.class);
	}

	@Test
	void failureIsAClosedConnectionWithoutAWord() {
		ScriptedChannel channel = new ScriptedChannel(Pipes.frame("x"));
		Sessions.serve(this.protocol, channel,
				(exchange) -> exchange.fail(new PipeFailure(PipeFailure.Code.NOT_FOUND, "no such file")));
		assertThat(channel.isOpen()).isFalse();
		assertThat(channel.written()).isEqualTo(GREETING.array());
	}

	@ParameterizedTest
	@CsvSource({ "0, Greeting the client", "52, Sending the reply" })
	void clientThatTakesNothingIsClosedWhenTheWriteTimeoutIsOver(int taken, String task) {
		WaitingChannel channel = new WaitingChannel(taken, Pipes.frame("x"));
		ServerConnection connection = Sessions.connection(channel,
				ServerTimeouts.DEFAULTS.withWrite(Duration.ofSeconds(1)));
		assertThatExceptionOfType(PipeException.class)
			.isThrownBy(
					() -> this.protocol.serve(connection).run((exchange) -> exchange.reply(PipeReply.of("content"))))
			.satisfies((ex) -> assertThat(connection.translate(ex)).isInstanceOf(PipeTimeoutException.class)
				.hasMessage(task + " took longer than 1000 ms (write-timeout)"));
		assertThat(channel.written()).hasSize(taken);
	}

	@Test
	void clientThatAsksNothingIsClosedWhenTheReadTimeoutIsOver() {
		for (ByteBuffer said : List.of(Pipes.bytes(), Pipes.bytes(0), Pipes.bytes(0, 4, 'a'))) {
			WaitingChannel channel = new WaitingChannel(GREETING.limit(), said);
			ServerConnection connection = Sessions.connection(channel,
					ServerTimeouts.DEFAULTS.withRead(Duration.ofMillis(100)));
			assertThatExceptionOfType(PipeException.class)
				.isThrownBy(() -> this.protocol.serve(connection).run((exchange) -> {
					throw new IllegalStateException("There is no request");
				}))
				.satisfies((ex) -> assertThat(connection.translate(ex)).isInstanceOf(PipeTimeoutException.class)
					.hasMessage("Waiting for a request took longer than 100 ms (read-timeout)"));
		}
	}

	@Test
	void serverThatDoesNotGreetInTimeIsBusy() {
		assertThatExceptionOfType(PipeBusyException.class)
			.isThrownBy(() -> Sessions.open(this.protocol, new WaitingChannel(0), Duration.ofMillis(100), LONG))
			.withMessageContaining("did not greet within 100 ms");
	}

	@Test
	void serverThatHasGreetedHasItsTimeForTheReply() {
		WaitingChannel channel = new WaitingChannel(Integer.MAX_VALUE, GREETING);
		ClientSession session = Sessions.open(this.protocol, channel, Duration.ofSeconds(1), Duration.ofMillis(200));
		// The time for the greeting is over, and does not count any more.
		await().during(Duration.ofMillis(1200)).until(channel::isOpen);
		assertThatExceptionOfType(PipeTimeoutException.class).isThrownBy(() -> session.exchange(PipeRequest.of("x")))
			.withMessageContaining("took longer than 200 ms (request-timeout)");
	}

	@Test
	void connectionThatTheClientClosesWhileItWaitsForTheGreetingIsClosedAndNotBusy() {
		WaitingChannel channel = new WaitingChannel(0);
		CompletableFuture<ClientSession> opened = Background
			.run(() -> Sessions.open(this.protocol, channel, LONG, LONG));
		channel.close();
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> Background.get(opened));
	}

	@Test
	void settingOfTheGreetingMakesTheProtocol() {
		PipeProtocolFactory factory = StreamStringProtocol.factory();
		assertThat(factory.name()).isEqualTo("stream-string").isEqualTo(this.protocol.name());
		assertThat(greeting((StreamStringProtocol) factory.create((name) -> name.equals("greeting") ? "Hello" : null)))
			.isEqualTo(Pipes.frame("Hello").array());
		assertThat(greeting((StreamStringProtocol) factory.create((name) -> null))).isEqualTo(GREETING.array());
	}

	private static PipeReply content(InputStream stream) {
		return PipeReply.of(PipeBody.of(stream, PipeBody.UNKNOWN_LENGTH, "The file"));
	}

	// What follows the greeting.
	private byte[] sent(PipeReply reply) {
		ScriptedChannel channel = new ScriptedChannel(Pipes.frame("x"));
		Sessions.serve(this.protocol, channel, (exchange) -> {
			exchange.setOutcomeListener(this.outcome::set);
			exchange.reply(reply);
		});
		return Arrays.copyOfRange(channel.written(), GREETING.limit(), channel.written().length);
	}

	@Test
	void clientVerifiesTheGreetingBeforeItSaysAnything() {
		ScriptedChannel channel = new ScriptedChannel(GREETING, Pipes.frame("text"));
		assertThat(exchange(channel, "a.txt").body().text()).isEqualTo("text");
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
	void connectionThatEndsWithinAReplyIsReset() {
		ByteBuffer reply = Pipes.frame("text");
		for (int at = 1; at < reply.limit(); at++) {
			ScriptedChannel channel = new ScriptedChannel(GREETING, reply.slice(0, at));
			assertThatExceptionOfType(PipeResetException.class).isThrownBy(() -> exchange(channel, "x"))
				.withMessageContaining("The stream ended within a string");
		}
	}

	@Test
	void nameThatIsTooLongIsRefusedBeforeAnythingIsSent() {
		ScriptedChannel channel = new ScriptedChannel(GREETING);
		assertThatExceptionOfType(PipeMessageTooLargeException.class)
			.isThrownBy(() -> exchange(channel, "x".repeat(32_768)));
		assertThat(channel.written()).isEmpty();
	}

	@Test
	void sessionIsForOneExchange() {
		ScriptedChannel channel = new ScriptedChannel(GREETING, Pipes.frame("text"));
		ClientSession session = Sessions.open(this.protocol, channel);
		assertThat(session.isReusable()).isTrue();
		session.exchange(PipeRequest.of(PipeBody.of("bytes".getBytes(StandardCharsets.UTF_8))));
		assertThat(channel.written()).isEqualTo(Pipes.frame("bytes").array());
		assertThat(session.isReusable()).isFalse();
		assertThat(channel.isOpen()).isFalse();
	}

	private PipeReply exchange(ScriptedChannel channel, String name) {
		return Sessions.open(this.protocol, channel).exchange(PipeRequest.of(name));
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
