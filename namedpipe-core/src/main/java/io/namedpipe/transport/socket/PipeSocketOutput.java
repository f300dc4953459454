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

package io.namedpipe.transport.socket;

import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Objects;

import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeException;

/**
 * The stream that writes to a socket, without a buffer.
 */
final class PipeSocketOutput extends OutputStream {

	private static final int MAX_WRITE = 64 * 1024;

	private final PipeSocket socket;

	private final PipeChannel channel;

	PipeSocketOutput(PipeSocket socket, PipeChannel channel) {
		this.socket = socket;
		this.channel = channel;
	}

	@Override
	public void write(int value) throws IOException {
		write(new byte[] { (byte) value }, 0, 1);
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(offset, length, bytes.length);
		if (this.socket.isClosed()) {
			throw new SocketException("Socket closed");
		}
		this.socket.requireOutput();
		try {
			for (int done = 0; done < length; done += MAX_WRITE) {
				this.channel.write(ByteBuffer.wrap(bytes, offset + done, Math.min(length - done, MAX_WRITE)));
			}
		}
		catch (PipeException ex) {
			throw PipeSocketInput.closing(this.socket, ex);
		}
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
