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
import java.util.Arrays;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.ImpersonationLevel;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeException;

/**
 * A user and a group at the other end of connections, with their numbers. Knowing these
 * is cheap; the user's other groups are asked for when something needs them. Immutable
 * but for that, and shared by the connections of one user for a few seconds.
 */
final class UnixPeer {

	private final int uid;

	private final int gid;

	private final String name;

	private final UserGroups userGroups;

	private volatile int @Nullable [] groups;

	private volatile @Nullable PeerIdentity identity;

	private volatile @Nullable LinuxIdentity credentials;

	UnixPeer(int uid, int gid, String name, UserGroups userGroups) {
		this.uid = uid;
		this.gid = gid;
		this.name = name;
		this.userGroups = userGroups;
	}

	int uid() {
		return this.uid;
	}

	int gid() {
		return this.gid;
	}

	// All groups, ascending and each once: that of the peer's process, and those that the
	// user database gives the user.
	int[] groups() {
		int[] groups = this.groups;
		if (groups == null) {
			groups = findGroups();
			this.groups = groups;
		}
		return groups.clone();
	}

	private int[] findGroups() {
		try {
			int[] found = this.userGroups.of(this.name, this.uid);
			int[] all = Arrays.copyOf(found, found.length + 1);
			all[found.length] = this.gid;
			return Arrays.stream(all)
				.mapToLong(Integer::toUnsignedLong)
				.sorted()
				.distinct()
				.mapToInt((id) -> (int) id)
				.toArray();
		}
		catch (IOException ex) {
			throw new PipeException("The groups of %s are not known: %s".formatted(this, ex.getMessage()), ex);
		}
	}

	boolean isInGroup(int group) {
		if (this.gid == group) {
			return true;
		}
		for (int each : groups()) {
			if (each == group) {
				return true;
			}
		}
		return false;
	}

	PeerIdentity identity() {
		PeerIdentity identity = this.identity;
		if (identity == null) {
			identity = PeerIdentity.of(PeerIdentity.Kind.UNIX, UnixIds.format(this.uid))
				.name(this.name)
				.primaryGroup(UnixIds.format(this.gid))
				.groups(Arrays.stream(groups()).mapToObj(UnixIds::format).collect(Collectors.toList()))
				.level(ImpersonationLevel.IMPERSONATION)
				.build();
			this.identity = identity;
		}
		return identity;
	}

	// The peer as the kernel takes it, made once for all connections of the user.
	LinuxIdentity credentials(LinuxCredentials factory) {
		LinuxIdentity credentials = this.credentials;
		if (credentials == null) {
			ImpersonationSupport.requireMapped(this);
			credentials = factory.identity(this);
			this.credentials = credentials;
		}
		return credentials;
	}

	@Override
	public String toString() {
		String number = UnixIds.format(this.uid);
		return this.name.equals(number) ? "uid " + number : "'%s' (uid %s)".formatted(this.name, number);
	}

}
