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

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.namedpipe.testing.Pipes;
import io.namedpipe.testing.ScriptedChannel;
import io.namedpipe.testing.Sessions;
import io.namedpipe.testing.WaitingChannel;
import io.namedpipe.transport.OpenedFile;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeTimeoutException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * When a connection is idle, when it may be closed, and its time limits.
 */
class ServerConnectionTests {

	private static final Duration SHORT = Duration.ofMillis(50);

	/** A time limit that no task exceeds, even on a busy machine. */
	private static final Duration AMPLE = Duration.ofSeconds(2);

	private static final PipeExchange.Responder SILENT = new PipeExchange.Responder() {

		@Override
		public void reply(PipeReply reply) {
		}

		@Override
		public void fail(PipeFailure failure) {
		}

	};

	private final ScriptedChannel channel = new ScriptedChannel();

	private final ServerConnection connection = Sessions.connection(this.channel);

	@Test
	void connectionThatIsIdleIsClosedAndBeginsNothingMore() {
		assertThat(this.connection.closeIfIdle(Duration.ofHours(1))).isFalse();
		assertThat(this.channel.isOpen()).isTrue();
		assertThat(this.connection.closeIfIdle(Duration.ZERO)).isTrue();
		assertThat(this.channel.isOpen()).isFalse();
		assertThatExceptionOfType(PipeClosedException.class)
			.isThrownBy(() -> this.connection.begin(PipeRequest.of(""), SILENT));
		assertThatExceptionOfType(PipeClosedException.class).isThrownBy(this.connection::requestArrives);
		assertThat(this.connection.closeIfIdle(Duration.ZERO)).isFalse();
	}

	@Test
	void connectionIsNotIdleWhileAnExchangeIsInFlight() {
		PipeExchange first = this.connection.begin(PipeRequest.of(""), SILENT);
		PipeExchange second = this.connection.begin(PipeRequest.of(""), SILENT);
		assertThat(this.connection.exchangesInFlight()).containsExactlyInAnyOrder(first, second);
		first.reply(PipeReply.empty());
		assertThat(this.connection.closeIfIdle(Duration.ZERO)).isFalse();
		assertThat(this.connection.idleTime()).isZero();
		second.reply(PipeReply.empty());
		assertThat(this.connection.exchangesInFlight()).isEmpty();
		assertThat(this.connection.exchangeCount()).isEqualTo(2);
		await().until(() -> this.connection.idleTime().toMillis() > 0);
		assertThat(this.connection.closeIfIdle(Duration.ZERO)).isTrue();
	}

	@Test
	void idleTimeBeginsAgainWithTheEndOfEachExchange() {
		await().until(() -> this.connection.idleTime().toMillis() >= 20);
		long before = System.nanoTime();
		this.connection.begin(PipeRequest.of(""), SILENT).reply(PipeReply.empty());
		assertThat(this.connection.idleTime().toNanos()).isLessThanOrEqualTo(System.nanoTime() - before);
	}

	@Test
	void requestThatArrivesIsInFlightAndCountedOnce() {
		this.connection.requestArrives();
		this.connection.requestArrives();
		assertThat(this.connection.closeIfIdle(Duration.ZERO)).isFalse();
		this.connection.begin(PipeRequest.of(""), SILENT).reply(PipeReply.empty());
		assertThat(this.connection.closeIfIdle(Duration.ZERO)).isTrue();
	}

	@Test
	void eachRequestThatArrivesIsInFlight() {
		for (int i = 0; i < 2; i++) {
			this.connection.requestArrives();
			assertThat(this.connection.closeIfIdle(Duration.ZERO)).isFalse();
			this.connection.begin(PipeRequest.of(""), SILENT).reply(PipeReply.empty());
		}
		assertThat(this.connection.closeIfIdle(Duration.ZERO)).isTrue();
	}

	@Test
	void connectionIsIdleWhileARequestIsAwaited() {
		PipeExchange exchange = this.connection.begin(PipeRequest.of(""), SILENT);
		AtomicInteger arrivals = new AtomicInteger();
		this.connection.setArrivalListener(arrivals::incrementAndGet);
		boolean idle = this.connection.awaitRequest(() -> {
			assertThat(arrivals).hasValue(0);
			return !this.connection.idleTime().isZero();
		});
		assertThat(idle).isTrue();
		assertThat(arrivals).hasValue(1);
		assertThat(this.connection.closeIfIdle(Duration.ZERO)).isFalse();
		exchange.reply(PipeReply.empty());
		assertThat(this.connection.closeIfIdle(Duration.ZERO)).isTrue();
	}

	@Test
	void requestThatIsAwaitedCanBeClosed() {
		this.connection.begin(PipeRequest.of(""), SILENT);
		assertThat(this.connection.<Boolean>awaitRequest(() -> this.connection.closeIfIdle(Duration.ZERO))).isTrue();
		assertThat(this.connection.closeIfIdle(Duration.ZERO)).isFalse();
		assertThat(this.connection.idleTime()).isZero();
	}

