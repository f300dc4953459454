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
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

import io.namedpipe.transport.PipeChannel;

/**
 * The common methods of a pipe channel and the JDK's socket channel.
 */
interface ByteLink extends AutoCloseable {

	int read(ByteBuffer destination) throws IOException;

	void write(ByteBuffer source) throws IOException;

	@Override
	void close() throws IOException;

	boolean readFully(ByteBuffer destination) throws IOException;

	static ByteLink of(PipeChannel channel) {
		return new PipeLink(channel);
	}

	static ByteLink of(SocketChannel channel) {
		return new SocketLink(channel);
	}

	/**
	 * A channel of this library.
	 *
	 * @param channel the channel
	 */
	record PipeLink(PipeChannel channel) implements ByteLink {

		@Override
		public int read(ByteBuffer destination) {
			return this.channel.read(destination);
		}

		@Override
		public boolean readFully(ByteBuffer destination) {
			return this.channel.readFully(destination);
		}

		@Override
		public void write(ByteBuffer source) {
			this.channel.write(source);
		}

		@Override
		public void close() {
			this.channel.close();
		}

	}

	/**
	 * A blocking channel of the JDK, with nothing around it.
	 *
	 * @param channel the channel
	 */
	record SocketLink(SocketChannel channel) implements ByteLink {

		@Override
		public int read(ByteBuffer destination) throws IOException {
			return this.channel.read(destination);
		}

		@Override
		public boolean readFully(ByteBuffer destination) throws IOException {
			return Frames.receive(this.channel, destination);
		}

		@Override
		public void write(ByteBuffer source) throws IOException {
			Frames.send(this.channel, source);
		}

		@Override
		public void close() throws IOException {
			this.channel.close();
		}

	}

}
