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
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.ImpersonationLevel;
import io.namedpipe.transport.PeerIdentity;

/**
 * Tells the server who its client is. Windows knows that from the first read on; until
 * then there are the process id and the session ({@code GetNamedPipeClientProcessId}),
 * which prove nothing, and the identity is nobody's ({@code S-1-0-0}), at the level
 * Anonymous.
 */
final class ClientPeers implements PeerSource {

	private static final int MAX_COMPUTER_NAME = 512;

	private final TokenThreads tokens;

	ClientPeers(TokenThreads tokens) {
		this.tokens = tokens;
	}

	@Override
	public PeerIdentity identify(PipeHandle pipe, boolean received) {
		PeerIdentity.Builder identity = received ? known(pipe) : nobody(Accounts.NULL_SID, "unknown");
		Pointer handle = pipe.pointer();
		String computer = computerName(handle);
		try (Memory id = new Memory(Integer.BYTES)) {
			if (Kernel32Calls.GetNamedPipeClientProcessId(handle, id)) {
				identity.process(Integer.toUnsignedLong(id.getInt(0)));
			}
			if (Kernel32Calls.GetNamedPipeClientSessionId(handle, id)) {
				identity.session(id.getInt(0));
			}
		}
		return identity.computer(computer, computer != null).build();
	}

	private PeerIdentity.Builder known(PipeHandle pipe) {
		try (Token token = this.tokens.capture(pipe.pointer())) {
			return token.describe();
		}
		catch (ThreadTokens.TokenUnavailableException ex) {
			if (ex.isAnonymous()) {
				return nobody(Accounts.ANONYMOUS, "ANONYMOUS LOGON");
			}
			throw ex;
		}
	}

	private static PeerIdentity.Builder nobody(String sid, String name) {
		return PeerIdentity.of(PeerIdentity.Kind.WINDOWS, sid).name(name).level(ImpersonationLevel.ANONYMOUS);
	}

	private static @Nullable String computerName(Pointer pipe) {
		try (Memory name = new Memory(MAX_COMPUTER_NAME)) {
			name.clear();
			// Fails with ERROR_PIPE_LOCAL for a client on this machine.
			boolean remote = ClientComputerCall.isPresent()
					&& ClientComputerCall.GetNamedPipeClientComputerNameW(pipe, name, MAX_COMPUTER_NAME);
			String text = remote ? name.getWideString(0) : "";
			return text.isEmpty() ? null : text;
		}
	}

	@Override
	public Impersonation impersonation(PipeHandle pipe) {
		return new WindowsImpersonation(() -> {
			pipe.enter();
			try {
				return this.tokens.capture(pipe.pointer());
			}
			finally {
				pipe.exit();
			}
		});
	}

}
