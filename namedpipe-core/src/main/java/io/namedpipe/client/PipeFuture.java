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

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The result of a call on another thread. If it is completed before the call ends, for
 * instance by a cancel or a time-out, the thread is interrupted. That closes the
 * connection, by which the server learns that nobody waits for the answer.
 *
 * @param <T> the type of the result
 */
final class PipeFuture<T> extends CompletableFuture<T> implements Runnable {

	private final Callable<T> call;

	private final Consumer<T> discard;

	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable Thread runner;

	/**
	 * Create the future.
	 * @param call the call
	 * @param discard releases a result that comes too late
	 */
	PipeFuture(Callable<T> call, Consumer<T> discard) {
		this.call = call;
		this.discard = discard;
		whenComplete((value, thrown) -> interrupt());
	}

	@Override
	public void run() {
		if (!begin()) {
			return;
		}
		try {
			T value = this.call.call();
			if (!complete(value)) {
				this.discard.accept(value);
			}
		}
		catch (Throwable ex) {
			completeExceptionally(ex);
		}
		finally {
			end();
		}
	}

	private boolean begin() {
		this.lock.lock();
		try {
			this.runner = Thread.currentThread();
			return !isDone();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void end() {
		this.lock.lock();
		try {
			this.runner = null;
			// It was meant for this call and not for the next one.
			Thread.interrupted();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void interrupt() {
		this.lock.lock();
		try {
			if (this.runner != null && this.runner != Thread.currentThread()) {
				this.runner.interrupt();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

}
