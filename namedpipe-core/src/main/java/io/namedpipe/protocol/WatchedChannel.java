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

package io.namedpipe.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.namedpipe.deadline.Deadline;
import io.namedpipe.transport.DelegatingPipeChannel;
import io.namedpipe.transport.OpenedFile;
import io.namedpipe.transport.PipeChannel;

/**
 * A channel whose reads and writes start the time limit of a deadline again while bytes
 * pass, so that it is one for stalls.
 */
final class WatchedChannel extends DelegatingPipeChannel {

	/**
	 * A slow peer needs longer to empty the buffer of a socket than a shorter time limit.
	 */
	private static final Duration SHORT = Duration.ofSeconds(10);

	private static final int LARGE_BYTES = 8 * 1024;

	private final PipeChannel channel;

	private final Deadline deadline;

	private final Duration limit;

	private volatile boolean hasOwnTimeout;

	WatchedChannel(PipeChannel channel, Deadline deadline, Duration limit) {
		super(channel);
		this.channel = channel;
		this.deadline = deadline;
		this.limit = limit;
	}

	@Override
	public void setWriteTimeout(Duration timeout) {
		this.hasOwnTimeout = true;
		super.setWriteTimeout(timeout);
	}

	@Override
	public int read(ByteBuffer destination) {
		int count = super.read(destination);
		if (count > 0) {
			this.deadline.restart();
		}
		return count;
	}

	@Override
	public @Nullable ByteBuffer readMessage() {
		ByteBuffer message = super.readMessage();
		this.deadline.restart();
		return message;
	}

	@Override
	public long write(OpenedFile file, long count) throws IOException {
		long written = super.write(file, count);
		if (written > 0) {
			this.deadline.restart();
		}
		return written;
	}

	@Override
	public void write(ByteBuffer source) {
		write(this.channel, this.deadline, this.hasOwnTimeout ? Duration.ZERO : this.limit, source);
	}

	/**
	 * Write, and start the time limit again whenever the peer has taken a part.
	 * @param channel the channel
	 * @param deadline the deadline, which is armed
	 * @param limit its time limit, zero for none
	 * @param content the bytes
	 */
	static void write(PipeChannel channel, Deadline deadline, Duration limit, ByteBuffer content) {
		if (isShort(limit) && content.remaining() > LARGE_BYTES) {
			showProgress(channel, limit);
		}
		deadline.watching(content::position, () -> channel.write(content));
	}

	/**
	 * Whether a slow peer may need longer to empty the buffer of a socket.
	 * @param limit the time limit, zero for none
	 * @return {@code true} if it has to be seen what the peer takes
	 */
	static boolean isShort(Duration limit) {
		return !limit.isZero() && limit.compareTo(SHORT) < 0;
	}

	// A channel with a time-out of its own shows in small steps what the peer takes. The
	// deadline expires first, so that the message has the setting.
	private static void showProgress(PipeChannel channel, Duration limit) {
		try {
			channel.setWriteTimeout(limit.multipliedBy(2));
		}
		catch (IllegalStateException ex) {
			// Another thread reads. The next write tries again.
		}
	}

}
