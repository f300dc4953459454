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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.WinError;
import com.sun.jna.platform.win32.WinNT;

import io.namedpipe.platform.PlatformThreads;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeImpersonationException;

/**
 * Takes the impersonation token of a client from its pipe
 * ({@code ImpersonateNamedPipeClient}, {@code OpenThreadToken}, {@code RevertToSelf}). It
 * uses platform threads of its own, because the caller may be a virtual thread, or may be
 * impersonating.
 */
final class ImpersonationTokens {

	private static final int THREADS = 2;

	private final ExecutorService executor = Executors.newFixedThreadPool(THREADS,
			(task) -> PlatformThreads.daemon("namedpipe-tokens", task));

	/**
	 * Return the token of the client that wrote the message that was read last.
	 * @param pipe the server's end
	 * @return a duplicate of the token; the caller closes it
	 * @throws PipeImpersonationException if nothing was read yet, or Windows refuses
	 */
	AccessToken capture(Pointer pipe) {
		CompletableFuture<AccessToken> result = new CompletableFuture<>();
		this.executor.execute(() -> {
			try {
				result.complete(captureHere(pipe));
			}
			catch (PipeImpersonationException ex) {
				if (ex.isThreadTainted()) {
					// This thread is tainted and ends; the caller's is not.
					result.completeExceptionally(
							new PipeImpersonationException("The client's token could not be taken from the pipe", ex));
					throw ex;
				}
				result.completeExceptionally(ex);
			}
			catch (RuntimeException | Error ex) {
				result.completeExceptionally(ex);
			}
		});
		try {
			return result.join();
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof PipeException cause) {
				throw cause;
			}
			throw ex;
		}
	}

	private static AccessToken captureHere(Pointer pipe) {
		if (!Advapi32Calls.ImpersonateNamedPipeClient(pipe)) {
			throw new PipeImpersonationException((Native.getLastError() == WinError.ERROR_CANNOT_IMPERSONATE)
					? "The client cannot be impersonated before something was read from it"
					: "The client cannot be impersonated: " + Win32.describeLast());
		}
		AccessToken token;
		try {
			token = ThreadToken.current(WinNT.TOKEN_QUERY | WinNT.TOKEN_DUPLICATE);
		}
		finally {
			ThreadToken.revert();
		}
		try (token) {
			if (token == null) {
				throw new PipeImpersonationException("Windows gave no token of the client");
			}
			return token.duplicate();
		}
	}

	void close() {
		this.executor.shutdown();
	}

}
