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

package io.namedpipe.protocol.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.namedpipe.deadline.Deadlines;
import io.namedpipe.listener.PipeContainerSettings;
import io.namedpipe.listener.PipeListenerContainer;
import io.namedpipe.listener.PipeListenerContainerFactory;
import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.PipeRequestException;
import io.namedpipe.protocol.ServerTimeouts;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.LogCapture;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.memory.MemoryPipeTransport;

/**
 * A container that serves some routes over HTTP.
 */
final class HttpContainer implements AutoCloseable {

	/** More than any buffer on the way. */
	static final int LARGE = 8 * 1024 * 1024;

	final String id = Pipes.uniqueName();

	final PipeTransport transport;

	final PipeAddress address;

	final Deadlines deadlines;

	final PipeListenerContainer container;

	HttpContainer(PipeTransport transport, PipeAddress address, ServerTimeouts timeouts) {
		this.transport = transport;
		this.address = address;
		this.deadlines = new Deadlines("test-" + address);
		this.container = new PipeListenerContainerFactory(List.of(transport), List.of())
			.create(PipeContainerSettings.of(this.id, address, new HttpProtocol())
				.timeouts(timeouts)
				.maxConnections(100)
				.gracePeriod(Duration.ofSeconds(20))
				.build(), HttpContainer::handle);
		this.container.start();
	}

	private static void handle(PipeExchange exchange) throws Exception {
		PipeRequest request = exchange.request();
		switch (request.route()) {
			case "echo" -> exchange.reply(PipeReply.of(PipeBody.of(request.body().stream(), -1, "The echo")));
			case "text" -> exchange.reply(PipeReply.of(new String(request.body().bytes(1000), StandardCharsets.UTF_8)));
			case "query" -> exchange.reply(PipeReply
				.of(request.headers().get(HttpProtocol.METHOD) + " " + request.headers().get(HttpProtocol.QUERY)));
			case "count" -> exchange.reply(
					PipeReply.of(String.valueOf(request.body().stream().transferTo(OutputStream.nullOutputStream()))));
			case "large" -> exchange.reply(PipeReply.of(PipeBody.of(zeros(), LARGE, "Zeros")));
			case "ignore" -> exchange.reply(PipeReply.of("ignored"));
			case "broken" -> exchange.reply(PipeReply.of(PipeBody.of(broken(), -1, "Broken")));
			case "slow" -> new CountDownLatch(1).await();
			case "slowly" -> exchange.reply(PipeReply.of(readSlowly(request.body().stream()) + " parts"));
			default -> throw new PipeRequestException(Code.NOT_FOUND, "there is no such route");
		}
	}

	// Longer in all than any part takes.
	private static int readSlowly(InputStream body) throws Exception {
		int parts = 0;
		while (body.readNBytes(128 * 1024).length > 0) {
			TimeUnit.MILLISECONDS.sleep(100);
			parts++;
		}
		return parts;
	}

	static InputStream zeros() {
		return new InputStream() {

			private int left = LARGE;

			@Override
			public int read() {
				return (this.left-- > 0) ? 0 : -1;
			}

		};
	}

	private static InputStream broken() {
		return new InputStream() {

			private int left = 200_000;

			@Override
			public int read() throws IOException {
				if (this.left-- <= 0) {
					throw new IOException("disk on fire");
				}
				return 'x';
			}

		};
	}

	PipeChannel connect() {
		return this.transport.connect(this.address,
				PipeClientOptions.builder().connectTimeout(Duration.ofSeconds(Background.PATIENCE_SECONDS)).build());
	}

	/**
	 * A client whose bytes are there when the server begins to read.
	 */
	PipeChannel connect(String bytes) {
		this.container.pause();
		PipeChannel channel = connect();
		send(channel, bytes);
		this.container.resume();
		return channel;
	}

	/**
	 * The log lines about this pipe.
	 */
	LogCapture log() {
		return LogCapture.of("'" + this.id + "'");
	}

	ClientSession open() {
		PipeChannel channel = connect();
		return new HttpProtocol().open(new ClientConnection(this.address, channel, this.deadlines.watch(channel::close),
				Duration.ofSeconds(30), Duration.ofSeconds(30)));
	}

	static PipeRequest request(String route, PipeBody body) {
		return new PipeRequest(route, Map.of(), body);
	}

	static String text(PipeReply reply) throws IOException {
		try (PipeBody body = reply.body()) {
			return new String(body.bytes(1000), StandardCharsets.UTF_8);
		}
	}

	/**
	 * Read all that the server sends until it closes the connection.
	 */
	static String readToEnd(PipeChannel channel) throws IOException {
		return new String(channel.inputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
	}

	static void send(PipeChannel channel, String text) {
		channel.write(ByteBuffer.wrap(HttpWire.bytes(text)));
	}

	void stop() throws InterruptedException {
		CountDownLatch stopped = new CountDownLatch(1);
		this.container.stop(stopped::countDown);
		if (!stopped.await(Background.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
			throw new IllegalStateException("The container does not stop");
		}
	}

	static PipeTransport transport(String name) {
		return name.equals("memory") ? new MemoryPipeTransport() : Pipes.systemTransport();
	}

	@Override
	public void close() throws Exception {
		stop();
		this.deadlines.close();
		this.transport.close();
	}

}
