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
import java.util.concurrent.atomic.AtomicBoolean;

import io.namedpipe.protocol.ClientConnection;
import io.namedpipe.protocol.ClientSession;

/**
 * A connection with its session, which is kept for the next request if it can be.
 */
final class PooledConnection {

	private final ConnectionPool pool;

	private final ClientConnection connection;

	private final ClientSession session;

	private final Runnable onClose;

	private final AtomicBoolean closed = new AtomicBoolean();

	private boolean reused;

	/**
	 * Create the connection.
	 * @param pool takes it back
	 * @param connection the connection
	 * @param session its session
	 * @param onClose runs when it is closed, once
	 */
	PooledConnection(ConnectionPool pool, ClientConnection connection, ClientSession session, Runnable onClose) {
		this.pool = pool;
		this.connection = connection;
		this.session = session;
		this.onClose = onClose;
	}

	ClientConnection connection() {
		return this.connection;
	}

	ClientSession session() {
		return this.session;
	}

	/**
	 * Whether it has served a request before, so that the server may have closed it.
	 * @return {@code true} if it is not new
	 */
	boolean isReused() {
		return this.reused;
	}

	/**
	 * Give it back, or close it if it cannot be used again. Idempotent.
	 */
	void release() {
		this.pool.release(this, this.session.isReusable());
	}

	// For the pool: it waits for a request.
	void idle(Duration limit) {
		this.connection.deadline().limitTotal("", Duration.ZERO, "");
		this.connection.deadline().arm("Waiting for the next request", limit, "pool.max-idle-time");
	}

	// For the pool: whether it can serve a request. From now on it does not expire.
	boolean reuse() {
		this.connection.deadline().disarm();
		this.reused = true;
		return !this.connection.deadline().isExpired() && this.session.isReusable();
	}

	void expired() {
		this.connection.channel().close();
		this.pool.evict(this);
	}

	void close() {
		if (this.closed.compareAndSet(false, true)) {
			this.session.close();
			this.onClose.run();
		}
	}

}
