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

package io.namedpipe.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A channel as streams of {@code java.io}, which keep nothing of their own.
 */
final class ChannelStreams {

	// The JDK copies a heap buffer into a direct one of the same size, and keeps that for
	// the thread.
	private static final int MAX_SLICE = 64 * 1024;

	private ChannelStreams() {
	}

	private static ByteBuffer slice(byte[] bytes, int offset, int length) {
		return ByteBuffer.wrap(bytes, offset, Math.min(length, MAX_SLICE));
	}

	private static IOException failed(PipeException ex) {
		return new IOException(ex.getMessage(), ex);
	}

	private static void closeChannel(PipeChannel channel) throws IOException {
		try {
			channel.close();
		}
		catch (PipeException ex) {
			throw failed(ex);
		}
	}

	/**
	 * What a channel reads.
	 */
	static final class Input extends InputStream {

		private final PipeChannel channel;

		Input(PipeChannel channel) {
			this.channel = channel;
		}

		@Override
		public int read() throws IOException {
			byte[] single = new byte[1];
			return (read(single, 0, 1) < 0) ? -1 : single[0] & 0xff;
		}

		@Override
		public int read(byte[] bytes, int offset, int length) throws IOException {
			Objects.checkFromIndexSize(offset, length, bytes.length);
			if (length == 0) {
				return 0;
			}
			try {
				return this.channel.read(slice(bytes, offset, length));
			}
			catch (PipeException ex) {
				throw failed(ex);
			}
		}

		@Override
		public void close() throws IOException {
			closeChannel(this.channel);
		}

	}

	/**
	 * What a channel writes.
	 */
	static final class Output extends OutputStream {

		private final PipeChannel channel;

		Output(PipeChannel channel) {
			this.channel = channel;
		}

		@Override
		public void write(int value) throws IOException {
			write(new byte[] { (byte) value }, 0, 1);
		}

		@Override
		public void write(byte[] bytes, int offset, int length) throws IOException {
			Objects.checkFromIndexSize(offset, length, bytes.length);
			try {
				for (int done = 0; done < length; done += MAX_SLICE) {
					this.channel.write(slice(bytes, offset + done, length - done));
				}
			}
			catch (PipeException ex) {
				throw failed(ex);
			}
		}

		@Override
		public void close() throws IOException {
			closeChannel(this.channel);
		}

	}

}
