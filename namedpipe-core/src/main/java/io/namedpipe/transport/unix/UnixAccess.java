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
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeAccess;
import io.namedpipe.transport.PipeAccessRuleException;

/**
 * The rules of {@link PipeAccess} as uids and gids, resolved when the pipe is bound. They
 * are enforced twice, by the permissions of the socket and by the ids of each accepted
 * peer: permissions cannot tell users apart, and a client may have connected between the
 * bind and the change of the permissions. Root is always permitted: no permission keeps
 * it out.
 */
final class UnixAccess {

	private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");

	private static final Set<PosixFilePermission> GROUP = PosixFilePermissions.fromString("rw-rw----");

	private static final Set<PosixFilePermission> EVERY_USER = PosixFilePermissions.fromString("rw-rw-rw-");

	private final Set<Integer> uids = new HashSet<>();

	private final Set<Integer> gids = new HashSet<>();

	private final int self;

	private boolean authenticated;

	private UnixAccess(int self) {
		this.self = self;
	}

	// Resolve the rules.
	static UnixAccess of(PipeAccess access, int self) {
		UnixAccess result = new UnixAccess(self);
		access.allowed().forEach(result::add);
		return result;
	}

	private void add(String rule) {
		if (rule.equals(PipeAccess.CURRENT_USER)) {
			this.uids.add(this.self);
		}
		else if (rule.equals(PipeAccess.AUTHENTICATED)) {
			this.authenticated = true;
		}
		else if (rule.startsWith(PipeAccess.GROUP_PREFIX)) {
			this.gids.add(group(rule, rule.substring(PipeAccess.GROUP_PREFIX.length())));
		}
		else {
			this.uids.add(user(rule));
		}
	}

	// The uid that a rule gives by name or number.
	static int user(String rule) {
		return resolve(rule, rule, "user", UnixIds::uidOf);
	}

	private static int group(String rule, String name) {
		return resolve(rule, name, "group", UnixIds::gidOf);
	}

	private static int resolve(String rule, String name, String kind, Resolver resolver) {
		if (name.startsWith("S-1-")) {
			throw new PipeAccessRuleException(rule,
					"a SID belongs to Windows; on this system use a name or a numeric id");
		}
		OptionalInt id;
		try {
			id = name.isBlank() ? OptionalInt.empty() : resolver.resolve(name);
		}
		catch (IOException ex) {
			throw new PipeAccessRuleException(rule, "the %s cannot be looked up (%s)".formatted(kind, ex.getMessage()),
					ex);
		}
		if (id.isEmpty()) {
			throw new PipeAccessRuleException(rule,
					"this machine has no %s '%s'; create it, or use a numeric id".formatted(kind, name));
		}
		if (UnixIds.isNumber(name) && UnixIds.parse(name) != id.getAsInt()) {
			throw new PipeAccessRuleException(rule,
					"it is the name of one %1$s and the number of another; use the number %2$s if the %1$s '%3$s' is meant"
						.formatted(kind, UnixIds.format(id.getAsInt()), name));
		}
		return id.getAsInt();
	}

	// The group of the socket, if its permissions can express all rules.
	@Nullable Integer socketGroup() {
		return (!this.authenticated && ownUserOnly() && this.gids.size() == 1) ? this.gids.iterator().next() : null;
	}

	// The permissions of the socket.
	Set<PosixFilePermission> permissions(boolean grouped) {
		if (isOwnerOnly()) {
			return OWNER;
		}
		return grouped ? GROUP : EVERY_USER;
	}

	boolean isOwnerOnly() {
		return !this.authenticated && this.gids.isEmpty() && ownUserOnly();
	}

	private boolean ownUserOnly() {
		return this.uids.stream().allMatch((uid) -> uid == this.self || uid == UnixIds.ROOT);
	}

	// Whether every peer is permitted.
	boolean isOpenToAll() {
		return this.authenticated;
	}

	boolean permits(UnixUser user) {
		return user.uid() == UnixIds.ROOT || permitsRemote(user);
	}

	// Over the network nothing but the rules lets a user in, root included.
	boolean permitsRemote(UnixUser user) {
		return this.authenticated || this.uids.contains(user.uid()) || this.gids.stream().anyMatch(user::isInGroup);
	}

	@FunctionalInterface
	private interface Resolver {

		OptionalInt resolve(String name) throws IOException;

	}

}
