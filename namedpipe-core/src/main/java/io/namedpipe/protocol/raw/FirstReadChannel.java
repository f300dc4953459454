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

package io.namedpipe.protocol.raw;

import java.nio.ByteBuffer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.ServerConnection;
import io.namedpipe.transport.DelegatingPipeChannel;

/**
 * Limits the time until the client's first byte, so that a client which connects and
 * sends nothing does not keep its connection forever, and lets a stop close the
 * connection meanwhile. Then the handler's time limit begins again whenever bytes pass.
 */
final class FirstReadChannel extends DelegatingPipeChannel {

	private final ServerConnection connection;

	private volatile boolean begun;

	FirstReadChannel(ServerConnection connection) {
		super(connection.progressChannel());
		this.connection = connection;
	}

	@Override
	public int read(ByteBuffer destination) {
		return first(() -> super.read(destination));
	}

	@Override
	public @Nullable ByteBuffer readMessage() {
		return first(super::readMessage);
	}

	private <T extends @Nullable Object> T first(Supplier<T> read) {
		if (this.begun) {
			return read.get();
		}
		this.connection.deadline().arm("Waiting for the first byte", this.connection.timeouts().read(), "read-timeout");
		T result = this.connection.awaitRequest(read);
		this.begun = true;
		this.connection.deadline().arm("Handling the request", this.connection.timeouts().request(), "request-timeout");
		return result;
	}

}
