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

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;

/**
 * One client with one connection, that costs as little as one in Java can. Every answer
 * must have the same content as its request.
 */
interface HttpCaller extends Closeable {

	/**
	 * Send a request, wait for its answer.
	 * @throws IOException if the answer is not as expected
	 */
	void call() throws IOException;

	/**
	 * A client that sends the same bytes again and again, and knows how the answer ends.
	 * @param socket the socket
	 * @param target the target of the request
	 * @param type the type of the content
	 * @param content the content
	 * @return the client
	 * @throws IOException if there is no connection
	 */
	static HttpCaller http(Path socket, String target, String type, byte[] content) throws IOException {
		String head = "POST %s HTTP/1.1\r\nHost: pipe\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
			.formatted(target, type, content.length);
		ByteBuffer end = ByteBuffer.allocate(4 + content.length).put("\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		end.put(content).flip();
		return new Bytes(socket, direct(head.getBytes(StandardCharsets.US_ASCII), content), end);
	}

	static HttpCaller floor(Path socket, byte[] content) throws IOException {
		byte[] length = ByteBuffer.allocate(Integer.BYTES).putInt(content.length).array();
		ByteBuffer message = direct(length, content);
		return new Bytes(socket, message, message.duplicate());
	}

	static HttpCaller grpc(Path socket, byte[] content) {
		ManagedChannel channel = GrpcServer.connect(socket);
		return new HttpCaller() {

			@Override
			public void call() throws IOException {
				byte[] answer = ClientCalls.blockingUnaryCall(channel, GrpcServer.ECHO, CallOptions.DEFAULT, content);
				if (answer.length != content.length) {
					throw new IOException("another answer");
				}
			}

			@Override
			public void close() throws IOException {
				channel.shutdownNow();
				try {
					channel.awaitTermination(10, TimeUnit.SECONDS);
				}
				catch (InterruptedException ex) {
					throw new IOException(ex);
				}
			}

		};
	}

	private static ByteBuffer direct(byte[] head, byte[] content) {
		return ByteBuffer.allocateDirect(head.length + content.length).put(head).put(content).flip();
	}

	/**
	 * A client that knows the end of its answers.
	 */
	final class Bytes implements HttpCaller {

		private static final int LARGEST_HEAD = 2048;

		private final SocketChannel channel;

		private final ByteBuffer request;

		private final ByteBuffer end;

		private final ByteBuffer answer;

		private Bytes(Path socket, ByteBuffer request, ByteBuffer end) throws IOException {
			this.channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
			this.request = request;
			this.end = end;
			this.answer = ByteBuffer.allocateDirect(LARGEST_HEAD + end.remaining());
		}

		@Override
		public void call() throws IOException {
			Frames.send(this.channel, this.request.duplicate());
			this.answer.clear();
			do {
				if (this.channel.read(this.answer) < 0) {
					throw new EOFException("the server has closed the connection");
				}
			}
			while (!isComplete());
		}

		private boolean isComplete() throws IOException {
			int begin = this.answer.position() - this.end.remaining();
			if (begin >= 0 && this.answer.slice(begin, this.end.remaining()).equals(this.end)) {
				return true;
			}
			if (!this.answer.hasRemaining()) {
				throw new IOException("another answer");
			}
			return false;
		}

		@Override
		public void close() throws IOException {
			this.channel.close();
		}

	}

}
