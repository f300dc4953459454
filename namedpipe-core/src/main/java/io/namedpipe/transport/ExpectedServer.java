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

/**
 * The users that may own the server on a pipe. The client checks the owner before it
 * sends anything, so that another user that took the name learns nothing.
 *
 * @param owners the owners that are accepted, each one of {@code current-user},
 * {@code system} (root, or SYSTEM and Administrators), a user name, a numeric uid or a
 * SID; or {@code any} alone
 * @since 0.1.0
 */
public record ExpectedServer(List<String> owners) {

	/** Accepts every server. */
	public static final String ANY = "any";

	/** Accepts a server of root, or of SYSTEM and Administrators. */
	public static final String SYSTEM = "system";

	/** Accepts a server of the client's own user. */
	public static final String CURRENT_USER = PipeAccess.CURRENT_USER;

	public ExpectedServer {
		owners = List.copyOf(owners);
		if (owners.isEmpty()) {
			throw new IllegalArgumentException("'owners' must not be empty: no server could be accepted");
		}
		if (owners.size() > 1 && owners.contains(ANY)) {
			throw new IllegalArgumentException(
					"'owners' is %s, but 'any' accepts every server: name 'any' alone, or the others"
						.formatted(owners));
		}
	}

	/**
	 * The default: the current user, or the system.
	 * @return the expectation
	 */
	public static ExpectedServer trusted() {
		return of(CURRENT_USER, SYSTEM);
	}

	/**
	 * Accept these owners.
	 * @param owners the owners
	 * @return the expectation
	 */
	public static ExpectedServer of(String... owners) {
		return new ExpectedServer(List.of(owners));
	}

	/**
	 * Whether an owner is given by a keyword, and not by a name or an id.
	 * @param owner the owner
	 * @return {@code true} for {@code current-user}, {@code system} and {@code any}
	 */
	public static boolean isKeyword(String owner) {
		return owner.equals(CURRENT_USER) || owner.equals(SYSTEM) || owner.equals(ANY);
	}

	/**
	 * Whether every server is accepted.
	 * @return {@code true} if there is nothing to check
	 */
	public boolean isAny() {
		return this.owners.contains(ANY);
	}

}
