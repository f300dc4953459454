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
import java.util.concurrent.locks.LockSupport;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeTimeoutException;

/**
 * One overlapped operation at a time: owns its {@code OVERLAPPED}, its buffer, the reason
 * for which it was cancelled, and its outcome. Neither memory is touched by this side
 * until the kernel has said that it is done; the caller waits for that, also after a
 * cancel. One thread at a time runs an operation.
 */
final class Operation {

	private static final int OVERLAPPED_SIZE = 3 * Native.POINTER_SIZE + 8;

	private final CompletionPort port;

	private final Memory overlapped = new Memory(OVERLAPPED_SIZE);

	private final @Nullable Runnable listener;

	private @Nullable Memory buffer;

	private volatile State state = State.IDLE;

	private volatile @Nullable Thread waiter;

	private Reason reason = Reason.NONE;

	private int error;

	private int count;

	/**
	 * Create an operation.
	 * @param port where its completions arrive
	 * @param listener called by the port's thread at each completion, must not block
	 */
	Operation(CompletionPort port, @Nullable Runnable listener) {
		this.port = port;
		this.listener = listener;
		this.overlapped.clear();
		port.register(this);
	}

	long address() {
		return Pointer.nativeValue(this.overlapped);
	}

	/**
	 * The buffer, with room for at least so many bytes.
	 * @param size the room
	 * @return the memory
	 */
	Memory buffer(int size) {
		Memory current = this.buffer;
		if (current == null || current.size() < size) {
			if (current != null) {
				current.close();
			}
			current = new Memory(Math.max(size, 512));
			this.buffer = current;
		}
		return current;
	}

	long bufferSize() {
		Memory current = this.buffer;
		return (current != null) ? current.size() : 0;
	}

	/**
	 * Submit without waiting. The listener hears of it if the outcome is
	 * {@link Win32Errors#IO_PENDING}.
	 * @param handle the handle, which the caller has entered
	 * @param call the call
	 * @return an error, {@link Win32Errors#SUCCESS} or {@link Win32Errors#IO_PENDING}
	 */
	int submit(PipeHandle handle, Call call) {
		this.reason = Reason.NONE;
		this.state = State.SUBMITTED;
		boolean succeeded = call.submit(handle.pointer(), this.overlapped);
		int result = succeeded ? Win32Errors.SUCCESS : Native.getLastError();
		if (succeeded && handle.completesInline()) {
			this.count = this.overlapped.getInt(Native.POINTER_SIZE);
			this.state = State.IDLE;
			return Win32Errors.SUCCESS;
		}
		if (!succeeded && result != Win32Errors.IO_PENDING && result != Win32Errors.MORE_DATA) {
			this.count = 0;
			this.state = State.IDLE;
			return result;
		}
		if (handle.isClosing()) {
			cancel(handle, Reason.CLOSE);
		}
		return Win32Errors.IO_PENDING;
	}

	/**
	 * Submit, and wait for the outcome. When the time is over or the thread is
	 * interrupted, cancel ({@code CancelIoEx}) and wait on.
	 * @param handle the handle, which the caller has entered
	 * @param timeout the time-out, zero for none
	 * @param call the call
	 * @return the error, or {@link Win32Errors#SUCCESS}
	 */
	int run(PipeHandle handle, Duration timeout, Call call) {
		this.waiter = Thread.currentThread();
		int result = submit(handle, call);
		if (result == Win32Errors.IO_PENDING) {
			await(handle, timeout);
			result = this.error;
		}
		this.waiter = null;
		return result;
	}

	private void await(PipeHandle handle, Duration timeout) {
		long start = System.nanoTime();
		long limit = timeout.toNanos();
		boolean interrupted = false;
		while (this.state != State.DONE) {
			if (Thread.interrupted()) {
				interrupted = true;
				cancel(handle, Reason.CANCEL);
			}
			if (limit == 0 || this.reason != Reason.NONE) {
				LockSupport.park(this);
				continue;
			}
			long left = limit - (System.nanoTime() - start);
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
			// Finds nothing if the operation is over: its packet is under way then.
			Kernel32Calls.CancelIoEx(handle.pointer(), this.overlapped);
		}
	}

	/**
	 * Called by the port's thread when the kernel is done with the memory.
	 * @param bytes how many bytes were moved
	 * @return {@code false} if nothing was under way
	 */
	boolean complete(int bytes) {
		if (this.state != State.SUBMITTED) {
			return false;
		}
		int status = this.overlapped.getInt(0);
		this.count = bytes;
		this.error = (status == 0) ? Win32Errors.SUCCESS : NtdllCalls.RtlNtStatusToDosError(status);
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

	int count() {
		return this.count;
	}

	int error() {
		return this.error;
	}

	/**
	 * Tell why the operation was cancelled.
	 * @param name what it is to the user
	 * @param timeout its time-out
	 * @return what to throw
	 */
	PipeException cancelled(String name, Duration timeout) {
		if (this.reason == Reason.TIMEOUT) {
			return new PipeTimeoutException("The %s did not finish within %d ms".formatted(name, timeout.toMillis()));
		}
		return new InterruptedOperationException(
				"The %s was interrupted, which closes the pipe channel".formatted(name));
	}

	/**
	 * Release the memory. Nothing may be under way.
	 */
	void close() {
		this.port.unregister(this);
		this.overlapped.close();
		Memory current = this.buffer;
		if (current != null) {
			current.close();
			this.buffer = null;
		}
	}

	/**
	 * Why an operation was cancelled.
	 */
	enum Reason {

		NONE, TIMEOUT, CLOSE, CANCEL

	}

	private enum State {

		IDLE, SUBMITTED, DONE

	}

	/**
	 * A call that takes an {@code OVERLAPPED}.
	 */
	@FunctionalInterface
	interface Call {

		boolean submit(Pointer handle, Pointer overlapped);

	}

}
