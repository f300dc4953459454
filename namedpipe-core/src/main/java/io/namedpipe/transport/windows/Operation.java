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

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.WinError;
import com.sun.jna.platform.win32.WinNT;
import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeTimeoutException;

/**
 * Runs overlapped operations, one at a time, and owns their {@code OVERLAPPED} and their
 * buffer. While the kernel may write to this memory, it is neither reused nor freed: a
 * thread that has cancelled an operation still waits for its completion.
 */
final class Operation {

	private static final int OVERLAPPED_SIZE = 3 * Native.POINTER_SIZE + 8;

	private static final int MIN_BUFFER = 512;

	private final CompletionPort port;

	private final Memory overlapped = new Memory(OVERLAPPED_SIZE);

	/** Called on the port's thread after each completion, must not block. */
	private final @Nullable Runnable listener;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile Duration timeout = Duration.ZERO;

	private @Nullable Memory buffer;

	private volatile State state = State.IDLE;

	/** Whether the kernel has taken the operation that was submitted last. */
	private volatile boolean pending;

	private volatile @Nullable Thread waiter;

	private Reason reason = Reason.NONE;

	private int error;

	private int count;

	Operation(CompletionPort port, @Nullable Runnable listener) {
		this.port = port;
		this.listener = listener;
		this.overlapped.clear();
		port.register(this);
	}

	long address() {
		return Pointer.nativeValue(this.overlapped);
	}

	void timeout(Duration timeout) {
		this.timeout = timeout;
	}

	Duration timeout() {
		return this.timeout;
	}

	// A buffer of at least this size, with undefined content.
	Memory buffer(int size) {
		Memory current = this.buffer;
		if (current == null || current.size() < size) {
			freeBuffer(0);
			current = new Memory(Math.max(size, MIN_BUFFER));
			this.buffer = current;
		}
		return current;
	}

	// Frees the buffer if it is larger than the limit.
	void freeBuffer(int limit) {
		Memory current = this.buffer;
		if (current != null && current.size() > limit) {
			this.buffer = null;
			current.close();
		}
	}

