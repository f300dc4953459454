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

package io.namedpipe.transport.unix;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.IntPredicate;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeException;

/**
 * The entry of a user in the user database when it was first read, and whether it is
 * still the same. The connections of one user share it. Thread-safe.
 */
final class UserStanding {

	private final int uid;

	private final UserDatabase database;

	private volatile @Nullable State state;

	UserStanding(int uid, UserDatabase database) {
		this.uid = uid;
		this.database = database;
	}

	/**
	 * Look the user up again, if that was not done for a while. The first call only
	 * remembers what the database says.
	 * @param maxAge how old the last look may be
	 * @param counted whether a group of the database is one that the connection has
	 * @throws PipeAccessDeniedException if the user was removed or has lost a group, now
	 * or at an earlier look
	 * @throws PipeException if the user cannot be looked up
	 */
	void check(Duration maxAge, IntPredicate counted) {
		State known = this.state;
		long now = System.nanoTime();
		if (known == null) {
			Entry entry = lookUp();
			this.state = new State(entry, now, null);
			return;
		}
		if (known.loss() == null && now - known.since() >= maxAge.toNanos()) {
			known = new State(known.first(), now, loss(known.first(), lookUp(), counted));
			this.state = known;
		}
		if (known.loss() != null) {
			throw new PipeAccessDeniedException(
					"The user has %s since it connected; connect again".formatted(known.loss()));
		}
	}

	private Entry lookUp() {
		try {
			return new Entry(this.database.name(this.uid), this.database.groups(this.uid));
		}
		catch (IOException ex) {
			throw new PipeException(
					"The user %s cannot be looked up again: %s".formatted(UnixIds.format(this.uid), ex.getMessage()),
					ex);
		}
	}

	private static @Nullable String loss(Entry first, Entry current, IntPredicate counted) {
		if (first.name() != null && !first.name().equals(current.name())) {
			return "been removed or renamed";
		}
		boolean lost = Arrays.stream(first.groups())
			.filter(counted)
			.anyMatch((group) -> Arrays.stream(current.groups()).noneMatch((each) -> each == group));
		return lost ? "lost a group" : null;
	}

	/**
	 * A user in the database.
	 *
	 * @param name the name, or {@code null} if there is no entry
	 * @param groups the groups
	 */
	private record Entry(@Nullable String name, int[] groups) {
	}

	/**
	 * The last look.
	 *
	 * @param first what was said first
	 * @param since when the user was looked up last
	 * @param loss what the user has lost, or {@code null}
	 */
	private record State(Entry first, long since, @Nullable String loss) {
	}

}
