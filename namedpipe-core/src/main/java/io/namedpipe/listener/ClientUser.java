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

import java.util.Set;

import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeException;

/**
 * The user of a connection, as far as limits are concerned.
 *
 * @param id the id, as {@link io.namedpipe.transport.PeerIdentity#id()}
 * @param isOwner whether it is one of the server's owners
 */
record ClientUser(String id, boolean isOwner) {

	/** Users that are not known yet, or cannot be identified. */
	private static final ClientUser UNKNOWN = new ClientUser("unknown", false);

	/**
	 * Find out the user of a connection, or guess it as long as the client has sent
	 * nothing.
	 * @param channel the connection
	 * @param owners the users that own the server
	 * @return the user, known or not
	 */
	static ClientUser of(PipeChannel channel, Set<String> owners) {
		try {
			String id = channel.presumedPeerId();
			return (id != null) ? new ClientUser(id, owners.contains(id)) : UNKNOWN;
		}
		catch (PipeException ex) {
			return UNKNOWN;
		}
	}

	boolean isKnown() {
		return this != UNKNOWN;
	}

}
