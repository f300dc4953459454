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
 * A client as the server sees it. Windows gives its token after the first read. Until
 * then there are only the process id and the session
 * ({@code GetNamedPipeClientProcessId}), which prove nothing, so the identity is the null
 * SID at the level Anonymous.
 *
 * @param handle the server's end
 * @param tokens captures the client's token
 */
record ClientPeer(PipeHandle handle, ImpersonationTokens tokens) implements WindowsPipeChannel.Peer {

	private static final int MAX_COMPUTER_NAME = 512;

	@Override
	public PeerIdentity identify(boolean received) {
		Pointer pipe = this.handle.pointer();
		PeerIdentity.Builder identity = received ? identifyByToken() : anonymous(Accounts.NULL_SID, "unknown");
		String computer = computerName(pipe);
		return identity.computer(computer, computer != null)
			.process(Win32.unsigned((id) -> Kernel32Calls.GetNamedPipeClientProcessId(pipe, id)))
			.session(Win32.number((id) -> Kernel32Calls.GetNamedPipeClientSessionId(pipe, id)))
			.build();
	}

	// The user of the process that has opened the pipe, as long as it runs. It may have
	// passed the handle on, or act for another user. The number is that of another
	// machine's process if the client is there.
	@Override
	public @Nullable String presumedId() {
		Pointer pipe = this.handle.pointer();
		Integer process = Win32.number((id) -> Kernel32Calls.GetNamedPipeClientProcessId(pipe, id));
		return (process != null && computerName(pipe) == null) ? AccessToken.userOf(process) : null;
	}

	private PeerIdentity.Builder identifyByToken() {
		try (AccessToken token = this.tokens.capture(this.handle.pointer())) {
			return token.identity();
		}
		catch (ThreadToken.AnonymousTokenException ex) {
			return anonymous(Accounts.ANONYMOUS, "ANONYMOUS LOGON");
		}
	}

	private static PeerIdentity.Builder anonymous(String sid, String name) {
		return PeerIdentity.of(PeerIdentity.Kind.WINDOWS, sid).name(name).level(ImpersonationLevel.ANONYMOUS);
	}

	@Override
	public Impersonation impersonation() {
		return new WindowsImpersonation(() -> this.handle.use(() -> this.tokens.capture(this.handle.pointer())));
	}

	// The function fails for a client on this machine. Wine lacks it.
	private static @Nullable String computerName(Pointer pipe) {
		try (Memory name = new Memory(MAX_COMPUTER_NAME)) {
			Object[] arguments = { pipe, name, MAX_COMPUTER_NAME };
			int result = Kernel32Calls.library("kernel32")
				.getFunction("GetNamedPipeClientComputerNameW")
				.invokeInt(arguments);
			return (result != 0) ? name.getWideString(0) : null;
		}
		catch (UnsatisfiedLinkError ex) {
			return null;
		}
	}

}
