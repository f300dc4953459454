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

package io.namedpipe.transport.windows;

import com.sun.jna.Memory;

import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeUnsupportedException;

/**
 * Tells the client who its server is: the owner of the pipe, and the process that created
 * it ({@code GetNamedPipeServerProcessId}).
 */
final class ServerPeers implements PeerSource {

	private final String owner;

	private final boolean remote;

	/**
	 * Create the source.
	 * @param owner the SID of the pipe's owner
	 * @param remote whether the server is on another machine
	 */
	ServerPeers(String owner, boolean remote) {
		this.owner = owner;
		this.remote = remote;
	}

	@Override
	public PeerIdentity identify(PipeHandle pipe, boolean received) {
		PeerIdentity.Builder identity = PeerIdentity.of(PeerIdentity.Kind.WINDOWS, this.owner)
			.computer(null, this.remote);
		Accounts.Account account = Accounts.name(this.owner);
		if (account != null) {
			identity.name(account.name()).domain(account.domain());
		}
		try (Memory id = new Memory(Integer.BYTES)) {
			if (Kernel32Calls.GetNamedPipeServerProcessId(pipe.pointer(), id)) {
				identity.process(Integer.toUnsignedLong(id.getInt(0)));
			}
			if (Kernel32Calls.GetNamedPipeServerSessionId(pipe.pointer(), id)) {
				identity.session(id.getInt(0));
			}
		}
		return identity.build();
	}

	@Override
	public Impersonation impersonation(PipeHandle pipe) {
		throw new PipeUnsupportedException("A client cannot act as its server");
	}

}
