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

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import io.namedpipe.deadline.Deadline;
import io.namedpipe.deadline.Deadlines;
import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;
import io.namedpipe.protocol.PipeBody;
import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.protocol.ServerTimeouts;
import io.namedpipe.test.contract.RecordingChannel.Step;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.memory.MemoryPipeTransport;

/**
 * Sessions of a protocol on connections in memory, without a container or a template. The
 * handler of the server sends the text of each request back.
 */
final class ProtocolSessions implements AutoCloseable {

	static final int PATIENCE_SECONDS = 30;

	private static final int MAX_BODY_BYTES = 1024 * 1024;

	private final PipeProtocol protocol;

	private final MemoryPipeTransport transport = new MemoryPipeTransport();

	private final Deadlines deadlines = new Deadlines("contract-deadlines");

	private final Queue<String> handled = new ConcurrentLinkedQueue<>();

	ProtocolSessions(PipeProtocol protocol) {
		this.protocol = protocol;
	}

	/**
	 * The requests that the handler was given as a whole.
	 * @return their texts
	 */
	Queue<String> handled() {
		return this.handled;
	}

	void echo(PipeExchange exchange) throws IOException {
		String text = text(exchange.request().body());
		this.handled.add(text);
		exchange.reply(PipeReply.of("echo " + text));
	}

	static String text(PipeBody body) throws IOException {
		try (body) {
			return new String(body.bytes(MAX_BODY_BYTES), StandardCharsets.UTF_8);
		}
	}

	ClientSession open(PipeChannel channel) {
		Duration timeout = Duration.ofSeconds(PATIENCE_SECONDS);
		return this.protocol.open(new ClientConnection(PipeAddress.of("contract"), channel,
				this.deadlines.watch(channel::close), timeout, timeout));
	}

	String exchange(PipeChannel channel, PipeRequest request) throws IOException {
		try (channel; ClientSession session = open(channel)) {
			return text(session.exchange(request).body());
		}
	}

	void serve(PipeChannel channel) {
		try (channel; Deadline deadline = this.deadlines.watch(channel::close)) {
			this.protocol.serve(new ServerConnection("contract", channel, deadline, ServerTimeouts.DEFAULTS))
				.run(this::echo);
		}
	}

	// The server's end of a connection whose client has sent some bytes and ended its
	// stream.
	PipeChannel input(byte[] bytes) {
		Pair pair = pair();
		pair.client().write(ByteBuffer.wrap(bytes));
		pair.client().shutdownOutput();
		return pair.server();
	}

	private Pair pair() {
		PipeAddress unique = PipeAddress.of(UUID.randomUUID().toString());
		try (PipeServerChannel server = this.transport.bind(unique, PipeServerOptions.defaults())) {
			PipeChannel client = this.transport.connect(unique, PipeClientOptions.defaults());
			return new Pair(client, server.accept());
		}
	}

	// The bytes of one exchange between the two sessions.
	List<Step> record(PipeRequest request) throws Exception {
		Pair pair = pair();
		CompletableFuture<Void> served = async(() -> serve(pair.server()));
		RecordingChannel client = new RecordingChannel(pair.client());
		exchange(client, request);
		served.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
		return client.steps();
	}

	// A server that sends the first bytes of a recorded exchange and leaves.
	PipeChannel replay(List<Step> steps, int length) {
		Pair pair = pair();
		async(() -> {
			int left = length;
			try (PipeChannel server = pair.server()) {
				for (Step step : steps) {
					if (!step.fromServer()) {
						server.readFully(ByteBuffer.allocate(step.bytes().length));
						continue;
					}
					int count = Math.min(left, step.bytes().length);
					server.write(ByteBuffer.wrap(step.bytes(), 0, count));
					left -= count;
					if (count < step.bytes().length) {
						return;
					}
				}
			}
		});
		return pair.client();
	}

	private static CompletableFuture<Void> async(Runnable body) {
		return CompletableFuture.runAsync(body, (command) -> {
			Thread thread = new Thread(command, "contract-test");
			thread.setDaemon(true);
			thread.start();
		});
	}

	@Override
	public void close() {
		this.transport.close();
		this.deadlines.close();
	}

	private record Pair(PipeChannel client, PipeChannel server) {
	}

}
