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

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.WinError;
import com.sun.jna.platform.win32.WinNT;
import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeImpersonationException;

/**
 * The token of the calling thread, which must be a platform thread: a virtual thread
 * would leave the identity on its carrier.
 */
final class ThreadToken {

	private ThreadToken() {
	}

	/**
	 * Open the token that the calling thread impersonates ({@code OpenThreadToken}).
	 * @param access the rights to the token
	 * @return the token, {@code null} if the thread acts as the process
	 * @throws PipeImpersonationException if the token cannot be opened
	 */
	static @Nullable AccessToken current(int access) {
		// The rights of the process come first: a token of the level Identification
		// cannot be opened with its own. The client owns the token, so its rights may be
		// needed.
		Pointer token = open(access, true);
		if (token == null) {
			int error = Native.getLastError();
			if (error == WinError.ERROR_NO_TOKEN) {
				return null;
			}
			token = (error == WinError.ERROR_ACCESS_DENIED) ? open(access, false) : null;
			if (token == null) {
				String message = "The thread's token could not be opened: " + Win32.describe(error);
				throw (error == WinError.ERROR_CANT_OPEN_ANONYMOUS) ? new AnonymousTokenException(message)
						: new PipeImpersonationException(message);
			}
		}
		return new AccessToken(token);
	}

	private static @Nullable Pointer open(int access, boolean asProcess) {
		return Win32.pointer(
				(result) -> Advapi32Calls.OpenThreadToken(Kernel32Calls.GetCurrentThread(), access, asProcess, result));
	}

	/**
	 * Impersonate ({@code SetThreadToken}).
	 * @param token the impersonation token
	 * @throws PipeImpersonationException if Windows refuses it
	 */
	static void set(AccessToken token) {
		if (!Advapi32Calls.SetThreadToken(null, token.pointer())) {
			throw new PipeImpersonationException(
					"The thread could not take on the client's identity: " + Win32.describeLast());
		}
	}

	/**
	 * Return to the identity of the process ({@code RevertToSelf}), and verify it.
	 * @throws PipeImpersonationException if the thread is tainted: it may have another
	 * identity, and must not be used again
	 */
	static void revert() {
		if (!Advapi32Calls.RevertToSelf()) {
			throw tainted("RevertToSelf failed: " + Win32.describeLast(), null);
		}
		verifyReverted();
	}

	/**
	 * Verify that the thread has the identity of the process.
	 * @throws PipeImpersonationException if the thread is tainted
	 */
	static void verifyReverted() {
		AccessToken left;
		try {
			left = current(WinNT.TOKEN_QUERY);
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
	 * The client's level is Anonymous, so that its token cannot be opened.
	 */
	static final class AnonymousTokenException extends PipeImpersonationException {

		private AnonymousTokenException(String message) {
			super(message);
		}

	}

}
