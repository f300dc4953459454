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

import java.nio.ByteBuffer;
import java.time.Duration;

import io.namedpipe.deadline.Deadline;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeException;

/**
 * The connection that a client's session works on.
 *
 * @param address the pipe, for error messages
 * @param channel the connection
 * @param deadline closes the channel when a time limit has expired; armed by the session
 * @param connectTimeout time limit for the first bytes of a protocol in which the server
 * speaks first; zero for none
 * @param requestTimeout time limit for an exchange; zero for none
 * @since 0.1.0
 */
public record ClientConnection(PipeAddress address, PipeChannel channel, Deadline deadline, Duration connectTimeout,
		Duration requestTimeout) implements AutoCloseable {

	/**
	 * Write, and start the time limit again whenever the server has taken a part.
	 * @param content the bytes
	 */
	public void write(ByteBuffer content) {
		WatchedChannel.write(this.channel, this.deadline, this.requestTimeout, content);
	}

	/**
	 * The channel, seen so that its reads and writes start the time limit again while
	 * bytes pass.
	 * @return the channel
	 */
	public PipeChannel progressChannel() {
		return new WatchedChannel(this.channel, this.deadline, this.requestTimeout);
	}

	/**
	 * Turn the failure of an operation into a time-out, if the deadline has closed the
	 * channel.
	 * @param failure how the operation failed
	 * @return the failure, or a time-out caused by it
	 */
	public PipeException translate(PipeException failure) {
		return ServerConnection.translate(this.deadline, failure);
	}

	/**
	 * Close the channel, and stop watching its deadline.
	 */
	@Override
	public void close() {
		this.deadline.close();
		this.channel.close();
	}

}
