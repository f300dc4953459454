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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.FakeImpersonation;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.testing.Sessions;
import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeImpersonationException;
import io.namedpipe.transport.PipeResetException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * An exchange ends once, also if several threads answer it.
 */
class PipeExchangeTests {

	private final List<String> events = new ArrayList<>();

	private final FakeImpersonation impersonation = new FakeImpersonation();

	private final ScriptedChannel channel = new ScriptedChannel() {

		@Override
		public Impersonation impersonation() {
			return PipeExchangeTests.this.impersonation;
		}

		@Override
		public void requireOwnIdentity() {
			throw new PipeImpersonationException("made to be another's");
		}

	};

	private final ServerConnection connection = Sessions.connection(this.channel);

	private final Recorder recorder = new Recorder();

	private final PipeExchange exchange = begin(this.recorder);

	private PipeExchange begin(PipeExchange.Responder responder) {
		PipeExchange begun = this.connection.begin(new PipeRequest("route\n", Map.of(), PipeBody.empty()), responder);
		begun.setOutcomeListener((outcome) -> this.events.add("outcome " + describe(outcome)));
		begun.onEnd(() -> this.events.add("end"));
		return begun;
	}

	private static String describe(ExchangeOutcome outcome) {
		if (outcome.isReplied()) {
			return "replied";
		}
		return outcome.isAbandoned() ? "abandoned" : outcome.failure().code().toString();
	}

	@Test
	void replyIsReportedWhenItIsWritten() {
		assertThat(this.exchange.isAnswered()).isFalse();
		assertThat(this.exchange.reply(PipeReply.of("text"))).isTrue();
		assertThat(this.events).containsExactly("reply text", "outcome replied", "end");
		assertThat(this.exchange.isAnswered()).isTrue();
		assertThat(this.connection.exchangesInFlight()).isEmpty();
	}

	@Test
	void failureIsReportedBeforeItIsWritten() {
		assertThat(this.exchange.fail(new PipeFailure(Code.BUSY, "later"))).isTrue();
		assertThat(this.events).containsExactly("outcome BUSY", "fail later", "end");
	}

	@Test
	void firstAnswerIsTheOnlyOne() {
		this.exchange.fail(new PipeFailure(Code.BUSY, "later"));
		List<String> before = List.copyOf(this.events);
		assertThat(this.exchange.reply(PipeReply.empty())).isFalse();
		assertThat(this.exchange.fail(new PipeFailure(Code.INTERNAL, "again"))).isFalse();
		assertThat(this.exchange.fail(new IOException("again"))).isFalse();
		assertThat(this.exchange.abandon(new IOException("again"))).isFalse();
		assertThat(this.events).isEqualTo(before);
	}

	@Test
	void threadThatAnswersIsKnown() {
		assertThat(this.exchange.isAnsweredBy(Thread.currentThread())).isFalse();
		this.exchange.fail(new PipeFailure(Code.BUSY, "later"));
		assertThat(this.exchange.isAnsweredBy(Thread.currentThread())).isTrue();
		assertThat(this.exchange.isAnsweredBy(new Thread())).isFalse();
	}

	@Test
	void exchangeThatIsDeferredWhenItsClientHasLeftIsAbandoned() {
		this.connection.clientHasLeft();
		assertThat(this.events).isEmpty();
		this.exchange.defer();
		assertThat(this.events).containsExactly("outcome abandoned", "end");
	}

	@Test
	void exchangeThatBeginsWhenItsClientHasLeftKnowsIt() {
		this.connection.clientHasLeft();
		assertThat(begin(this.recorder).isClientGone()).isTrue();
	}

	@Test
	void exchangeWithTheChannelIsNotAbandonedWhenItsClientHasLeft() {
		AtomicReference<PipeExchange> raw = new AtomicReference<>();
		this.connection.exchange((handled) -> {
			raw.set(handled);
			handled.defer();
			this.connection.clientHasLeft();
			assertThat(handled.isClientGone()).isTrue();
			assertThat(handled.reply(PipeReply.empty())).isTrue();
		}, PipeRequest.of("x"), this.channel, this.recorder);
		assertThat(raw.get().isAnswered()).isTrue();
	}

	@Test
	void bodyOfAReplyIsClosedAlsoIfItIsNotSent() {
		AtomicInteger closes = new AtomicInteger();
		PipeExchange other = begin(this.recorder);
		other.reply(PipeReply.of(body(closes)));
		assertThat(closes).hasValue(1);
		other.reply(PipeReply.of(body(closes)));
		assertThat(closes).hasValue(2);
	}

