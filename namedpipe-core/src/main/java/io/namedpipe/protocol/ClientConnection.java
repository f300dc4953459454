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
import java.util.concurrent.Executor;

import io.namedpipe.deadline.Deadline;
import io.namedpipe.platform.PlatformThreads;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeException;

/**
 * The connection that a client's session works on. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ClientConnection implements AutoCloseable {

	private final PipeAddress address;

	private final PipeChannel channel;

	private final Deadline deadline;

	private final Duration connectTimeout;

	private final Executor executor;

	private volatile Duration requestTimeout;

	/**
	 * Create the connection, with a new thread for each task in the background.
	 * @param address the pipe, for error messages
	 * @param channel the connection
	 * @param deadline closes the channel when a time limit has expired; armed by the
	 * session
	 * @param connectTimeout time limit for the first bytes of a protocol in which the
	 * server speaks first; zero for none
	 * @param requestTimeout time limit for an exchange; zero for none
	 */
	public ClientConnection(PipeAddress address, PipeChannel channel, Deadline deadline, Duration connectTimeout,
			Duration requestTimeout) {
		this(address, channel, deadline, connectTimeout, requestTimeout, ClientConnection::runInNewThread);
	}

	/**
	 * Create the connection.
	 * @param address the pipe, for error messages
	 * @param channel the connection
	 * @param deadline closes the channel when a time limit has expired; armed by the
	 * session
	 * @param connectTimeout time limit for the first bytes of a protocol in which the
	 * server speaks first; zero for none
	 * @param requestTimeout time limit for an exchange; zero for none
	 * @param executor runs what the session does in the background, each task at once
	 */
	public ClientConnection(PipeAddress address, PipeChannel channel, Deadline deadline, Duration connectTimeout,
			Duration requestTimeout, Executor executor) {
		this.address = address;
		this.channel = channel;
		this.deadline = deadline;
		this.connectTimeout = connectTimeout;
		this.requestTimeout = requestTimeout;
		this.executor = executor;
	}

	private static void runInNewThread(Runnable task) {
		PlatformThreads.daemon("pipe-client", task).start();
	}

	/**
	 * The pipe.
	 * @return its address
	 */
	public PipeAddress address() {
		return this.address;
	}

	/**
	 * The channel, which belongs to the session.
	 * @return the channel
	 */
	public PipeChannel channel() {
		return this.channel;
	}

	/**
	 * The deadline, which closes the channel when a time limit has expired. The session
	 * arms it.
	 * @return the deadline
	 */
	public Deadline deadline() {
		return this.deadline;
	}

	/**
	 * The time limit for the first bytes of a protocol in which the server speaks first.
	 * @return the time limit; zero for none
	 */
	public Duration connectTimeout() {
		return this.connectTimeout;
	}

	/**
	 * The time limit of an exchange.
	 * @return the time limit; zero for none
	 */
	public Duration requestTimeout() {
		return this.requestTimeout;
	}

	/**
	 * Set the time limit of the exchanges that begin from now on.
	 * @param requestTimeout the time limit; zero for none
	 */
	public void requestTimeout(Duration requestTimeout) {
		this.requestTimeout = requestTimeout;
	}

	/**
	 * Runs what the session does in the background, for instance to send while it reads.
	 * @return the executor
	 */
	public Executor executor() {
		return this.executor;
	}

	/**
	 * Start the time limit of an exchange, or start it again.
	 */
	public void armRequest() {
		this.deadline.arm("The request to the pipe '%s'".formatted(this.address), this.requestTimeout,
				"request-timeout");
	}

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
