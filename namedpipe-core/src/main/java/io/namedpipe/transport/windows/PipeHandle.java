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

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.jna.Pointer;

import io.namedpipe.transport.PipeClosedException;

/**
 * One use of a handle: from the opening, or the hand-over to a client, to the closing.
 * Closing is a state. Nothing new is begun in it, what is under way is cancelled
 * ({@code CancelIoEx}) and waited for, and only then the handle is released: neither a
 * handle number nor the memory of an operation is used again while the kernel may still
 * know it.
 */
final class PipeHandle {

	private static final int CLOSING = Integer.MIN_VALUE;

	private static final long CANCEL_AGAIN_MILLIS = 50;

	private final Pointer handle;

	private final boolean completesInline;

	private final AtomicInteger users = new AtomicInteger();

	private final CountDownLatch drained = new CountDownLatch(1);

	/**
	 * Create the guard.
	 * @param handle the handle
	 * @param completesInline whether the port gets no packet for an operation that
	 * succeeds at once
	 */
	PipeHandle(Pointer handle, boolean completesInline) {
		this.handle = handle;
		this.completesInline = completesInline;
	}

	Pointer pointer() {
		return this.handle;
	}

	boolean completesInline() {
		return this.completesInline;
	}

	boolean isClosing() {
		return this.users.get() < 0;
	}

	/**
	 * Begin to use the handle. Every call is followed by {@link #exit()}.
	 * @throws PipeClosedException if the handle is closing
	 */
	void enter() {
		int count;
		do {
			count = this.users.get();
			if (count < 0) {
				throw closed();
			}
		}
		while (!this.users.compareAndSet(count, count + 1));
	}

	void exit() {
		if (this.users.decrementAndGet() == CLOSING) {
			this.drained.countDown();
		}
	}

	/**
	 * Close: the first of many callers cancels, waits for whoever uses the handle, and is
	 * told to release it.
	 * @return {@code true} for the first caller
	 */
	boolean close() {
		int count;
		do {
			count = this.users.get();
			if (count < 0) {
				return false;
			}
		}
		while (!this.users.compareAndSet(count, count | CLOSING));
		if (count == 0) {
			return true;
		}
		boolean interrupted = false;
		boolean done = false;
		while (!done) {
			// An operation that is submitted later sees the state and cancels itself.
			Kernel32Calls.CancelIoEx(this.handle, null);
			try {
				done = this.drained.await(CANCEL_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		return true;
	}

	static PipeClosedException closed() {
		return new PipeClosedException("The pipe channel is closed");
	}

}
