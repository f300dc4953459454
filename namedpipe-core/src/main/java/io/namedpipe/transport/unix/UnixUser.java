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
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.LogText;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeException;

/**
 * A user with the groups of a process, by its ids. The connections of one user share it
 * for a few seconds. The name, and the groups where the kernel does not report them, are
 * looked up when they are first needed; a look-up that fails is repeated the next time.
 */
final class UnixUser {

	private final int uid;

	private final int gid;

	private final UserDatabase database;

	private final UserStanding standing;

	private volatile int @Nullable [] groups;

	private volatile @Nullable String name;

	private volatile @Nullable PeerIdentity identity;

	private volatile @Nullable LinuxIdentity credentials;

	/**
	 * Create a user.
	 * @param uid the user
	 * @param gid the primary group of the process
	 * @param groups the supplementary groups of the process, or {@code null} if the
	 * kernel does not report them: then those of the user database count
	 * @param name the name, or {@code null} to look it up
	 * @param database knows names and groups
	 */
	UnixUser(int uid, int gid, int @Nullable [] groups, @Nullable String name, UserDatabase database) {
		this.uid = uid;
		this.gid = gid;
		this.groups = (groups != null) ? withPrimary(groups) : null;
		this.name = name;
		this.database = database;
		this.standing = new UserStanding(uid, database);
	}

	int uid() {
		return this.uid;
	}

	int gid() {
		return this.gid;
	}

	// All groups, the primary one included, ascending and each once.
	int[] groups() {
		int[] groups = this.groups;
		if (groups == null) {
			try {
				groups = withPrimary(this.database.groups(this.uid));
			}
			catch (IOException ex) {
				throw new PipeException("The groups of %s are not known: %s".formatted(this, ex.getMessage()), ex);
			}
			this.groups = groups;
		}
		return groups.clone();
	}

	private int[] withPrimary(int[] groups) {
		int[] all = Arrays.copyOf(groups, groups.length + 1);
		all[groups.length] = this.gid;
		return Arrays.stream(all)
			.mapToLong(Integer::toUnsignedLong)
			.sorted()
			.distinct()
			.mapToInt((id) -> (int) id)
			.toArray();
	}

	boolean isInGroup(int group) {
		return this.gid == group || Arrays.stream(groups()).anyMatch((each) -> each == group);
	}

	/**
	 * Look again whether the user database still knows the user and the groups that count
	 * here.
	 * @param maxAge how old the last look may be
	 */
	void recheck(Duration maxAge) {
		this.standing.check(maxAge, this::isInGroup);
	}

	// The name, or the number of a user without an entry in the user database.
	String name() {
		String name = this.name;
		if (name == null) {
			try {
				name = this.database.name(this.uid);
			}
			catch (IOException ex) {
				throw new PipeException(
						"The name of uid %s is not known: %s".formatted(UnixIds.format(this.uid), ex.getMessage()), ex);
			}
			name = (name != null) ? name : UnixIds.format(this.uid);
			this.name = name;
		}
		return name;
	}

	PeerIdentity identity(@Nullable Long processId) {
		PeerIdentity identity = this.identity;
		if (identity == null || !Objects.equals(identity.processId(), processId)) {
			identity = PeerIdentity.of(PeerIdentity.Kind.UNIX, UnixIds.format(this.uid))
				.name(name())
				.primaryGroup(UnixIds.format(this.gid))
				.groups(Arrays.stream(groups()).mapToObj(UnixIds::format).toList())
				.process(processId)
				.build();
			this.identity = identity;
		}
		return identity;
	}

	// The user as the kernel takes it, made once for all connections of the user.
	LinuxIdentity credentials(LinuxCredentials factory) {
		LinuxIdentity credentials = this.credentials;
		if (credentials == null) {
			credentials = factory.identity(this);
			this.credentials = credentials;
		}
		return credentials;
	}

	// For messages: says the name too, if it can be looked up.
	@Override
	public String toString() {
		String number = UnixIds.format(this.uid);
		try {
			String name = name();
			return name.equals(number) ? "uid " + number : "'%s' (uid %s)".formatted(LogText.of(name), number);
		}
		catch (PipeException ex) {
			return "uid " + number;
		}
	}

}
