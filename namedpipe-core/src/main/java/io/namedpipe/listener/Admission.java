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

package io.namedpipe.listener;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import io.namedpipe.listener.Shares.Outcome;
import io.namedpipe.protocol.PipeFailure;
import io.namedpipe.protocol.PipeFailure.Code;
import io.namedpipe.transport.PipeException;

/**
 * Decides which clients of a pipe are served, which wait for others to leave, and which
 * are refused. Clients are accepted also when all connections are in use, because the
 * user of a client is known only then, and the server's owner has reserved connections.
 * Thread-safe.
 */
final class Admission {

	/** Clients that wait, with a connection and without a thread. */
	private static final int MAX_WAITING = 1024;

	/** Places that are reserved for owners of the server. */
	private static final int RESERVED_WAITING = 64;

	/**
	 * The number of clients of one user that can wait, also where the user may have fewer
	 * connections.
	 */
	private static final int MIN_WAITING_PER_USER = 16;

	private final PipeContainerSettings settings;

	private final PipeServerListener listener;

	private final Predicate<@Nullable ClientUser> evictor;

	private final Shares connections;

	private final AtomicBoolean saturated = new AtomicBoolean();

	private final ReentrantLock lock = new ReentrantLock();

	// Guarded by the lock, like that below.
	private final Deque<AdmittedClient> waiting = new ArrayDeque<>();

	private boolean closed;

	/**
	 * Create the admission.
	 * @param settings the limits
	 * @param listener is told when the limit is reached
	 * @param evictor closes the connection that has been idle longest, of a user or of
	 * any, and says whether there was one
	 */
	Admission(PipeContainerSettings settings, PipeServerListener listener, Predicate<@Nullable ClientUser> evictor) {
		this.settings = settings;
		this.listener = listener;
		this.evictor = evictor;
		this.connections = new Shares(settings.maxConnections(), settings.maxConnectionsPerUser(),
				settings.reservedConnections());
	}

	/**
	 * Decide what becomes of a new client.
	 * @param client the client
	 * @return whether it is served now
	 * @throws RefusedException if it is refused
	 */
	boolean admit(AdmittedClient client) throws RefusedException {
		Outcome outcome;
		this.lock.lock();
		try {
			if (this.closed) {
				throw new RefusedException(new PipeFailure(Code.BUSY, "the server stops"));
			}
			outcome = this.connections.tryAcquire(client.user());
			if (outcome == Outcome.ACQUIRED) {
				return true;
			}
			if (!mayWait(client.user())) {
				throw new RefusedException(failure(outcome));
			}
			client.setLimit(outcome);
			this.waiting.add(client);
		}
		finally {
			this.lock.unlock();
		}
		makeRoom();
		if (outcome == Outcome.TOTAL_LIMIT && this.saturated.compareAndSet(false, true)) {
			this.listener.connectionLimitReached(this.settings.id(), this.settings.maxConnections());
		}
		return false;
	}

	private boolean mayWait(ClientUser user) {
		if (user.isOwner()) {
			return this.waiting.size() < MAX_WAITING;
		}
		if (this.waiting.size() >= MAX_WAITING - RESERVED_WAITING) {
			return false;
		}
		long ofUser = this.waiting.stream().filter((each) -> each.user().equals(user)).count();
		return !user.isKnown() || ofUser < Math.max(this.settings.maxConnectionsPerUser(), MIN_WAITING_PER_USER);
	}

	private PipeFailure failure(Outcome outcome) {
		return new PipeFailure(Code.BUSY,
				(outcome == Outcome.USER_LIMIT)
						? "the user already has %d connections, and others that wait (max-connections-per-user)"
							.formatted(this.settings.maxConnectionsPerUser())
						: "all %d connections are in use, and too many clients wait (max-connections)"
							.formatted(this.settings.maxConnections()));
	}

	/**
	 * Count a client for its user, which was not known for certain when it connected.
	 * @param client the client, which has sent something meanwhile
	 * @throws RefusedException if the user has too many connections
	 */
	void identify(AdmittedClient client) throws RefusedException {
		ClientUser user = client.identify();
		if (!this.connections.tryMove(client.user(), user)) {
			throw new RefusedException(failure(Outcome.USER_LIMIT));
		}
		client.setUser(user);
	}

	/**
	 * Tell that a client has left.
	 * @param client a client that was served
	 * @return a client that has waited and is to be served in its place, by the same
	 * thread; or {@code null}
	 */
	@Nullable AdmittedClient release(AdmittedClient client) {
		this.saturated.set(false);
		this.lock.lock();
		try {
			this.connections.release(client.user());
			Iterator<AdmittedClient> each = this.waiting.iterator();
			while (each.hasNext()) {
				AdmittedClient next = each.next();
				if (this.connections.tryAcquire(next.user()) == Outcome.ACQUIRED) {
					each.remove();
					return next;
				}
			}
			return null;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Close idle connections for the clients that wait. Called at an interval too, since
	 * connections become idle.
	 */
	void makeRoom() {
		List<AdmittedClient> clients;
		this.lock.lock();
		try {
			clients = this.waiting.stream().filter((each) -> each.limit() != Outcome.ACQUIRED).toList();
		}
		finally {
			this.lock.unlock();
		}
		for (AdmittedClient client : clients) {
			ClientUser user = (client.limit() == Outcome.USER_LIMIT) ? client.user() : null;
			if (this.evictor.test(user)) {
				client.setLimit(Outcome.ACQUIRED);
			}
			else if (user == null) {
				return;
			}
		}
	}

	/**
	 * Close the connections of the clients that wait, and refuse further ones.
	 */
	void close() {
		List<AdmittedClient> left;
		this.lock.lock();
		try {
			this.closed = true;
			left = List.copyOf(this.waiting);
			this.waiting.clear();
		}
		finally {
			this.lock.unlock();
		}
		left.forEach(Admission::close);
	}

	static void close(AdmittedClient client) {
		try {
			client.channel().close();
		}
		catch (PipeException ex) {
			// The client is not told either way.
		}
	}

	/**
	 * Thrown if a client is not served.
	 */
	static final class RefusedException extends Exception {

		private static final long serialVersionUID = 1L;

		private final transient PipeFailure failure;

		RefusedException(PipeFailure failure) {
			super(failure.message(), null, false, false);
			this.failure = failure;
		}

		PipeFailure failure() {
			return this.failure;
		}

	}

}
