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

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.namedpipe.deadline.Deadlines;

/**
 * What templates share: the thread for their time limits, and the threads for
 * asynchronous calls and large requests. Closing it closes the templates too.
 * Thread-safe.
 *
 * @since 0.1.0
 * @see PipeTemplate#builder(io.namedpipe.transport.PipeConnector, PipeClientResources)
 */
public final class PipeClientResources implements AutoCloseable {

	private final Deadlines deadlines = new Deadlines("pipe-client-deadlines");

	private final ClientThreads threads = new ClientThreads();

	private final Set<ConnectionPool> pools = ConcurrentHashMap.newKeySet();

	Deadlines deadlines() {
		return this.deadlines;
	}

	ClientThreads threads() {
		return this.threads;
	}

	void add(ConnectionPool pool) {
		this.pools.add(pool);
	}

	void remove(ConnectionPool pool) {
		this.pools.remove(pool);
	}

	/**
	 * Close the connections of all templates, and end the threads. Requests that are
	 * under way fail. Idempotent.
	 */
	@Override
	public void close() {
		this.pools.forEach(ConnectionPool::close);
		this.threads.close();
		this.deadlines.close();
	}

}
