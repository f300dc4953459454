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

package io.namedpipe.test.contract;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.client.PipeTemplate;
import io.namedpipe.listener.PipeContainerSettings;
import io.namedpipe.listener.PipeListenerContainer;
import io.namedpipe.listener.PipeListenerContainerFactory;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.PipeRequestException;
import io.namedpipe.test.contract.RecordingChannel.Step;
import io.namedpipe.transport.DelegatingPipeChannel;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.memory.MemoryPipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The contract of every protocol with requests and replies: answers and failures arrive;
 * input that is cut, damaged or too large ends the session before memory is taken for it,
 * and a session throws nothing but a {@link PipeException}. For authors of protocols, who
 * extend this class. Needs a client session; runs in memory.
 *
 * @since 0.1.0
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ProtocolContract {

	private static final long MAX_ALLOCATED_BYTES = 1024 * 1024;

	private final PipeProtocol protocol;

	private final MemoryPipeTransport transport = new MemoryPipeTransport();

	private final PipeAddress address = PipeAddress.of("contract");

	private final ProtocolSessions sessions;

	private PipeListenerContainer container;

	private PipeTemplate template;

	protected ProtocolContract(PipeProtocol protocol) {
		this.protocol = protocol;
		this.sessions = new ProtocolSessions(protocol);
	}

	/**
	 * A request of this protocol. It has no route and no headers, unless this is
	 * overridden.
	 * @param text the body
	 * @return the request
	 */
	protected PipeRequest request(String text) {
		return PipeRequest.of(text);
	}

	/**
	 * The first bytes of a client that announces as large a request as the format of the
	 * protocol can express.
	 * @return the bytes, up to where the content would begin
	 */
	protected abstract byte[] largestAnnouncement();

	@AfterEach
	void closeEverything() throws Exception {
		if (this.container != null) {
			stop();
			this.template.close();
		}
		this.transport.close();
		this.sessions.close();
	}

	@Test
	void repliesArrive() throws Exception {
		start(this.sessions::echo);
		for (String text : List.of("text", "", "\u0416\ud83d\ude00", "x".repeat(1000))) {
			assertThat(ask(text)).isEqualTo("echo " + text);
		}
		assertThat(this.sessions.handled()).hasSize(4);
	}

	@Test
	void failuresArriveAndTheNextRequestIsAnswered() throws Exception {
		start((exchange) -> {
			if (ProtocolSessions.text(exchange.request().body()).equals("missing")) {
				throw new PipeRequestException(Code.NOT_FOUND, "there is none");
			}
			exchange.reply(PipeReply.of("fine"));
		});
		assertThatExceptionOfType(PipeException.class).isThrownBy(() -> ask("missing")).satisfies((ex) -> {
			if (ex instanceof PipeRequestException failure) {
				assertThat(failure.getCode()).isEqualTo(Code.NOT_FOUND);
			}
		});
		assertThat(ask("next")).isEqualTo("fine");
	}

	@Test
	void messageOfAnUnexpectedExceptionStaysInTheServer() {
		AtomicInteger thrown = new AtomicInteger();
		start((exchange) -> {
			thrown.incrementAndGet();
			throw new IllegalStateException("secret of the server");
		});
		assertThatExceptionOfType(PipeException.class).isThrownBy(() -> ask("x"))
			.satisfies((ex) -> assertThat(stackTrace(ex)).doesNotContain("secret of the server"));
		assertThat(thrown).as("the handler was called").hasPositiveValue();
	}

	@Test
	void replyThatFailsHalfWayNeverLooksComplete() {
		FailingStream reply = new FailingStream();
		start((exchange) -> exchange.reply(PipeReply.of(PipeBody.of(reply, PipeBody.UNKNOWN_LENGTH, "The reply"))));
		assertThatThrownBy(() -> ask("x")).isInstanceOfAny(PipeException.class, IOException.class);
		assertThat(reply.count).as("bytes of the reply that were read").isPositive();
	}

	@Test
	void connectionWithoutARequestDoesNotDelayAStop() throws Exception {
		start(this.sessions::echo);
		try (PipeChannel silent = connect(); ClientSession session = this.sessions.open(connect())) {
			assertThat(ProtocolSessions.text(session.exchange(request("x")).body())).isEqualTo("echo x");
			stop();
			assertThat(silent).isNotNull();
		}
	}

	@Test
	void endOfTheStreamBeforeARequestEndsTheSession() throws Exception {
		byte[] request = requestBytes();
		assertThatCode(() -> this.sessions.serve(this.sessions.input(new byte[0]))).doesNotThrowAnyException();
		assertThat(this.sessions.handled()).isEmpty();
		requireStillServed(request);
	}

	@Test
	void requestInSinglePiecesIsHandledOnce() throws Exception {
		byte[] bytes = requestBytes();
		this.sessions.serve(new DelegatingPipeChannel(this.sessions.input(bytes)) {

			@Override
			public int read(ByteBuffer destination) {
				ByteBuffer one = destination.slice(destination.position(), Math.min(1, destination.remaining()));
				int count = super.read(one);
				destination.position(destination.position() + one.position());
				return count;
			}

		});
		assertThat(this.sessions.handled()).containsExactly("request");
	}

	@Test
	void requestThatIsCutIsNeverHandled() throws Exception {
		byte[] bytes = requestBytes();
		for (int length = 0; length < bytes.length; length++) {
			feed(Arrays.copyOf(bytes, length));
			assertThat(this.sessions.handled()).as("after %d of %d bytes", length, bytes.length).isEmpty();
		}
		feed(bytes);
		assertThat(this.sessions.handled()).containsExactly("request");
	}

	@Test
	void replyThatIsCutIsNeverTaken() throws Exception {
		List<Step> steps = this.sessions.record(request("request"));
		int total = steps.stream().filter(Step::fromServer).mapToInt((step) -> step.bytes().length).sum();
		for (int length = 0; length < total; length++) {
			PipeChannel channel = this.sessions.replay(steps, length);
			assertThatThrownBy(() -> this.sessions.exchange(channel, request("request")))
				.as("after %d of %d bytes", length, total)
				.isInstanceOfAny(PipeException.class, IOException.class);
		}
		assertThat(this.sessions.exchange(this.sessions.replay(steps, total), request("request")))
			.isEqualTo("echo request");
	}

	@Test
	void damagedRequestsEndTheSessionInOrder() throws Exception {
		byte[] bytes = requestBytes();
		for (int i = 0; i < bytes.length; i++) {
			for (int mask : new int[] { 0x01, 0x80, 0xff }) {
				byte[] damaged = bytes.clone();
				damaged[i] ^= (byte) mask;
				feed(damaged);
				assertThat(this.sessions.handled()).as("requests in one that is damaged at %d", i)
					.hasSizeLessThanOrEqualTo(1);
				this.sessions.handled().clear();
			}
		}
		requireStillServed(bytes);
	}

	@Test
	void nonsenseEndsTheSessionInOrder() throws Exception {
		byte[] request = requestBytes();
		Random random = new Random(20260101);
		for (int i = 0; i < 500; i++) {
			byte[] bytes = new byte[random.nextInt(100)];
			random.nextBytes(bytes);
			feed(bytes);
		}
		this.sessions.handled().clear();
		requireStillServed(request);
	}

	@Test
	void announcementOfALargeRequestTakesNoMemory() throws Exception {
		byte[] request = requestBytes();
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long least = Long.MAX_VALUE;
		// What the first run allocates is also what the JVM needs to load classes.
		for (int i = 0; i < 3; i++) {
			PipeChannel input = this.sessions.input(largestAnnouncement());
			long before = threads.getCurrentThreadAllocatedBytes();
			tryServe(input);
			least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
		}
		assertThat(this.sessions.handled()).isEmpty();
		assertThat(least).isLessThan(MAX_ALLOCATED_BYTES);
		requireStillServed(request);
	}

	// Otherwise a session that refuses everything would do.
	private void requireStillServed(byte[] request) {
		feed(request);
		assertThat(this.sessions.handled()).as("a request that is not damaged").containsExactly("request");
	}

	private void start(ExchangeHandler handler) {
		PipeContainerSettings settings = PipeContainerSettings.of("contract", this.address, this.protocol)
			.gracePeriod(Duration.ofMinutes(5))
			.build();
		this.container = new PipeListenerContainerFactory(List.of(this.transport), List.of()).create(settings, handler);
		this.container.start();
		this.template = PipeTemplate.builder(this.transport).address(this.address).protocol(this.protocol).build();
	}

	private void stop() throws InterruptedException {
		CountDownLatch stopped = new CountDownLatch(1);
		this.container.stop(stopped::countDown);
		assertThat(stopped.await(ProtocolSessions.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
	}

	private String ask(String text) throws IOException {
		return ProtocolSessions.text(this.template.exchange(request(text)).body());
	}

	private PipeChannel connect() {
		return this.transport.connect(this.address, PipeClientOptions.defaults());
	}

	private void feed(byte[] bytes) {
		tryServe(this.sessions.input(bytes));
	}

	// A session may refuse its input with a PipeException, and with nothing else.
	private void tryServe(PipeChannel channel) {
		try {
			this.sessions.serve(channel);
		}
		catch (PipeException ex) {
			assertThat(ex).hasMessageMatching("(?s).+");
		}
	}

	private byte[] requestBytes() throws Exception {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		this.sessions.record(request("request"))
			.stream()
			.filter((step) -> !step.fromServer())
			.forEach((step) -> bytes.writeBytes(step.bytes()));
		assertThat(this.sessions.handled().remove()).isEqualTo("request");
		return bytes.toByteArray();
	}

	private static String stackTrace(Throwable thrown) {
		StringWriter text = new StringWriter();
		thrown.printStackTrace(new PrintWriter(text));
		return text.toString();
	}

	/**
	 * Fails after more bytes than a protocol should send ahead.
	 */
	private static final class FailingStream extends InputStream {

		private volatile int count;

		@Override
		public int read() throws IOException {
			if (this.count++ == 200_000) {
				throw new IOException("the disk is broken");
			}
			return 'x';
		}

		@Override
		public int read(byte[] target, int offset, int length) throws IOException {
			target[offset] = (byte) read();
			return 1;
		}

	}

}