	@Test
	void requestIsAwaitedWithoutAListenerAndNotOnAConnectionThatStops() {
		this.connection.begin(PipeRequest.of(""), SILENT);
		assertThat(this.connection.awaitRequest(this.channel::isOpen)).isTrue();
		this.connection.stop();
		assertThat(this.connection.isStopping()).isTrue();
		assertThat(this.connection.awaitRequest(this.channel::isOpen)).isFalse();
	}

	@Test
	void failureWhileARequestIsAwaitedLeavesItInFlight() {
		this.connection.begin(PipeRequest.of(""), SILENT);
		assertThatExceptionOfType(PipeException.class).isThrownBy(() -> this.connection.awaitRequest(() -> {
			throw new PipeException("reset");
		}));
		assertThat(this.connection.closeIfIdle(Duration.ZERO)).isFalse();
	}

	@Test
	void exceptionOfTheHandlerFailsTheExchange() {
		List<PipeFailure> failures = new ArrayList<>();
		this.connection.exchange((exchange) -> {
			throw new IOException("handler");
		}, PipeRequest.of(""), new PipeExchange.Responder() {

			@Override
			public void reply(PipeReply reply) {
			}

			@Override
			public void fail(PipeFailure failure) {
				failures.add(failure);
			}

		});
		assertThat(failures).extracting(PipeFailure::code).containsExactly(PipeFailure.Code.INTERNAL);
	}

	@Test
	void exchangeThatIsAbandonedEndsTheSession() {
		PipeClosedException own = new PipeClosedException("closed");
		assertThatExceptionOfType(PipeClosedException.class)
			.isThrownBy(() -> this.connection.exchange((exchange) -> exchange.abandon(own), PipeRequest.of(""), SILENT))
			.isSameAs(own);
		IOException other = new IOException("other");
		assertThatExceptionOfType(PipeException.class)
			.isThrownBy(
					() -> this.connection.exchange((exchange) -> exchange.abandon(other), PipeRequest.of(""), SILENT))
			.withCause(other);
	}

	@Test
	void handlerHasTheRequestTimeoutAndTheSessionGoesOnWithoutIt() {
		ServerConnection limited = limited((timeouts) -> timeouts.withRequest(SHORT));
		assertThat(messageOfTimeout(limited, () -> limited.exchange((exchange) -> {
			await().until(limited.deadline()::isExpired);
			exchange.reply(PipeReply.empty());
		}, PipeRequest.of(""), SILENT))).isEqualTo("Handling the request took longer than 50 ms (request-timeout)");
		ServerConnection other = limited((timeouts) -> timeouts.withRequest(AMPLE));
		other.exchange((exchange) -> exchange.reply(PipeReply.empty()), PipeRequest.of(""), SILENT);
		assertStaysWithinItsTime(other);
	}

	private static void assertStaysWithinItsTime(ServerConnection... connections) {
		await().during(AMPLE.plus(SHORT))
			.until(() -> Stream.of(connections).noneMatch((each) -> each.deadline().isExpired()));
	}

	@Test
	void totalTimeoutIsFromTheFirstByteToTheEndOfTheExchange() {
		ServerConnection arriving = limited((timeouts) -> timeouts.withTotal(SHORT));
		arriving.requestArrives();
		assertThat(messageOfTimeout(arriving, () -> await().until(arriving.deadline()::isExpired)))
			.isEqualTo("The request took longer than 50 ms (total-timeout)");
		ServerConnection handled = limited((timeouts) -> timeouts.withTotal(SHORT));
		assertThat(messageOfTimeout(handled, () -> handled.exchange((exchange) -> {
			await().until(handled.deadline()::isExpired);
			exchange.reply(PipeReply.empty());
		}, PipeRequest.of(""), SILENT))).isEqualTo("The request took longer than 50 ms (total-timeout)");
		ServerConnection done = limited((timeouts) -> timeouts.withTotal(AMPLE));
		done.exchange((exchange) -> exchange.reply(PipeReply.empty()), PipeRequest.of(""), SILENT);
		ServerConnection concurrent = limited((timeouts) -> timeouts.withTotal(AMPLE));
		concurrent.requestArrives();
		concurrent.begin(PipeRequest.of(""), SILENT);
		assertStaysWithinItsTime(done, concurrent);
	}

