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

package io.namedpipe.security;

import java.io.Serializable;
import java.security.Principal;

import io.namedpipe.transport.PeerIdentity;

/**
 * The caller of a pipe request, as the operating system reports it. Immutable.
 *
 * @param identity what is known of the caller
 * @since 0.1.0
 */
public record PipePrincipal(PeerIdentity identity) implements Principal, Serializable {

	/**
	 * The account name of the caller.
	 * @return {@code domain\name} on Windows, the user name elsewhere
	 */
	@Override
	public String getName() {
		return this.identity.qualifiedName();
	}

	/**
	 * The id of the caller. Use the id and not the name for decisions: a name can be
	 * given to another user later.
	 * @return the SID, or the uid in decimal
	 */
	public String getId() {
		return this.identity.id();
	}

	@Override
	public String toString() {
		return getName();
	}

}
