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

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The users that may connect to a pipe: a list of rules, or a security descriptor.
 *
 * @param allowed the rules, each one of {@code current-user}, {@code authenticated}, a
 * user name, {@code group:NAME}, a numeric uid, {@code group:GID} or a SID
 * @param sddl a security descriptor in SDDL, Windows only, instead of the rules
 * @since 0.1.0
 */
public record PipeAccess(List<String> allowed, @Nullable String sddl) {

	/** The rule that lets in the user that the server runs as. */
	public static final String CURRENT_USER = "current-user";

	/** The rule that lets in every authenticated user. */
	public static final String AUTHENTICATED = "authenticated";

	/** The prefix of a rule that lets in a group. */
	public static final String GROUP_PREFIX = "group:";

	public PipeAccess {
		allowed = List.copyOf(allowed);
		if (sddl == null && allowed.isEmpty()) {
			throw new IllegalArgumentException("'allowed' must not be empty: nobody could connect");
		}
	}

	/**
	 * The default: the current user alone.
	 * @return the access
	 */
	public static PipeAccess currentUser() {
		return allow(CURRENT_USER);
	}

	/**
	 * Access by rules.
	 * @param allowed the rules
	 * @return the access
	 */
	public static PipeAccess allow(String... allowed) {
		return new PipeAccess(List.of(allowed), null);
	}

	/**
	 * Access by a security descriptor.
	 * @param sddl the descriptor
	 * @return the access
	 */
	public static PipeAccess sddl(String sddl) {
		return new PipeAccess(List.of(), sddl);
	}

	/**
	 * Whether the current user alone can connect.
	 * @return {@code true} for the default
	 */
	public boolean isCurrentUserOnly() {
		return this.sddl == null && this.allowed.stream().allMatch(CURRENT_USER::equals);
	}

}