	// Bodies that run operations take turns.
	<T extends @Nullable Object> T inTurn(PipeHandle handle, Supplier<T> body) {
		this.lock.lock();
		try {
			return handle.use(body);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Submit an operation without waiting for it.
	 * @param handle the handle, which the caller has entered
	 * @param call the function, which takes the handle and the {@code OVERLAPPED}
	 * @return {@link WinError#ERROR_IO_PENDING} if the listener will be called, otherwise
	 * the outcome
	 */
	int submit(PipeHandle handle, BiPredicate<Pointer, Pointer> call) {
		this.reason = Reason.NONE;
		this.pending = false;
		this.state = State.SUBMITTED;
		boolean succeeded = call.test(handle.pointer(), this.overlapped);
		int result = succeeded ? WinError.ERROR_SUCCESS : Native.getLastError();
		if (succeeded && handle.completesInline()) {
			this.count = this.overlapped.getInt(Native.POINTER_SIZE);
			this.state = State.IDLE;
			return WinError.ERROR_SUCCESS;
		}
		if (!succeeded && result != WinError.ERROR_IO_PENDING && result != WinError.ERROR_MORE_DATA) {
			this.state = State.IDLE;
			return result;
		}
		this.pending = true;
		if (handle.isClosing()) {
			cancel(handle, Reason.CLOSE);
		}
		return WinError.ERROR_IO_PENDING;
	}

	/**
	 * Run an operation: submit it and wait for its completion. A time-out and an
	 * interrupt cancel it ({@code CancelIoEx}).
	 * @param handle the handle, which the caller has entered
	 * @param name the name of the operation for messages
	 * @param start when the time-out began ({@link System#nanoTime()})
	 * @param timeout the time-out, zero for none
	 * @param call the function, which takes the handle and the {@code OVERLAPPED}
	 * @return {@link WinError#ERROR_SUCCESS}, {@link WinError#ERROR_MORE_DATA}, or an
	 * error for which {@link Win32#isGone} is {@code true}
	 * @throws PipeTimeoutException if the time-out is over
	 * @throws InterruptedOperationException if the thread is interrupted; its interrupt
	 * status stays set
	 * @throws PipeClosedException if the handle is closing
	 */
	int run(PipeHandle handle, String name, long start, Duration timeout, BiPredicate<Pointer, Pointer> call) {
		this.waiter = Thread.currentThread();
		int result = submit(handle, call);
		if (result == WinError.ERROR_IO_PENDING) {
			await(handle, start, TimeUnit.NANOSECONDS.convert(timeout));
			result = this.error;
		}
		this.waiter = null;
		if (result == WinError.ERROR_SUCCESS || result == WinError.ERROR_MORE_DATA) {
			return result;
		}
		boolean cancelled = result == WinError.ERROR_OPERATION_ABORTED;
		if (cancelled && Thread.currentThread().isInterrupted()) {
			throw new InterruptedOperationException(name);
		}
		if (handle.isClosing()) {
			throw PipeClosedException.ofChannel(null);
		}
		if (cancelled && this.reason == Reason.TIMEOUT) {
			throw PipeTimeoutException.of(name, timeout, null);
		}
		if (Win32.isGone(result)) {
			return result;
		}
		throw Win32.failure("The %s of the pipe failed".formatted(name), result);
	}

	private void await(PipeHandle handle, long start, long timeout) {
		boolean interrupted = false;
		while (this.state != State.DONE) {
			if (Thread.interrupted()) {
				interrupted = true;
				cancel(handle, Reason.INTERRUPT);
			}
			if (timeout == 0 || this.reason != Reason.NONE) {
				LockSupport.park(this);
				continue;
			}
			long left = timeout - (System.nanoTime() - start);
			if (left <= 0) {
				cancel(handle, Reason.TIMEOUT);
			}
			else {
				LockSupport.parkNanos(this, left);
			}
		}
		this.state = State.IDLE;
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	private void cancel(PipeHandle handle, Reason reason) {
		if (this.reason == Reason.NONE) {
			this.reason = reason;
			// Has no effect on an operation that has completed: its packet will arrive.
			Kernel32Calls.CancelIoEx(handle.pointer(), this.overlapped);
		}
	}

	// On the port's thread: the kernel no longer uses the memory.
	boolean complete(int bytes) {
		if (this.state != State.SUBMITTED) {
			return false;
		}
		this.count = bytes;
		this.error = Win32.errorOf(this.overlapped.getInt(0));
		Thread thread = this.waiter;
		this.state = State.DONE;
		if (thread != null) {
			LockSupport.unpark(thread);
		}
		if (this.listener != null) {
			this.listener.run();
		}
		return true;
	}

	// Completes the operation without a packet, on the thread of a port that has failed.
	void poll() {
		// In this order: the state tells whether the flag is about the same operation.
		if (this.state == State.SUBMITTED && this.pending && this.overlapped.getInt(0) != WinNT.STATUS_PENDING) {
			complete(this.overlapped.getInt(Native.POINTER_SIZE));
		}
	}

	int count() {
		return this.count;
	}

	int error() {
		return this.error;
	}

	// Frees the memory, after the handle is closed.
	void close() {
		// A thread that was told that the pipe is closed may still hold the lock.
		this.lock.lock();
		try {
			this.port.unregister(this);
			this.overlapped.close();
			freeBuffer(0);
		}
		finally {
			this.lock.unlock();
		}
	}

	private enum Reason {

		NONE, TIMEOUT, CLOSE, INTERRUPT

	}

	private enum State {

		IDLE, SUBMITTED, DONE

	}

	/**
	 * The calling thread was interrupted. As with the JDK's channels, this closes the
	 * pipe channel.
	 */
	static final class InterruptedOperationException extends PipeClosedException {

		private InterruptedOperationException(String operation) {
			super("The %s was interrupted, which closes the pipe channel".formatted(operation));
		}

	}

}
