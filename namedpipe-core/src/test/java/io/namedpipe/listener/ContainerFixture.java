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

package io.namedpipe.listener;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.LogCapture;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.memory.MemoryPipeTransport;

import static org.awaitility.Awaitility.await;

/**
 * A container on a pipe of its own, its log, and clients that know nothing of the
 * library's protocol code.
 */
final class ContainerFixture implements AutoCloseable {

	static final String GREETING = "I am the one true server!";

	static final Handler ECHO = (context) -> PipeReply.of("echo " + context.request().body().text());

	final String id = Pipes.uniqueName();

	final PipeAddress address = PipeAddress.of(this.id);

	final LogCapture log = LogCapture.of("'" + this.id + "'");

	final PipeTransport transport;

	/** The failures to accept, each of them. */
	final List<PipeException> acceptFailures = new CopyOnWriteArrayList<>();

	private final PipeProtocol protocol;

	private final List<PipeChannel> clients = new ArrayList<>();

	private @Nullable PipeListenerContainer container;

	ContainerFixture(String transport) {
		this(transport.equals("memory") ? new MemoryPipeTransport() : Pipes.systemTransport());
	}

	ContainerFixture(PipeTransport transport) {
		this(transport, new StreamStringProtocol());
	}

	ContainerFixture(PipeTransport transport, PipeProtocol protocol) {
		this.transport = transport;
		this.protocol = protocol;
	}

	PipeContainerSettings.Builder settings() {
		return PipeContainerSettings.of(this.id, this.address, this.protocol).gracePeriod(Duration.ofSeconds(20));
	}

	PipeListenerContainer create(UnaryOperator<PipeContainerSettings.Builder> settings, Handler handler) {
		PipeListenerContainer created = new PipeListenerContainerFactory(List.of(this.transport),
				List.of(new PipeServerListener() {

					@Override
					public void acceptFailed(String pipeId, PipeException cause) {
						ContainerFixture.this.acceptFailures.add(cause);
					}

				}))
			.create(settings.apply(settings()).build(), (exchange) -> exchange.reply(handler.handle(exchange)));
		this.container = created;
		return created;
	}

	PipeListenerContainer start(Handler handler) {
		return start(UnaryOperator.identity(), handler);
	}

	PipeListenerContainer start(UnaryOperator<PipeContainerSettings.Builder> settings, Handler handler) {
		PipeListenerContainer started = create(settings, handler);
		started.start();
		return started;
	}

	/**
	 * A client that has connected, and has not been greeted yet as far as it knows.
	 */
	PipeChannel connect() {
		return connect(Duration.ofSeconds(20));
	}

	PipeChannel connect(Duration timeout) {
		PipeChannel client = this.transport.connect(this.address,
				PipeClientOptions.builder().connectTimeout(timeout).build());
		synchronized (this.clients) {
			this.clients.add(client);
		}
		return client;
	}

	void connectAndLeave() {
		this.transport.connect(this.address, PipeClientOptions.builder().connectTimeout(Duration.ofSeconds(20)).build())
			.close();
	}

	/**
	 * A client that is being served.
	 */
	PipeChannel greeted() {
		PipeChannel client = connect();
		if (!GREETING.equals(Pipes.readFrame(client))) {
			throw new IllegalStateException("No greeting");
		}
		return client;
	}

	/**
	 * Ask, as a client of its own.
	 * @return the reply, {@code null} if the connection was closed without
	 */
	@Nullable String ask(String text) {
		try (PipeChannel client = greeted()) {
			client.write(Pipes.frame(text));
			return Pipes.readFrame(client);
		}
	}

	static boolean isEnded(PipeChannel client) {
		return client.read(ByteBuffer.allocate(1)) < 0;
	}

	/**
	 * The live threads of the container. Virtual threads are not among them.
	 */
	List<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("pipe-" + this.id + "-"))
			.toList();
	}

	/**
	 * Wait until some threads of the container wait for bytes of their clients.
	 * @param where the class and the method in which they wait
	 * @param count the number of threads
	 */
	void awaitReading(String where, int count) {
		await().until(() -> threads().stream().filter((thread) -> isReading(thread, where)).count() == count);
	}

	private static boolean isReading(Thread thread, String where) {
		List<String> frames = Stream.of(thread.getStackTrace())
			.map((frame) -> frame.getClassName() + "." + frame.getMethodName())
			.toList();
		return frames.stream().anyMatch((frame) -> frame.endsWith("." + where))
				&& frames.stream().anyMatch((frame) -> frame.startsWith("io.namedpipe.transport."));
	}

	static void stop(PipeListenerContainer container) throws InterruptedException {
		CountDownLatch stopped = new CountDownLatch(1);
		container.stop(stopped::countDown);
		if (!stopped.await(Background.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
			throw new IllegalStateException("The container does not stop");
		}
	}

	@Override
	public void close() throws Exception {
		synchronized (this.clients) {
			this.clients.forEach(PipeChannel::close);
		}
		if (this.container != null) {
			stop(Objects.requireNonNull(this.container));
		}
		this.transport.close();
		this.log.close();
	}

	/**
	 * A handler that answers at once.
	 */
	@FunctionalInterface
	interface Handler {

		PipeReply handle(PipeExchange exchange) throws Exception;

	}

}
