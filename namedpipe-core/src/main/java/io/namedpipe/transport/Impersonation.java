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

import io.namedpipe.platform.PlatformThreads;

/**
 * The means to act as the peer of one connection. The identity belongs to the operating
 * system's thread: {@link #enter()} and {@link Scope#leave()} are called on one platform
 * thread, never on a virtual thread, and no thread may be created in between: on Linux it
 * would have the peer's identity, too.
 *
 * @since 0.1.0
 */
public interface Impersonation {

	/**
	 * Require a platform thread, since a virtual thread cannot act as a client.
	 * @throws PipeImpersonationException if the calling thread is virtual
	 */
	static void requirePlatformThread() {
		if (PlatformThreads.isVirtual(Thread.currentThread())) {
			throw new PipeImpersonationException(
					"A virtual thread cannot act as a client: its identity would stay behind on the thread that carries it; "
							+ "enter on a platform thread");
		}
	}

	/**
	 * Whether the thread's identity has to change at all.
	 * @return {@code false} if the peer is the user that the server runs as
	 */
	boolean isSwitchNeeded();

	/**
	 * Whether code should act as the peer only on a thread that was given to
	 * {@link #dedicateThread()}, because other code than that can start a thread: since
	 * Java 21, on Linux, waking a virtual thread can start a carrier.
	 * @return {@code true} if it should
	 */
	default boolean isDedicatedThreadNeeded() {
		return false;
	}

	/**
	 * Keep the calling thread from starting threads as long as it lives, where a thread
	 * that is started in a scope would have the peer's identity, too. Without effect
	 * elsewhere, and on a thread for which that has been done.
	 * @throws PipeImpersonationException if the system does not allow that, and
	 * {@link #isDedicatedThreadNeeded()}
	 */
	default void dedicateThread() {
	}

	/**
	 * Check that the process can take on other identities, before code runs that relies
	 * on it. Changes nothing.
	 * @throws PipeImpersonationException if it cannot, and {@link #isSwitchNeeded()}
	 */
	default void requirePossible() {
	}

	/**
	 * Take on the peer's identity on the calling thread, and verify it.
	 * @return the scope to leave, in {@code finally}
	 * @throws PipeImpersonationException if the identity could not be taken on; the
	 * thread has its own identity then
	 */
	Scope enter();

	/**
	 * The time for which a thread has another identity.
	 *
	 * @since 0.1.0
	 */
	@FunctionalInterface
	interface Scope {

		/**
		 * Put the thread's own identity back, and verify it.
		 * @throws PipeImpersonationException if that failed; the thread must never be
		 * used again
		 */
		void leave();

	}

}
