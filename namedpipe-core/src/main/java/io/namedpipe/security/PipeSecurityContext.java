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

package io.namedpipe.security;

import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.ClientRights;
import io.namedpipe.transport.PipeImpersonationException;

/**
 * The caller of the current pipe request, and the means to act as the caller. Available
 * as a bean and as a parameter of handler methods. The parameter can be used by any
 * thread until the request is answered; the bean only on threads that a request is bound
 * to. Otherwise every method throws an {@link IllegalStateException}.
 *
 * @since 0.1.0
 */
public interface PipeSecurityContext {

	/**
	 * The caller of the request.
	 * @return the caller
	 */
	PipePrincipal getPrincipal();

	/**
	 * Run code with the identity of the caller. It runs on the calling thread if that is
	 * a platform thread of the pipe, otherwise on a thread of a fixed pool; on Linux with
	 * Java 21 and later always on a thread of the pool, which cannot start threads. The
	 * identity is not passed on to other threads that the code hands work to.
	 * @param body the code
	 * @param <T> the type of the result
	 * @return the result
	 * @throws PipeImpersonationException if the identity could not be taken on; the body
	 * has not run
	 * @throws Exception what the body throws
	 */
	<T extends @Nullable Object> T runAsClient(Callable<T> body) throws Exception;

	/**
	 * The rights of the caller, for opening files alone.
	 * @return the rights, to be used until the request is answered, by any thread; by the
	 * thread of the handler until that returns
	 * @throws PipeImpersonationException if the server cannot act as other users at all
	 * @see io.namedpipe.transport.FileOpener
	 */
	ClientRights getClientRights();

	/**
	 * Whether the calling thread has the identity of the caller now.
	 * @return {@code true} inside {@link #runAsClient} and {@code @RunAsClient} methods
	 */
	boolean isImpersonating();

}
