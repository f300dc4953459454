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
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeImpersonationException;

/**
 * The token of the calling thread. A platform thread only: a virtual one leaves the
 * identity behind on its carrier.
 */
final class ThreadTokens {

	private ThreadTokens() {
	}

	/**
	 * The identity that the calling thread has taken on ({@code OpenThreadToken}).
	 * @param access the rights to the token
	 * @return the token, {@code null} if the thread acts as the process
	 * @throws PipeImpersonationException if it cannot be told
	 */
	static @Nullable Token current(int access) {
		try (Memory result = new Memory(Native.POINTER_SIZE)) {
			Pointer thread = Kernel32Calls.GetCurrentThread();
			// First with the rights of the process, since a token at the level
			// Identification may not even be opened with its own; then with those of the
			// client, to whom the token belongs.
			if (Advapi32Calls.OpenThreadToken(thread, access, true, result)) {
				return new Token(result.getPointer(0));
			}
			int error = Native.getLastError();
			if (error == Win32Errors.ACCESS_DENIED && Advapi32Calls.OpenThreadToken(thread, access, false, result)) {
				return new Token(result.getPointer(0));
			}
			if (error == Win32Errors.NO_TOKEN) {
				return null;
			}
			throw new TokenUnavailableException(error);
		}
	}

	/**
	 * Take on an identity ({@code SetThreadToken}).
	 * @param token the identity
	 * @throws PipeImpersonationException if it was refused
	 */
	static void set(Token token) {
		if (!Advapi32Calls.SetThreadToken(null, token.pointer())) {
			throw new PipeImpersonationException("The thread could not take on the client's identity: "
					+ Win32Errors.describe(Native.getLastError()));
		}
	}

	/**
	 * Return to the identity of the process ({@code RevertToSelf}), and verify it.
	 * @throws PipeImpersonationException if the thread is tainted: it may have another
	 * identity, and must not be used again
	 */
	static void revert() {
		if (!Advapi32Calls.RevertToSelf()) {
			throw tainted("RevertToSelf failed: " + Win32Errors.describe(Native.getLastError()), null);
		}
		verifyReverted();
	}

	/**
	 * Verify that the thread has the identity of the process.
	 * @throws PipeImpersonationException if the thread is tainted
	 */
	static void verifyReverted() {
		Token left;
		try {
			left = current(Token.QUERY);
		}
		catch (PipeImpersonationException ex) {
			throw tainted(ex.getMessage(), ex);
		}
		if (left != null) {
			left.close();
			throw tainted("it still has another identity after RevertToSelf", null);
		}
	}

	private static PipeImpersonationException tainted(@Nullable String reason, @Nullable Throwable cause) {
		return new PipeImpersonationException(
				"The thread could not be given its own identity back and must not be used again: " + reason, cause,
				true);
	}

	/**
	 * The thread has an identity that cannot be opened.
	 */
	static final class TokenUnavailableException extends PipeImpersonationException {

		private final int error;

		TokenUnavailableException(int error) {
			super("The thread's token could not be opened: " + Win32Errors.describe(error));
			this.error = error;
		}

		boolean isAnonymous() {
			return this.error == Win32Errors.CANT_OPEN_ANONYMOUS;
		}

	}

}
