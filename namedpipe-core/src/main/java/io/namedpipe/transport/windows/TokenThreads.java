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
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import com.sun.jna.Native;
import com.sun.jna.Pointer;

import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeImpersonationException;

/**
 * Takes the client's token off a pipe ({@code ImpersonateNamedPipeClient},
 * {@code OpenThreadToken}, {@code RevertToSelf}). Done by platform threads of its own:
 * the caller may be a virtual thread, or have somebody else's identity at the moment. A
 * thread that cannot be given its identity back ends.
 */
final class TokenThreads {

	private static final int THREADS = 2;

	private final ThreadPoolExecutor executor;

	TokenThreads() {
		this.executor = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				(task) -> {
					Thread thread = new Thread(task, "namedpipe-tokens");
					thread.setDaemon(true);
					return thread;
				});
		this.executor.allowCoreThreadTimeOut(true);
	}

	/**
	 * The token of the client that wrote the message that was read last.
	 * @param pipe the server's end
	 * @return a duplicate of the token; the caller closes it
	 * @throws PipeImpersonationException if nothing was read yet, or the system refuses
	 */
	Token capture(Pointer pipe) {
		CompletableFuture<Token> result = new CompletableFuture<>();
		this.executor.execute(() -> {
			if (!Advapi32Calls.ImpersonateNamedPipeClient(pipe)) {
				result.completeExceptionally(refused(Native.getLastError()));
				return;
			}
			Token token = null;
			RuntimeException failure = null;
			try {
				token = open();
			}
			catch (RuntimeException ex) {
				failure = ex;
			}
			try {
				ThreadTokens.revert();
			}
			catch (RuntimeException ex) {
				if (token != null) {
					token.close();
				}
				// This thread is tainted and ends; the caller's is not.
				result.completeExceptionally(
						new PipeImpersonationException("The client's token could not be taken from the pipe", ex));
				throw ex;
			}
			if (failure != null) {
				result.completeExceptionally(failure);
			}
			else {
				result.complete(token);
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

	private static Token open() {
		try (Token token = ThreadTokens.current(Token.QUERY | Token.DUPLICATE)) {
			if (token == null) {
				throw new PipeImpersonationException("Windows gave no token of the client");
			}
			return token.duplicate();
		}
	}

	private static PipeImpersonationException refused(int error) {
		return new PipeImpersonationException((error == Win32Errors.CANNOT_IMPERSONATE)
				? "The client cannot be impersonated before something was read from it"
				: "The client cannot be impersonated: " + Win32Errors.describe(error));
	}

	void close() {
		this.executor.shutdown();
	}

}