	private static PipeBody body(AtomicInteger closes) {
		return PipeBody.of(new ByteArrayInputStream(new byte[1]) {

			@Override
			public void close() {
				closes.incrementAndGet();
			}

		}, 1, "The file");
	}

	@Test
	void replyThatCannotBeWrittenIsAFailure() {
		this.recorder.onReply = new IOException("cannot be read");
		assertThat(this.exchange.reply(PipeReply.empty())).isTrue();
		assertThat(this.events).containsExactly("outcome INTERNAL", "fail the server failed to handle the request",
				"end");
	}

	@Test
	void replyOnAConnectionThatHasEndedIsAbandoned() {
		this.recorder.onReply = new PipeResetException("gone");
		this.exchange.reply(PipeReply.empty());
		assertThat(this.events).containsExactly("outcome abandoned", "end");
	}

	@Test
	void replyThatBreaksOffSaysWhy() {
		IOException cause = new IOException("disk");
		this.recorder.onReply = cause;
		this.channel.close();
		this.exchange.reply(PipeReply.empty());
		assertThat(this.events).containsExactly("outcome abandoned", "end");
		assertThat(this.exchange.await(Duration.ZERO).cause()).isExactlyInstanceOf(PipeException.class)
			.hasMessage("The reply broke off: java.io.IOException: disk")
			.hasCause(cause);
		PipeException own = new PipeException("too long");
		this.recorder.onReply = own;
		PipeExchange other = begin(this.recorder);
		other.reply(PipeReply.empty());
		assertThat(other.await(Duration.ZERO).cause()).isSameAs(own);
	}

	@Test
	void failureThatIsThrownIsTold() {
		assertThat(this.exchange.fail(new PipeRequestException(Code.NOT_FOUND, "none"))).isTrue();
		assertThat(this.events).containsExactly("outcome NOT_FOUND", "fail none", "end");
	}

	@Test
	void failureOnAClosedConnectionIsAbandoned() {
		this.channel.close();
		assertThat(this.exchange.fail(new IOException("late"))).isTrue();
		assertThat(this.events).containsExactly("outcome abandoned", "end");
		assertThat(this.exchange.isClientGone()).isTrue();
	}

	// A handler may be the client of another pipe.
	@Test
	void resetOfAnotherPipeIsAFailureAndOneOfTheHandlersOwnChannelIsNot() {
		this.exchange.fail(new PipeResetException("another pipe"));
		assertThat(this.events).containsExactly("outcome INTERNAL", "fail the server failed to handle the request",
				"end");
		this.events.clear();
		assertThatExceptionOfType(PipeResetException.class).isThrownBy(
				() -> this.connection.exchange((exchange) -> exchange.fail(new PipeResetException("the client")),
						PipeRequest.of(""), this.channel, this.recorder));
		assertThat(this.events).isEmpty();
	}

	@Test
	void otherFailureOfAHandlerWithTheChannelIsTold() {
		this.connection.exchange((exchange) -> {
			assertThat(exchange.channel()).isSameAs(this.channel);
			exchange.fail(new IOException("other"));
		}, PipeRequest.of(""), this.channel, this.recorder);
		assertThat(this.events).containsExactly("fail the server failed to handle the request");
	}

	@Test
	void failureThatCannotBeWrittenEndsTheExchangeAsAbandoned() {
		this.recorder.onFail = new PipeException("cannot be written");
		CompletableFuture<ExchangeOutcome> outcome = Background.run(() -> this.exchange.await(Duration.ZERO));
		this.exchange.fail(new PipeFailure(Code.BUSY, "later"));
		assertThat(outcome.join().isAbandoned()).isTrue();
		assertThat(outcome.join().cause()).isSameAs(this.recorder.onFail);
		assertThat(this.events).containsExactly("outcome BUSY", "end");
	}

	@Test
	void exchangeEndsWithoutAListenerToo() {
		PipeExchange plain = this.connection.begin(PipeRequest.of(""), this.recorder);
		assertThat(plain.reply(PipeReply.of("text"))).isTrue();
		assertThat(this.events).containsExactly("reply text");
	}

	@Test
	void abandonedExchangeHasItsCause() {
		IOException cause = new IOException("given up");
		assertThat(this.exchange.abandon(cause)).isTrue();
		assertThat(this.exchange.await(Duration.ZERO).cause()).isSameAs(cause);
		assertThat(this.events).containsExactly("outcome abandoned", "end");
	}

