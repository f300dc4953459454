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

import io.namedpipe.listener.Shares.Outcome;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeException;

/**
 * A client that has connected, and how it is counted.
 */
final class AdmittedClient {

	private final PipeChannel channel;

	private final Set<String> owners;

	private volatile ClientUser user;

	/** Whether the user is known for certain. */
	private volatile boolean identified;

	/** The limit that the client waits for, until a connection is closed for it. */
	private volatile Outcome limit = Outcome.ACQUIRED;

	AdmittedClient(PipeChannel channel, Set<String> owners) {
		this.channel = channel;
		this.owners = owners;
		this.user = ClientUser.of(channel, owners);
		this.identified = isPeerKnown();
	}

	private boolean isPeerKnown() {
		try {
			return this.channel.peerId() != null;
		}
		catch (PipeException ex) {
			return false;
		}
	}

	PipeChannel channel() {
		return this.channel;
	}

	ClientUser user() {
		return this.user;
	}

	boolean isIdentified() {
		return this.identified;
	}

	void setUser(ClientUser user) {
		this.user = user;
		this.identified = isPeerKnown();
	}

	/**
	 * Look at the user again, after the client has sent something.
	 * @return the user, known now or not
	 */
	ClientUser identify() {
		return ClientUser.of(this.channel, this.owners);
	}

	Outcome limit() {
		return this.limit;
	}

	void setLimit(Outcome limit) {
		this.limit = limit;
	}

}
