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

import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The user at the other end of a connection, as the operating system reports it. An
 * immutable value without native resources: it can be kept, compared and logged.
 *
 * @param kind the kind of the ids
 * @param id the SID, or the uid in decimal
 * @param name the account name without its domain; the id where the system has no name
 * @param domain the domain or computer of the account, on Windows
 * @param primaryGroupId the SID or the gid of the primary group, if known
 * @param groupIds the SIDs or gids of all groups, the primary one included
 * @param processId the process id at connect time, where the system gives it; a hint and
 * no proof, since the system uses process ids again
 * @param sessionId the Windows session of the process, if known
 * @param computerName the peer's computer, if the system gives it; behind Samba its
 * network address
 * @param remote whether the peer is on another machine
 * @param elevated whether the Windows token is elevated
 * @param level what the peer lets the server do with its identity; impersonation by
 * default, and always behind Samba, which does not say
 * @param sids the SIDs of a user of Unix, where Samba gives them: of the user, the groups
 * and the log-on; empty otherwise
 * @param encrypted whether the connection of a remote peer is known to be encrypted
 * @since 0.1.0
 */
public record PeerIdentity(Kind kind, String id, String name, @Nullable String domain, @Nullable String primaryGroupId,
		Set<String> groupIds, @Nullable Long processId, @Nullable Integer sessionId, @Nullable String computerName,
		boolean remote, boolean elevated, ImpersonationLevel level, List<String> sids,
		boolean encrypted) implements Serializable {

	public PeerIdentity {
		groupIds = Set.copyOf(groupIds);
		sids = List.copyOf(sids);
	}

	/**
	 * Create a builder of an identity that has its id as its name.
	 * @param kind the kind of the ids
	 * @param id the SID, or the uid in decimal
	 * @return a builder
	 */
	public static Builder of(Kind kind, String id) {
		return new Builder(kind, id);
	}

	/**
	 * The name with its domain.
	 * @return {@code domain\name}, or the name alone
	 */
	public String qualifiedName() {
		return (this.domain != null && !this.domain.isEmpty()) ? this.domain + "\\" + this.name : this.name;
	}

	/**
	 * Where the ids of an identity come from.
	 *
	 * @since 0.1.0
	 */
	public enum Kind {

		/** SIDs of a Windows token. */
		WINDOWS,

		/** A uid and gids. */
		UNIX

	}

	/**
	 * Builds a {@link PeerIdentity}: a method for each property, and {@link #build()}.
	 * The primary group becomes one of the groups, and groups add up.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final Kind kind;

		private final String id;

		private String name;

		private @Nullable String domain;

		private @Nullable String primaryGroupId;

		private final Set<String> groupIds = new LinkedHashSet<>();

		private @Nullable Long processId;

		private @Nullable Integer sessionId;

		private @Nullable String computerName;

		private boolean remote;

		private boolean elevated;

		private ImpersonationLevel level = ImpersonationLevel.IMPERSONATION;

		private List<String> sids = List.of();

		private boolean encrypted;

		private Builder(Kind kind, String id) {
			this.kind = kind;
			this.id = id;
			this.name = id;
		}

		public Builder name(String name) {
			this.name = name;
			return this;
		}

		public Builder domain(@Nullable String domain) {
			this.domain = domain;
			return this;
		}

		public Builder primaryGroup(String primaryGroupId) {
			this.primaryGroupId = primaryGroupId;
			this.groupIds.add(primaryGroupId);
			return this;
		}

		public Builder groups(Iterable<String> groupIds) {
			groupIds.forEach(this.groupIds::add);
			return this;
		}

		public Builder process(@Nullable Long processId) {
			this.processId = processId;
			return this;
		}

		public Builder session(@Nullable Integer sessionId) {
			this.sessionId = sessionId;
			return this;
		}

		public Builder computer(@Nullable String computerName, boolean remote) {
			this.computerName = computerName;
			this.remote = remote;
			return this;
		}

		public Builder elevated(boolean elevated) {
			this.elevated = elevated;
			return this;
		}

		public Builder level(ImpersonationLevel level) {
			this.level = level;
			return this;
		}

		public Builder sids(List<String> sids) {
			this.sids = sids;
			return this;
		}

		public Builder encrypted(boolean encrypted) {
			this.encrypted = encrypted;
			return this;
		}

		public PeerIdentity build() {
			return new PeerIdentity(this.kind, this.id, this.name, this.domain, this.primaryGroupId, this.groupIds,
					this.processId, this.sessionId, this.computerName, this.remote, this.elevated, this.level,
					this.sids, this.encrypted);
		}

	}

}
