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

import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.ImpersonationLevel;
import io.namedpipe.transport.PipeImpersonationException;
import io.namedpipe.transport.PlatformThreads;

/**
 * Acts as the client of a pipe: a token that is captured anew at each entry, set on the
 * calling thread ({@code SetThreadToken}) and read back. Windows lowers the level without
 * a word when the process may not impersonate, hence the reading back.
 */
final class WindowsImpersonation implements Impersonation {

	private final Supplier<Token> capture;

	/**
	 * Create the impersonation.
	 * @param capture gives a duplicate of the client's token
	 */
	WindowsImpersonation(Supplier<Token> capture) {
		this.capture = capture;
	}

	@Override
	public boolean isSwitchNeeded() {
		try (Token client = this.capture.get(); Token own = Token.ofProcess()) {
			return !client.isEquivalentTo(own);
		}
	}

	@Override
	public Scope enter() {
		PlatformThreads.requireForImpersonation();
		Token present = ThreadTokens.current(Token.QUERY);
		if (present != null) {
			present.close();
			throw new PipeImpersonationException("The thread already acts as somebody else");
		}
		Token token = this.capture.get();
		try {
			if (token.level().compareTo(ImpersonationLevel.IMPERSONATION) < 0) {
				throw new PipeImpersonationException(
						"The client lets the server know it (level %s), not act as it; the client must connect with the level IMPERSONATION"
							.formatted(token.level()),
						null);
			}
			ThreadTokens.set(token);
			verify(token);
			return () -> leave(token);
		}
		catch (RuntimeException ex) {
			token.close();
			throw ex;
		}
	}

	private static void verify(Token wanted) {
		RuntimeException failure = null;
		try (Token actual = ThreadTokens.current(Token.QUERY)) {
			if (actual == null || !actual.userSid().equals(wanted.userSid())) {
				failure = new PipeImpersonationException("The thread did not take on the client's identity");
			}
			else if (actual.level().compareTo(ImpersonationLevel.IMPERSONATION) < 0) {
				failure = new PipeImpersonationException(
						"Windows lowered the client's identity to the level %s: this process lacks the privilege %s"
							.formatted(actual.level(), WindowsPipeTransport.IMPERSONATE_PRIVILEGE));
			}
		}
		catch (RuntimeException ex) {
			failure = ex;
		}
		if (failure != null) {
			ThreadTokens.revert();
			throw failure;
		}
	}

	private static void leave(Token token) {
		try {
			ThreadTokens.revert();
		}
		finally {
			token.close();
		}
	}

}
