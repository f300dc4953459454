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
import java.util.function.ObjIntConsumer;

import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.WinError;

import io.namedpipe.platform.PlatformThreads;

/**
 * One instance of a pipe at the server: waits for a client, serves it, and is then closed
 * or waits again.
 */
class PipeInstance {

	private final Operation wait;

	private final ObjIntConsumer<PipeInstance> onWaitEnded;

	private volatile PipeHandle handle;

	/**
	 * Create the instance.
	 * @param handle the server's end, which does not wait yet
	 * @param port the port that reports completions
	 * @param onWaitEnded called on the port's thread with the outcome of each wait
	 */
	PipeInstance(PipeHandle handle, CompletionPort port, ObjIntConsumer<PipeInstance> onWaitEnded) {
		this.handle = handle;
		this.onWaitEnded = onWaitEnded;
		this.wait = new Operation(port, this::waitEnded);
	}

	PipeHandle handle() {
		return this.handle;
	}

	private Pointer pointer() {
		return this.handle.pointer();
	}

	/**
	 * Begin to wait for a client ({@code ConnectNamedPipe}). The handle stays entered
	 * while the wait is pending.
	 * @return {@link WinError#ERROR_IO_PENDING}, {@link WinError#ERROR_PIPE_CONNECTED} if
	 * there is a client already, or another error
	 */
	int listen() {
		PipeHandle guard = this.handle;
		while (true) {
			guard.enter();
			int error = this.wait.submit(guard, Kernel32Calls::ConnectNamedPipe);
			if (error == WinError.ERROR_IO_PENDING) {
				return error;
			}
			guard.exit();
			if (error == WinError.ERROR_NO_DATA && !hasData()) {
				// The client has left without a message.
				Kernel32Calls.DisconnectNamedPipe(guard.pointer());
				continue;
			}
			return (error == WinError.ERROR_SUCCESS || error == WinError.ERROR_NO_DATA) ? WinError.ERROR_PIPE_CONNECTED
					: error;
		}
	}

	private boolean hasData() {
		Integer available = Win32
			.number((result) -> Kernel32Calls.PeekNamedPipe(pointer(), null, 0, null, result, null));
		return available != null && available > 0;
	}

	private void waitEnded() {
		int error = this.wait.error();
		this.handle.exit();
		this.onWaitEnded.accept(this, error);
	}

	/**
	 * Disconnect a client whose channel is closed ({@code DisconnectNamedPipe}), and get
	 * ready for another. Windows discards what the client has not read by then.
	 * @param written whether anything was written to the client
	 * @param linger how long the client may take to read it
	 */
	void disconnect(boolean written, Duration linger) {
		PipeHandle flushing = new PipeHandle(pointer(), this.handle.completesInline());
		if (written && !linger.isZero()) {
			flush(flushing, linger);
		}
		Kernel32Calls.DisconnectNamedPipe(pointer());
		// A flush must have ended before the next client connects.
		flushing.close();
		this.handle = new PipeHandle(pointer(), this.handle.completesInline());
	}

	// FlushFileBuffers has no time-out, but ends when the client is disconnected.
	private static void flush(PipeHandle handle, Duration limit) {
		handle.enter();
		Thread thread = PlatformThreads.daemon("namedpipe-flush", () -> {
			Kernel32Calls.FlushFileBuffers(handle.pointer());
			handle.exit();
		});
		try {
			thread.start();
		}
		catch (OutOfMemoryError ex) {
			// The system has no more threads: then without a flush.
			handle.exit();
			return;
		}
		try {
			thread.join(Math.max(1, limit.toMillis()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Close the handle ({@code CloseHandle}), which must be unused. The client can still
	 * read what was written to it.
	 */
	void release() {
		Kernel32Calls.CloseHandle(pointer());
		this.wait.close();
	}

}
