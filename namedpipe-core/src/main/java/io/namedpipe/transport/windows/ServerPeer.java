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

import com.sun.jna.Pointer;

import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeUnsupportedException;

/**
 * The server as its client sees it: the owner of the pipe, and the process that created
 * it ({@code GetNamedPipeServerProcessId}).
 *
 * @param pipe the client's end
 * @param owner the SID of the pipe's owner
 * @param remote whether the server is on another machine
 */
record ServerPeer(Pointer pipe, String owner, boolean remote) implements WindowsPipeChannel.Peer {

	@Override
	public PeerIdentity identify(boolean received) {
		return Accounts.identity(this.owner)
			.computer(null, this.remote)
			.process(Win32.unsigned((id) -> Kernel32Calls.GetNamedPipeServerProcessId(this.pipe, id)))
			.session(Win32.number((id) -> Kernel32Calls.GetNamedPipeServerSessionId(this.pipe, id)))
			.build();
	}

	@Override
	public String presumedId() {
		return this.owner;
	}

	@Override
	public Impersonation impersonation() {
		throw new PipeUnsupportedException("A client cannot act as its server");
	}

}
