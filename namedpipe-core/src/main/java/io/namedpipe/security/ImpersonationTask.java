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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.namedpipe.platform.PlatformThreads;
import io.namedpipe.transport.PipeImpersonationException;

/**
 * Code that one thread runs while another one waits for it. Unlike with a
 * {@code FutureTask}, an interrupt of the waiting thread is passed on to the running
 * thread, and the waiting thread goes on waiting until that thread has its own identity
 * back.
 *
 * @param <T> the type of the result
 */
final class ImpersonationTask<T extends @Nullable Object> implements Runnable {

	/** The JDK retries to start a carrier after this time. */
	private static final long WAKE_MILLIS = 100;

	private final Callable<T> body;

	private final CountDownLatch done = new CountDownLatch(1);

	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable Thread runner;

	private boolean begun;

	private volatile @Nullable Outcome<T> outcome;

	ImpersonationTask(Callable<T> body) {
		this.body = body;
	}

	@Override
	public void run() {
		if (!begin()) {
			return;
		}
		Outcome<T> result;
		try {
			result = new Outcome<>(this.body.call(), null);
		}
		catch (Throwable ex) {
			result = new Outcome<>(null, ex);
		}
		end();
		this.outcome = result;
		this.done.countDown();
	}

	private boolean begin() {
		this.lock.lock();
		try {
			boolean first = !this.begun;
			if (first) {
				this.begun = true;
				this.runner = Thread.currentThread();
			}
			return first;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void end() {
		this.lock.lock();
		try {
			this.runner = null;
			// The interrupt was for this task, and not for the next one on this thread.
			Thread.interrupted();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Interrupt the task if it runs, or cancel it if it has not begun.
	 */
	void interrupt() {
		this.lock.lock();
		try {
			if (!this.begun) {
				this.begun = true;
				this.outcome = new Outcome<>(null,
						new PipeImpersonationException("Acting as the client was given up before it began"));
				this.done.countDown();
			}
			else if (this.runner != null) {
				this.runner.interrupt();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	// The running thread may have woken virtual threads and have been unable to start a
	// carrier for them, which takes it longer than the interval, or fails the code.
	T await() throws Exception {
		boolean interrupted = false;
		boolean over = false;
		while (!over) {
			try {
				over = this.done.await(WAKE_MILLIS, TimeUnit.MILLISECONDS);
				if (!over) {
					PlatformThreads.wakeCarriers();
				}
			}
			catch (InterruptedException ex) {
				interrupted = true;
				interrupt();
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		Outcome<T> result = this.outcome;
		if (result == null) {
			throw new IllegalStateException("The body ended without an outcome");
		}
		if (result.thrown() instanceof Error) {
			PlatformThreads.wakeCarriers();
		}
		return result.get();
	}

	private record Outcome<T extends @Nullable Object>(@Nullable T value, @Nullable Throwable thrown) {

		@SuppressWarnings("NullAway")
		T get() throws Exception {
			if (this.thrown instanceof Error error) {
				throw error;
			}
			if (this.thrown != null) {
				throw (Exception) this.thrown;
			}
			return this.value;
		}

	}

}
