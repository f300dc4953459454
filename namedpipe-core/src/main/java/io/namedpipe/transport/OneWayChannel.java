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

import java.nio.ByteBuffer;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * One end of a one-way pipe over a channel that could do both. The transport shuts the
 * half that is not used. Internal to the library.
 *
 * @since 0.1.0
 */
public final class OneWayChannel implements PipeChannel {

	private final PipeChannel channel;

	private final boolean readable;

	private OneWayChannel(PipeChannel channel, boolean readable) {
		this.channel = channel;
		this.readable = readable;
	}

	/**
	 * Whether an end is read from.
	 * @param direction the direction of the pipe
	 * @param server whether it is the server's end
	 * @return {@code false} if bytes only leave there
	 */
	public static boolean isReadable(PipeDirection direction, boolean server) {
		return direction != (server ? PipeDirection.OUTBOUND : PipeDirection.INBOUND);
	}

	/**
	 * Whether an end is written to.
	 * @param direction the direction of the pipe
	 * @param server whether it is the server's end
	 * @return {@code false} if bytes only arrive there
	 */
	public static boolean isWritable(PipeDirection direction, boolean server) {
		return isReadable(direction, !server);
	}

	/**
	 * Limit a channel to its direction.
	 * @param channel the channel
	 * @param direction the direction of the pipe
	 * @param server whether the channel is the server's end
	 * @return the channel itself if it goes both ways
	 */
	public static PipeChannel of(PipeChannel channel, PipeDirection direction, boolean server) {
		return (direction == PipeDirection.DUPLEX) ? channel
				: new OneWayChannel(channel, isReadable(direction, server));
	}

	private void requireReadable() {
		if (!this.readable) {
			throw PipeUnsupportedException.oneWay("read from");
		}
	}

	private void requireWritable() {
		if (this.readable) {
			throw PipeUnsupportedException.oneWay("written to");
		}
	}

	@Override
	public int read(ByteBuffer destination) {
		requireReadable();
		return this.channel.read(destination);
	}

	@Override
	public void write(ByteBuffer source) {
		requireWritable();
		this.channel.write(source);
	}

	@Override
	public @Nullable ByteBuffer readMessage() {
		requireReadable();
		return this.channel.readMessage();
	}

	@Override
	public void setReadTimeout(Duration timeout) {
		this.channel.setReadTimeout(timeout);
	}

	@Override
	public void setWriteTimeout(Duration timeout) {
		this.channel.setWriteTimeout(timeout);
	}

	@Override
	public void shutdownOutput() {
		requireWritable();
		this.channel.shutdownOutput();
	}

	@Override
	public boolean isOpen() {
		return this.channel.isOpen();
	}

	@Override
	public boolean isPeerGone() {
		// At an end that is not read, only a write can tell.
		return this.readable && this.channel.isPeerGone();
	}

	@Override
	public PeerIdentity peer() {
		return this.channel.peer();
	}

	@Override
	public Impersonation impersonation() {
		return this.channel.impersonation();
	}

	@Override
	public void close() {
		this.channel.close();
	}

}