	@Test
	void exchangeThatTakesTooLongFails() {
		ExchangeOutcome outcome = this.exchange.await(Duration.ofMillis(20));
		assertThat(outcome.failure())
			.isEqualTo(new PipeFailure(Code.TIMEOUT, "the request was not handled within 20 ms"));
		assertThat(this.events).containsExactly("outcome TIMEOUT", "fail the request was not handled within 20 ms",
				"end");
	}

	// The answer is being written: the time limit of the request is kept.
	@Test
	void answerThatIsBeingWrittenIsWaitedFor() throws Exception {
		CompletableFuture<Void> written = new CompletableFuture<>();
		this.recorder.whileReplying = written;
		CompletableFuture<Boolean> replied = Background.run(() -> this.exchange.reply(PipeReply.of("text")));
		await().until(this.exchange::isAnswered);
		CompletableFuture<ExchangeOutcome> outcome = Background.run(() -> this.exchange.await(Duration.ofMillis(1)));
		assertThat(outcome).isNotDone();
		written.complete(null);
		assertThat(Background.get(replied)).isTrue();
		assertThat(Background.get(outcome).isReplied()).isTrue();
	}

	@Test
	void interruptOfTheWaitingThreadAbandonsTheExchange() {
		Thread.currentThread().interrupt();
		ExchangeOutcome outcome = this.exchange.await(Duration.ZERO);
		assertThat(Thread.interrupted()).isFalse();
		assertThat(outcome.isAbandoned()).isTrue();
		assertThat(outcome.cause()).isInstanceOf(PipeClosedException.class);
	}

	@Test
	void clientThatLeavesIsToldAndEndsWhatIsAnsweredLater() {
		PipeExchange later = begin(this.recorder);
		assertThat(later.isDeferred()).isFalse();
		later.defer();
		assertThat(later.isDeferred()).isTrue();
		this.exchange.onClientGone(() -> this.events.add("gone"));
		assertThat(this.exchange.isClientGone()).isFalse();
		this.connection.clientHasLeft();
		assertThat(this.exchange.isClientGone()).isTrue();
		assertThat(this.events).containsExactlyInAnyOrder("gone", "outcome abandoned", "end");
		assertThat(later.await(Duration.ZERO).cause()).isInstanceOf(PipeResetException.class);
	}

	@Test
	void exchangeKnowsItsConnection() {
		assertThat(this.exchange.pipeId()).isEqualTo("test");
		assertThat(this.exchange.peer()).isEqualTo(this.channel.peer());
		assertThat(this.exchange.channel()).isNull();
		assertThat(this.exchange.impersonation()).isSameAs(this.impersonation);
		assertThat(this.exchange.request().route()).isEqualTo("route\n");
		assertThat(this.exchange).hasToString("PipeExchange[pipe 'test', route 'route\\u000A']");
		this.exchange.attributes().put("name", "value");
		assertThat(this.exchange.attributes()).containsEntry("name", "value");
		assertThat(this.exchange.isServerStopping()).isFalse();
		this.connection.stop();
		assertThat(this.exchange.isServerStopping()).isTrue();
	}

	@Test
	void identityOfTheThreadIsAskedOfTheChannel() {
		assertThatExceptionOfType(PipeImpersonationException.class).isThrownBy(this.exchange::requireOwnIdentity);
	}

	@Test
	void durationIsTheTimeSinceTheBegin() {
		long before = System.nanoTime();
		PipeExchange begun = begin(this.recorder);
		await().until(() -> begun.duration().toMillis() >= 2);
		assertThat(begun.duration().toNanos()).isLessThanOrEqualTo(System.nanoTime() - before);
	}

	private final class Recorder implements PipeExchange.Responder {

		private Exception onReply;

		private RuntimeException onFail;

		private CompletableFuture<Void> whileReplying = CompletableFuture.completedFuture(null);

		@Override
		public void reply(PipeReply reply) throws IOException {
			this.whileReplying.join();
			if (this.onReply instanceof IOException ex) {
				throw ex;
			}
			if (this.onReply instanceof RuntimeException ex) {
				throw ex;
			}
			PipeExchangeTests.this.events.add("reply " + reply.body().text());
		}

		@Override
		public void fail(PipeFailure failure) {
			if (this.onFail != null) {
				throw this.onFail;
			}
			PipeExchangeTests.this.events.add("fail " + failure.message());
		}

	}

}
