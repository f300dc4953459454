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
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;

import io.namedpipe.transport.Impersonation;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeImpersonationException;

/**
 * Runs code with the identity of a client. Each run is a scope on one platform thread:
 * the identity is taken on, the code runs, and the thread gets its own identity back,
 * also after an exception. Thread-safe.
 *
 * @since 0.1.0
 */
public class ImpersonationExecutor implements DisposableBean {

	private final ImpersonationThreads pool;

	/**
	 * Create the executor.
	 * @param threads number of threads in the pool, which runs the code of calling
	 * threads that cannot or should not take on an identity
	 */
	public ImpersonationExecutor(int threads) {
		this.pool = new ImpersonationThreads(threads);
	}

	/**
	 * Run code with the identity of a client. It runs on the calling thread if the client
	 * is the server's own user, or if that is a {@link PipeThread} and no dedicated
	 * thread is needed; otherwise on a thread of the pool, while the calling thread
	 * waits.
	 * @param <T> the type of the result
	 * @param impersonation the identity
	 * @param body the code
	 * @param onOtherThread wraps the code with what it needs on a thread of the pool
	 * @return the result
	 * @throws PipeImpersonationException if the identity could not be taken on; the body
	 * has not run
	 * @throws Exception what the body throws
	 */
	public <T extends @Nullable Object> T call(Impersonation impersonation, Callable<T> body,
			UnaryOperator<Callable<T>> onOtherThread) throws Exception {
		if (!impersonation.isSwitchNeeded()) {
			return body.call();
		}
		if (Thread.currentThread() instanceof PipeThread && !impersonation.isDedicatedThreadNeeded()) {
			return callHere(impersonation, body);
		}
		ImpersonationTask<T> task = new ImpersonationTask<>(onOtherThread.apply(() -> {
			impersonation.dedicateThread();
			return callHere(impersonation, body);
		}));
		this.pool.execute(task);
		return task.await();
	}

	/**
	 * Run calls of the operating system with the identity of a client. They run on the
	 * calling thread if that is a {@link PipeThread}, or if the client is the server's
	 * own user; otherwise on a thread of the pool, while the calling thread waits.
	 * @param impersonation the identity
	 * @param calls the calls, which take no lock, load no class and throw nothing
	 * @throws PipeImpersonationException if the identity could not be taken on; the calls
	 * have not run
	 * @see io.namedpipe.transport.ClientRights
	 */
	public void run(Impersonation impersonation, Runnable calls) {
		if (!impersonation.isSwitchNeeded()) {
			calls.run();
		}
		else if (Thread.currentThread() instanceof PipeThread) {
			runHere(impersonation, calls);
		}
		else {
			runInPool(impersonation, calls);
		}
	}

	private void runInPool(Impersonation impersonation, Runnable calls) {
		ImpersonationTask<@Nullable Void> task = new ImpersonationTask<>(() -> {
			runHere(impersonation, calls);
			return null;
		});
		this.pool.execute(task);
		try {
			task.await();
		}
		catch (RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IllegalStateException("Calls throw nothing", ex);
		}
	}

	private static void runHere(Impersonation impersonation, Runnable calls) {
		Impersonation.Scope scope = enter(impersonation);
		try {
			calls.run();
		}
		finally {
			leave(scope);
		}
	}

	private static <T extends @Nullable Object> T callHere(Impersonation impersonation, Callable<T> body)
			throws Exception {
		Impersonation.Scope scope = enter(impersonation);
		PipeThread thread = (PipeThread) Thread.currentThread();
		thread.entered();
		try {
			return body.call();
		}
		finally {
			leave(scope);
			thread.left();
		}
	}

	private static Impersonation.Scope enter(Impersonation impersonation) {
		try {
			return impersonation.enter();
		}
		catch (PipeImpersonationException ex) {
			if (ex.isThreadTainted()) {
				throw tainted(ex);
			}
			throw ex;
		}
		catch (PipeException ex) {
			throw ex;
		}
		catch (RuntimeException | LinkageError ex) {
			throw new PipeImpersonationException("The identity of the client could not be taken on", ex);
		}
	}

	private static void leave(Impersonation.Scope scope) {
		try {
			scope.leave();
		}
		catch (RuntimeException | Error ex) {
			throw tainted(ex);
		}
	}

	private static IdentityNotRestoredError tainted(Throwable cause) {
		((PipeThread) Thread.currentThread()).taint();
		return new IdentityNotRestoredError(cause);
	}

	@Override
	public void destroy() {
		this.pool.close();
	}

}
