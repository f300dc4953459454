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

package io.namedpipe.client;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.PipeRequest;
import io.namedpipe.transport.PipeAddress;

/**
 * Listens to events of the clients of pipes, for logs, metrics and traces. Beans of this
 * type are called in their order. The thread that does the work calls the methods, so
 * they must be quick and thread-safe. An exception of a method is logged and has no other
 * effect.
 *
 * @since 0.1.0
 */
public interface PipeClientListener {

	/**
	 * A connection was opened and, if the server speaks first, its greeting was checked.
	 * It may serve several requests.
	 * @param address the pipe
	 */
	default void connectionOpened(PipeAddress address) {
	}

	/**
	 * A connection was closed, by its user or because it was idle for too long.
	 * @param address the pipe
	 */
	default void connectionClosed(PipeAddress address) {
	}

	/**
	 * A request is about to be sent.
	 * @param address the pipe
	 * @param request the request
	 */
	default void exchangeStarted(PipeAddress address, PipeRequest request) {
	}

	/**
	 * A request is about to be sent again, because the server had closed the kept
	 * connection before it read the request, or before it answered one that may be sent
	 * twice. This happens at most once for a request.
	 * @param address the pipe
	 * @param request the request
	 */
	default void exchangeRepeated(PipeAddress address, PipeRequest request) {
	}

	/**
	 * A request was answered or has failed. If the reply has a stream, it is not read
	 * yet.
	 * @param address the pipe
	 * @param request the request
	 * @param failure the exception of the request, or {@code null} after a reply
	 * @param duration time since {@link #exchangeStarted}
	 */
	default void exchangeEnded(PipeAddress address, PipeRequest request, @Nullable RuntimeException failure,
			Duration duration) {
	}

}
