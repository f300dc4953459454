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

import java.util.function.Supplier;

import com.sun.jna.platform.win32.WinNT;

import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.ImpersonationLevel;
import io.namedpipe.transport.PipeImpersonationException;

/**
 * Impersonates the client of a pipe. Each entry captures the client's token, sets it on
 * the calling thread ({@code SetThreadToken}) and reads it back, because Windows lowers
 * the level without an error if the process may not impersonate.
 */
final class WindowsImpersonation implements Impersonation {

	private final Supplier<AccessToken> capture;

	/**
	 * Create the impersonation.
	 * @param capture returns a duplicate of the client's token
	 */
	WindowsImpersonation(Supplier<AccessToken> capture) {
		this.capture = capture;
	}

	@Override
	public boolean isSwitchNeeded() {
		try (AccessToken client = this.capture.get(); AccessToken own = AccessToken.ofProcess()) {
			return !client.isEquivalentTo(own);
		}
	}

	@Override
	public Scope enter() {
		Impersonation.requirePlatformThread();
		AccessToken present = ThreadToken.current(WinNT.TOKEN_QUERY);
		if (present != null) {
			present.close();
			throw new PipeImpersonationException("The thread already acts as somebody else");
		}
		AccessToken token = this.capture.get();
		try {
			if (!allowsImpersonation(token)) {
				throw new PipeImpersonationException(
						"The client lets the server know it (level %s), not act as it; the client must connect with the level IMPERSONATION"
							.formatted(token.level()));
			}
			ThreadToken.set(token);
			verify(token);
			return () -> leave(token);
		}
		catch (RuntimeException ex) {
			token.close();
			throw ex;
		}
	}

	private static boolean allowsImpersonation(AccessToken token) {
		return token.level().compareTo(ImpersonationLevel.IMPERSONATION) >= 0;
	}

	private static void verify(AccessToken wanted) {
		try (AccessToken actual = ThreadToken.current(WinNT.TOKEN_QUERY)) {
			if (actual == null || !actual.userSid().equals(wanted.userSid())) {
				throw new PipeImpersonationException("The thread did not take on the client's identity");
			}
			if (!allowsImpersonation(actual)) {
				throw new PipeImpersonationException(
						"Windows lowered the client's identity to the level %s: this process lacks the privilege %s"
							.formatted(actual.level(), WindowsPipeTransport.IMPERSONATE_PRIVILEGE));
			}
		}
		catch (RuntimeException ex) {
			ThreadToken.revert();
			throw ex;
		}
	}

	private static void leave(AccessToken token) {
		try {
			ThreadToken.revert();
		}
		finally {
			token.close();
		}
	}

}
