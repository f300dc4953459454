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

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/**
 * One instance of a pipe at the server: waits for a client, serves it, and is closed or
 * waits again.
 */
final class PipeInstance {

	private final Operation connect;

	private volatile PipeHandle handle;

	/**
	 * Create the instance.
	 * @param handle the server's end, not yet waiting
	 * @param port where its completions arrive
	 * @param owner hears, on the port's thread, of each wait that has ended
	 */
	PipeInstance(PipeHandle handle, CompletionPort port, Owner owner) {
		this.handle = handle;
		this.connect = new Operation(port, () -> owner.waitEnded(this));
	}

	PipeHandle handle() {
		return this.handle;
	}

	Pointer pointer() {
		return this.handle.pointer();
	}

	/**
	 * Wait for a client ({@code ConnectNamedPipe}), without blocking. The handle stays
	 * entered until {@link #leaveWait()}.
	 * @return {@link Win32Errors#IO_PENDING}, {@link Win32Errors#PIPE_CONNECTED} if a
	 * client is there, or another error; only while pending the handle stays entered
	 */
	int listen() {
		PipeHandle guard = this.handle;
		while (true) {
			guard.enter();
			int error = this.connect.submit(guard, Kernel32Calls::ConnectNamedPipe);
			if (error == Win32Errors.IO_PENDING) {
				return error;
			}
			guard.exit();
			if (error == Win32Errors.NO_DATA) {
				// Came and left in the moment between two calls: is there a last message?
				if (hasData()) {
					return Win32Errors.PIPE_CONNECTED;
				}
				Kernel32Calls.DisconnectNamedPipe(guard.pointer());
				continue;
			}
			return (error == Win32Errors.SUCCESS) ? Win32Errors.PIPE_CONNECTED : error;
		}
	}

	private boolean hasData() {
		try (Memory available = new Memory(Integer.BYTES)) {
			return Kernel32Calls.PeekNamedPipe(pointer(), null, 0, null, available, null) && available.getInt(0) > 0;
		}
	}

	/**
	 * What the wait has ended with.
	 * @return the error
	 */
	int waitError() {
		return this.connect.error();
	}

	void leaveWait() {
		this.handle.exit();
	}

	/**
	 * Prepare for another client. The last use is closed and the client is disconnected.
	 */
	void renew() {
		this.handle = new PipeHandle(this.handle.pointer(), this.handle.completesInline());
	}

	/**
	 * Close the handle ({@code CloseHandle}), which nothing uses any more. A client can
	 * still read what was written to it, and then meets the end.
	 */
	void release() {
		Kernel32Calls.CloseHandle(this.handle.pointer());
		this.connect.close();
	}

	/**
	 * Whoever listens with instances.
	 */
	@FunctionalInterface
	interface Owner {

		void waitEnded(PipeInstance instance);

	}

}
