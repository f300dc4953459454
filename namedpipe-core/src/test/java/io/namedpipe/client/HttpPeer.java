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

package io.namedpipe.client;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.testing.Background;
import io.namedpipe.testing.Pipes;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.memory.MemoryPipeTransport;

/**
 * A server on a pipe that sends the bytes that a test chooses, valid or not.
 */
final class HttpPeer implements AutoCloseable {

	final PipeTransport transport;

	final PipeAddress address = Pipes.uniqueAddress();

	final AtomicInteger connections = new AtomicInteger();

	/** The number of connections that this side has closed. */
	final AtomicInteger ended = new AtomicInteger();

	/** The heads of the requests that have arrived. */
	final List<String> heads = new CopyOnWriteArrayList<>();

	/** The failures of conversations, apart from clients that have left. */
	final List<Throwable> failures = new CopyOnWriteArrayList<>();

	private final PipeServerChannel server;

	private final List<PipeChannel> clients = new CopyOnWriteArrayList<>();

	HttpPeer(String transport, Conversation conversation) {
		this.transport = transport.equals("memory") ? new MemoryPipeTransport() : Pipes.systemTransport();
		this.server = this.transport.bind(this.address, PipeServerOptions.defaults());
		Background.run(() -> {
			while (true) {
				PipeChannel client = this.server.accept();
				this.clients.add(client);
				this.connections.incrementAndGet();
				Background.run(() -> {
					converse(client, conversation);
					return null;
				});
			}
		});
	}

	private void converse(PipeChannel channel, Conversation conversation) {
		try (channel) {
			conversation.with(new Client(channel));
		}
		catch (PipeException ex) {
			// The client has left.
		}
		catch (Throwable ex) {
			this.failures.add(ex);
		}
		this.ended.incrementAndGet();
	}

	PipeTemplateBuilder builder() {
		return PipeTemplate.builder(this.transport).address(this.address).protocol(new HttpProtocol());
	}

	@Override
	public void close() {
		this.server.close();
		this.clients.forEach(PipeChannel::close);
		this.transport.close();
	}

	/**
	 * The server's part.
	 */
	@FunctionalInterface
	interface Conversation {

		void with(Client client) throws Exception;

	}

	/**
	 * A connection of a client.
	 */
	final class Client {

		final PipeChannel channel;

		Client(PipeChannel channel) {
			this.channel = channel;
		}

		/**
		 * Read the head of a request.
		 * @return the head, empty at the end of the stream
		 */
		String readHead() {
			ByteArrayOutputStream head = new ByteArrayOutputStream();
			ByteBuffer one = ByteBuffer.allocate(1);
			while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
				if (this.channel.read(one.clear()) < 0) {
					return "";
				}
				head.write(one.get(0));
			}
			String text = head.toString(StandardCharsets.ISO_8859_1);
			HttpPeer.this.heads.add(text);
			return text;
		}

		byte[] read(int length) {
			ByteBuffer buffer = ByteBuffer.allocate(length);
			this.channel.readFully(buffer);
			return buffer.array();
		}

		/**
		 * Read until the client closes the connection.
		 */
		void drain() {
			ByteBuffer buffer = ByteBuffer.allocate(8192);
			while (this.channel.read(buffer.clear()) >= 0) {
				// The content does not matter.
			}
		}

		void send(String text) {
			this.channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
		}

		void answer(String body) {
			send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
		}

	}

}
