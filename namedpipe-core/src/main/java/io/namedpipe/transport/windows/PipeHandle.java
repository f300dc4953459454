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
import java.util.function.Supplier;

import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeClosedException;

/**
 * Guards a handle while one client is connected through it. Closing is a state: no new
 * use begins, pending operations are cancelled ({@code CancelIoEx}) and awaited, and only
 * then may the handle be released. Neither the handle's number nor the memory of an
 * operation is reused while the kernel still knows them.
 */
final class PipeHandle {

	private static final int CLOSING = Integer.MIN_VALUE;

	private static final long CANCEL_AGAIN_MILLIS = 50;

	private final Pointer handle;

	/** Whether the port gets no packet for an operation that succeeds at once. */
	private final boolean completesInline;

	private final AtomicInteger users = new AtomicInteger();

	private final CountDownLatch drained = new CountDownLatch(1);

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

	<T extends @Nullable Object> T use(Supplier<T> body) {
		enter();
		try {
			return body.get();
		}
		finally {
			exit();
		}
	}

	/**
	 * Begin to use the handle. Each call is followed by a call of {@link #exit()}.
	 * @throws PipeClosedException if the handle is closing
	 */
	void enter() {
		if (this.users.getAndUpdate((count) -> (count < 0) ? count : count + 1) < 0) {
			throw PipeClosedException.ofChannel(null);
		}
	}

	void exit() {
		if (this.users.decrementAndGet() == CLOSING) {
			this.drained.countDown();
		}
	}

	/**
	 * Close: cancel what is pending and wait until the handle is unused, whether or not
	 * the thread is interrupted. Only the first caller waits, and must then release the
	 * handle.
	 * @return {@code true} for the first caller
	 */
	boolean close() {
		int count = this.users.getAndUpdate((users) -> users | CLOSING);
		boolean drained = count <= 0;
		boolean interrupted = false;
		while (!drained) {
			// An operation that is submitted later sees the state and cancels itself.
			Kernel32Calls.CancelIoEx(this.handle, null);
			try {
				drained = this.drained.await(CANCEL_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		return count >= 0;
	}

}
