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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeTimeoutException;

/**
 * The connections of one template: to one pipe, with one protocol, impersonation level
 * and expected server, as the process's own user. Thread-safe; the lock is never held
 * while something waits for a server.
 */
final class ConnectionPool implements AutoCloseable {

	private final String pipe;

	private final PipePoolOptions options;

	private final Function<ConnectionPool, PooledConnection> connector;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	/** The one that was used last is first, so that the others can be closed. */
	private final Deque<PooledConnection> idle = new ArrayDeque<>();

	private final Set<PooledConnection> inUse = new HashSet<>();

	/** Places that are taken: of connections, and of those being made. */
	private int taken;

	private boolean closed;

	/**
	 * Create the pool.
	 * @param pipe the pipe, for messages
	 * @param options the limits
	 * @param connector connects
	 */
	ConnectionPool(String pipe, PipePoolOptions options, Function<ConnectionPool, PooledConnection> connector) {
		this.pipe = pipe;
		this.options = options;
		this.connector = connector;
	}

	/**
	 * Get a connection, which the caller {@linkplain PooledConnection#release() gives
	 * back}.
	 * @param fresh whether it must be a new one
	 * @return the connection
	 * @throws PipeTimeoutException if all connections are in use for too long
	 * @throws PipeClosedException if the pool is closed
	 * @throws PipeException if connecting fails
	 */
	PooledConnection acquire(boolean fresh) {
		PooledConnection kept = take(fresh);
		if (kept != null) {
			return kept;
		}
		PooledConnection made = null;
		try {
			made = this.connector.apply(this);
			if (use(made)) {
				return made;
			}
		}
		finally {
			if (made == null) {
				giveUpPlace();
			}
		}
		made.close();
		throw closedException();
	}

	// A kept connection, or the place for a new one.
	private @Nullable PooledConnection take(boolean fresh) {
		List<PooledConnection> stale = new ArrayList<>();
		this.lock.lock();
		try {
			long nanos = this.options.acquireTimeout().toNanos();
			while (true) {
				if (this.closed) {
					throw closedException();
				}
				boolean full = this.taken == this.options.maxSize();
				PooledConnection kept = (fresh && !full) ? null : this.idle.pollFirst();
				if (kept != null) {
					if (!fresh && kept.reuse()) {
						this.inUse.add(kept);
						return kept;
					}
					this.taken--;
					stale.add(kept);
					continue;
				}
				if (!full) {
					this.taken++;
					return null;
				}
				nanos = await(nanos);
			}
		}
		finally {
			this.lock.unlock();
			stale.forEach(PooledConnection::close);
		}
	}

	private long await(long nanos) {
		if (nanos <= 0) {
			throw new PipeTimeoutException(
					"All %d connections to the pipe '%s' are in use, and none came free within %d ms (pool.acquire-timeout); a reply with a stream keeps its connection until it is closed"
						.formatted(this.options.maxSize(), this.pipe, this.options.acquireTimeout().toMillis()));
		}
		try {
			return this.changed.awaitNanos(nanos);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new PipeException("Waiting for a connection to the pipe '%s' was interrupted".formatted(this.pipe),
					ex);
		}
	}

	private boolean use(PooledConnection made) {
		this.lock.lock();
		try {
			if (!this.closed) {
				this.inUse.add(made);
			}
			return !this.closed;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void giveUpPlace() {
		this.lock.lock();
		try {
			this.taken--;
			this.changed.signal();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Take a connection back.
	 * @param connection the connection
	 * @param reusable whether it can be used again
	 */
	void release(PooledConnection connection, boolean reusable) {
		boolean keep = false;
		this.lock.lock();
		try {
			if (this.inUse.remove(connection)) {
				Duration limit = this.options.maxIdleTime();
				keep = reusable && !this.closed && !limit.isZero();
				if (keep) {
					connection.idle(limit);
					this.idle.addFirst(connection);
				}
				else {
					this.taken--;
				}
				this.changed.signal();
			}
		}
		finally {
			this.lock.unlock();
		}
		if (!keep) {
			connection.close();
		}
	}

	/**
	 * Forget an idle connection whose time is over.
	 * @param connection the connection, which is closed
	 */
	void evict(PooledConnection connection) {
		boolean evicted;
		this.lock.lock();
		try {
			evicted = this.idle.remove(connection);
			if (evicted) {
				// Nobody waits for the place as long as a connection is idle.
				this.taken--;
			}
		}
		finally {
			this.lock.unlock();
		}
		if (evicted) {
			connection.close();
		}
	}

	/**
	 * Close all connections, those in use too. Requests that wait or are under way fail.
	 */
	@Override
	public void close() {
		List<PooledConnection> all = new ArrayList<>();
		this.lock.lock();
		try {
			this.closed = true;
			all.addAll(this.idle);
			all.addAll(this.inUse);
			this.idle.clear();
			this.inUse.clear();
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		all.forEach(PooledConnection::close);
	}

	private PipeClosedException closedException() {
		return new PipeClosedException("The client of the pipe '%s' is closed".formatted(this.pipe));
	}

}
