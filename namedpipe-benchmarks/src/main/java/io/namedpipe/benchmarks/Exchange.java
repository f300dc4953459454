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

package io.namedpipe.benchmarks;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * The documented exchange, by a client that costs as little as one in Java can: connect,
 * read the greeting, send a file name, read the file's text. One for each thread.
 */
final class Exchange {

	private static final String GREETING = "I am the one true server!";

	private static final int HEADER_BYTES = 2;

	private final UnixDomainSocketAddress address;

	private final ByteBuffer greeting = encode(GREETING);

	private final ByteBuffer request;

	private final ByteBuffer reply;

	private final ByteBuffer received;

	private volatile @Nullable SocketChannel current;

	Exchange(Path socket, Path file) throws IOException {
		this.address = UnixDomainSocketAddress.of(socket);
		this.request = encode(file.toString());
		this.reply = encode(Files.readString(file));
		this.received = ByteBuffer.allocateDirect(this.reply.capacity() + this.greeting.capacity());
	}

	private static ByteBuffer encode(String text) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_16LE);
		return ByteBuffer.allocateDirect(HEADER_BYTES + bytes.length).putShort((short) bytes.length).put(bytes).flip();
	}

	void run() throws IOException {
		try (SocketChannel channel = SocketChannel.open(this.address)) {
			this.current = channel;
			expect(channel, this.greeting);
			Frames.send(channel, this.request.duplicate());
			expect(channel, this.reply);
		}
		finally {
			this.current = null;
		}
	}

	private void expect(SocketChannel channel, ByteBuffer expected) throws IOException {
		ByteBuffer buffer = this.received.clear().limit(expected.remaining());
		while (buffer.hasRemaining()) {
			if (channel.read(buffer) < 0) {
				throw new IOException(
						"closed by the server after %d of %d bytes".formatted(buffer.position(), expected.remaining()));
			}
		}
		if (!buffer.flip().equals(expected)) {
			throw new IOException("the server sent something else");
		}
	}

	/**
	 * End an exchange that has taken too long. Called by another thread.
	 */
	void abort() {
		SocketChannel channel = this.current;
		if (channel != null) {
			try {
				channel.close();
			}
			catch (IOException ex) {
				// It is over either way.
			}
		}
	}

}
