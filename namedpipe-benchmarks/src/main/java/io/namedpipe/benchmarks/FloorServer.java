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
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The minimal cost of a protocol: a length of four bytes before each message, and a
 * blocking thread for each client. A message is sent back; a negative length asks for a
 * file or sends one, without any protocol.
 */
final class FloorServer {

	static final int SLICE_BYTES = 64 * 1024;

	/** Asks for the file whose name follows, copied in slices. */
	static final int COPY = -1;

	/** Asks for the file whose name follows, copied by the kernel. */
	static final int TRANSFER = -2;

	/** Sends as many bytes as the length that follows says. */
	static final int UPLOAD = -3;

	private FloorServer() {
	}

	static void start(Path socket) throws IOException {
		ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
		server.bind(UnixDomainSocketAddress.of(socket));
		Thread acceptor = new Thread(() -> {
			while (true) {
				try {
					SocketChannel channel = server.accept();
					Thread thread = new Thread(() -> serve(channel));
					thread.setDaemon(true);
					thread.start();
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
			}
		});
		acceptor.setDaemon(true);
		acceptor.start();
	}

	private static void serve(SocketChannel channel) {
		ByteBuffer buffer = ByteBuffer.allocateDirect(SLICE_BYTES);
		try (channel) {
			while (Frames.receive(channel, buffer.clear().limit(Integer.BYTES))) {
				int length = buffer.flip().getInt();
				if (length >= 0) {
					Frames.receive(channel, buffer.clear().position(Integer.BYTES).limit(Integer.BYTES + length));
					Frames.send(channel, buffer.putInt(0, length).flip());
				}
				else {
					transfer(channel, buffer, length);
				}
			}
		}
		catch (IOException ex) {
			// The client has gone.
		}
	}

	private static void transfer(SocketChannel channel, ByteBuffer buffer, int kind) throws IOException {
		Frames.receive(channel, buffer.clear().limit(Long.BYTES));
		long number = buffer.flip().getLong();
		if (kind == UPLOAD) {
			Frames.skip(channel, buffer, number);
			Frames.send(channel, buffer.clear().putLong(number).flip());
			return;
		}
		byte[] name = new byte[(int) number];
		Frames.receive(channel, buffer.clear().limit(name.length));
		buffer.flip().get(name);
		try (FileChannel file = FileChannel.open(Path.of(new String(name, StandardCharsets.UTF_8)))) {
			long size = file.size();
			for (long done = 0; kind == TRANSFER && done < size;) {
				done += file.transferTo(done, size - done, channel);
			}
			while (kind == COPY && file.read(buffer.clear()) >= 0) {
				Frames.send(channel, buffer.flip());
			}
		}
	}

}