	// From its first byte on, and not from the moment on at which it is handled.
	@Test
	void totalTimeoutIsNotPutOffByTheBeginOfTheExchange() {
		ServerConnection limited = limited((timeouts) -> timeouts.withTotal(Duration.ofSeconds(2)));
		long before = System.nanoTime();
		limited.requestArrives();
		await().until(() -> System.nanoTime() - before > Duration.ofMillis(1600).toNanos());
		messageOfTimeout(limited, () -> limited.exchange((exchange) -> {
			await().pollInterval(Duration.ofMillis(2)).until(limited.deadline()::isExpired);
			exchange.reply(PipeReply.empty());
		}, PipeRequest.of(""), SILENT));
		assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(3600));
	}

	@Test
	void clientHasTheWriteTimeoutToTakeABuffer() {
		WaitingChannel silent = new WaitingChannel(0);
		ServerConnection limited = Sessions.connection(silent, ServerTimeouts.DEFAULTS.withWrite(SHORT));
		assertThat(messageOfTimeout(limited, () -> limited.write("Writing", Pipes.bytes(1, 2))))
			.isEqualTo("Writing took longer than 50 ms (write-timeout)");
	}

	@Test
	void fileIsWrittenByTheChannelUnlessItsProgressMustBeSeen() throws Exception {
		ScriptedChannel files = new ScriptedChannel() {

			@Override
			public long write(OpenedFile file, long count) {
				return count / 2;
			}

		};
		OpenedFile file = null;
		assertThat(Sessions.connection(files, ServerTimeouts.DEFAULTS).write("Writing", file, 100)).isEqualTo(50);
		assertThat(Sessions.connection(files, ServerTimeouts.DEFAULTS.withWrite(Duration.ofSeconds(9)))
			.write("Writing", file, 100)).isEqualTo(-1);
	}

	@Test
	void clientHasTheWriteTimeoutToTakeAPartOfAFile() throws Exception {
		ServerConnection limited = Sessions.connection(new ScriptedChannel() {

			@Override
			public long write(OpenedFile file, long count) {
				return count;
			}

		}, ServerTimeouts.DEFAULTS.withWrite(Duration.ofSeconds(10)));
		limited.deadline().arm("Before", AMPLE, "read-timeout");
		OpenedFile file = null;
		limited.write("Writing", file, 1);
		assertStaysWithinItsTime(limited);
	}

	@Test
	void progressChannelStartsTheTimeLimitAgain() {
		ScriptedChannel pieces = ScriptedChannel.byteByByte(ByteBuffer.allocate(22));
		ServerConnection limited = Sessions.connection(pieces, ServerTimeouts.DEFAULTS.withRequest(SHORT));
		limited.deadline().arm("Reading", Duration.ofSeconds(2), "read-timeout");
		for (int i = 0; i < 22; i++) {
			long before = System.nanoTime();
			limited.progressChannel().read(ByteBuffer.allocate(1));
			await().pollInterval(Duration.ofMillis(5)).until(() -> System.nanoTime() - before > 100_000_000);
		}
		assertThat(limited.deadline().isExpired()).isFalse();
	}

	@Test
	void failureIsATimeoutOnlyIfTheTimeIsOver() {
		PipeException failure = new PipeException("closed");
		assertThat(this.connection.translate(failure)).isSameAs(failure);
	}

	@Test
	void answerToATimeoutIsTheSessions() {
		assertThat(this.connection.timeoutAnswer()).isNull();
		Runnable answer = () -> {
		};
		this.connection.setTimeoutAnswer(answer);
		assertThat(this.connection.timeoutAnswer()).isSameAs(answer);
	}

	@ParameterizedTest
	@ValueSource(strings = { "read", "write", "request", "idle", "total" })
	void timeLimitIsNotNegative(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> timeouts(name, Duration.ofNanos(-1)))
			.withMessage("'%s' must not be negative", name);
		assertThat(timeouts(name, Duration.ZERO))
			.hasToString("ServerTimeouts[read=%s, write=%s, request=%s, idle=%s, total=%s]"
				.formatted(List.of("read", "write", "request", "idle", "total")
					.stream()
					.map((each) -> each.equals(name) ? Duration.ZERO : Duration.ofHours(1))
					.toArray()));
	}

	private static ServerTimeouts timeouts(String name, Duration value) {
		Duration hour = Duration.ofHours(1);
		ServerTimeouts all = new ServerTimeouts(hour, hour, hour, hour, hour);
		return switch (name) {
			case "read" -> all.withRead(value);
			case "write" -> all.withWrite(value);
			case "request" -> all.withRequest(value);
			case "idle" -> all.withIdle(value);
			default -> all.withTotal(value);
		};
	}

	private static ServerConnection limited(UnaryOperator<ServerTimeouts> timeouts) {
		Duration none = Duration.ZERO;
		return Sessions.connection(new ScriptedChannel(),
				timeouts.apply(new ServerTimeouts(none, none, none, none, none)));
	}

	private static String messageOfTimeout(ServerConnection connection, Runnable body) {
		PipeException failure = new PipeException("closed");
		try {
			body.run();
		}
		catch (PipeException ex) {
			failure = ex;
		}
		PipeException translated = connection.translate(failure);
		assertThat(translated).isInstanceOf(PipeTimeoutException.class).hasCause(failure);
		assertThat(connection.channel().isOpen()).isFalse();
		return translated.getMessage();
	}

}
