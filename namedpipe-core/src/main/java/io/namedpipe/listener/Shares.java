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

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts how much of something limited each user has. Owners of the server have no limit
 * of their own and may use the reserve. Thread-safe.
 */
final class Shares {

	private final int total;

	private final int perUser;

	private final int reserved;

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<String, Integer> users = new HashMap<>();

	private int used;

	/**
	 * Create the shares.
	 * @param total the limit for all users together
	 * @param perUser the limit for each user
	 * @param reserved how much of the total is for owners alone
	 */
	Shares(int total, int perUser, int reserved) {
		this.total = total;
		this.perUser = perUser;
		this.reserved = reserved;
	}

	/**
	 * Take one for a user.
	 * @param user the user
	 * @return what became of it
	 */
	Outcome tryAcquire(ClientUser user) {
		this.lock.lock();
		try {
			if (!hasShare(user)) {
				return Outcome.USER_LIMIT;
			}
			if (this.used >= limit(user)) {
				return Outcome.TOTAL_LIMIT;
			}
			this.users.merge(user.id(), 1, Integer::sum);
			this.used++;
			return Outcome.ACQUIRED;
		}
		finally {
			this.lock.unlock();
		}
	}

	// With the lock.
	private boolean hasShare(ClientUser user) {
		return user.isOwner() || !user.isKnown() || this.users.getOrDefault(user.id(), 0) < this.perUser;
	}

	private int limit(ClientUser user) {
		return user.isOwner() ? this.total : this.total - this.reserved;
	}

	/**
	 * Give one back.
	 * @param user the user
	 */
	void release(ClientUser user) {
		this.lock.lock();
		try {
			this.users.computeIfPresent(user.id(), (id, count) -> (count > 1) ? count - 1 : null);
			this.used--;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Count one for another user, if the first one was a wrong guess.
	 * @param from the user before
	 * @param to the user now
	 * @return whether the other user may have it; if not, the user before keeps it
	 */
	boolean tryMove(ClientUser from, ClientUser to) {
		this.lock.lock();
		try {
			// What an owner has may be of the reserve.
			boolean fits = !from.isOwner() || this.used <= limit(to);
			if (!from.equals(to) && !(fits && hasShare(to))) {
				return false;
			}
			release(from);
			this.users.merge(to.id(), 1, Integer::sum);
			this.used++;
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Whether there was one for a user.
	 */
	enum Outcome {

		ACQUIRED, USER_LIMIT, TOTAL_LIMIT

	}

}
