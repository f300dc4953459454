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

import java.util.Set;

/**
 * A pipe that is listened on. Several threads may wait in {@link #accept()} at once; any
 * thread may close.
 *
 * @since 0.1.0
 */
public interface PipeServerChannel extends AutoCloseable {

	/**
	 * The pipe.
	 * @return the address that was bound
	 */
	PipeAddress address();

	/**
	 * Wait for a client. Clients that have left already, or that may not connect, are
	 * skipped. The caller closes the returned channel.
	 * @return the connection to the client
	 * @throws PipeClosedException if this channel is closed, before or during the wait
	 * @throws PipeException if no client can be accepted, or the calling thread is
	 * interrupted, which may close this channel as it closes the JDK's
	 */
	PipeChannel accept();

	/**
	 * Whether the channel still listens.
	 * @return {@code false} once closed
	 */
	boolean isOpen();

	/**
	 * Whether a client that uses the address reaches this channel. Cheap enough to be
	 * asked every few seconds, and unlike {@link #isOpen()} notices that another process
	 * has taken the name away.
	 * @return {@code false} once closed, or if the name leads elsewhere
	 */
	default boolean isReachable() {
		return isOpen();
	}

	/**
	 * Where clients find the pipe, as the operating system names it.
	 * @return the place, for messages
	 */
	default String location() {
		return address().toString();
	}

	/**
	 * The users that own the server: its own user, and the one that administers the
	 * system (root, or SYSTEM). Limits for each user are not for them.
	 * @return their ids, as {@link PeerIdentity#id()}
	 */
	default Set<String> ownerIds() {
		return Set.of();
	}

	/**
	 * Stop listening and free the name. Ends every pending {@link #accept()}; leaves
	 * accepted connections as they are. Idempotent.
	 */
	@Override
	void close();

}
