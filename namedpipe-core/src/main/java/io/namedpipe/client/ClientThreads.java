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

package io.namedpipe.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import io.namedpipe.platform.PlatformThreads;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;

/**
 * The threads of clients: for asynchronous calls, and for requests that are sent while
 * their answer is read. They are daemon threads that start when they are needed and end
 * when they are idle.
 * <p>
 * One thread starts all others. It starts ahead, because on Linux a thread inherits the
 * identity that the thread which starts it may have taken on.
 */
final class ClientThreads implements AutoCloseable {

	/** Further calls wait. A thread mostly waits for a server. */
	private static final int MAX_CALLS = 64;

	private static final int IDLE_SECONDS = 10;

	private final AtomicInteger count = new AtomicInteger();

	private final ThreadPoolExecutor starter = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
			new LinkedBlockingQueue<>(), factory("pipe-client-starter"));

	private final ThreadPoolExecutor calls = new ThreadPoolExecutor(MAX_CALLS, MAX_CALLS, IDLE_SECONDS,
			TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory("pipe-client-call-"));

	private final ThreadPoolExecutor senders = new ThreadPoolExecutor(0, Integer.MAX_VALUE, IDLE_SECONDS,
			TimeUnit.SECONDS, new SynchronousQueue<>(), factory("pipe-client-sender-"));

	ClientThreads() {
		this.calls.allowCoreThreadTimeOut(true);
		this.starter.prestartCoreThread();
	}

	private ThreadFactory factory(String name) {
		return (task) -> PlatformThreads.daemon(name.endsWith("-") ? name + this.count.incrementAndGet() : name, task);
	}

	/**
	 * Run a call.
	 * @param call the call
	 * @throws PipeClosedException if the threads have ended
	 * @throws PipeException if no thread can be started
	 */
	void call(PipeFuture<?> call) {
		start(this.calls, call);
	}

	/**
	 * Runs what a call needs beside its own thread, each at once.
	 * @return the executor
	 */
	Executor senders() {
		return (task) -> start(this.senders, task);
	}

	// Waits for the start, since nobody would do the work of a thread that does not come.
	private void start(ThreadPoolExecutor pool, Runnable task) {
		try {
			CompletableFuture.runAsync(() -> pool.execute(task), this.starter).join();
		}
		catch (RejectedExecutionException ex) {
			throw closed(ex);
		}
		catch (CompletionException ex) {
			Throwable cause = ex.getCause();
			throw (cause instanceof RejectedExecutionException) ? closed(cause) : new PipeException(
					"No thread could be started for the request (%s); send fewer at once, or raise the limit of threads (ulimit -u)"
						.formatted(cause),
					cause);
		}
	}

	private static PipeClosedException closed(@Nullable Throwable cause) {
		return new PipeClosedException("The client is closed", cause);
	}

	@Override
	public void close() {
		this.calls.shutdownNow().forEach((call) -> ((PipeFuture<?>) call).completeExceptionally(closed(null)));
		this.senders.shutdownNow();
		// It refuses the threads that it has not started yet.
		this.starter.shutdown();
	}

}
