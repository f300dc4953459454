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

import java.util.function.ObjIntConsumer;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.WinError;
import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeInUseException;
import io.namedpipe.transport.PipeMode;
import io.namedpipe.transport.PipeServerOptions;

/**
 * Creates the instances of one pipe ({@code CreateNamedPipe}).
 */
class InstanceFactory implements AutoCloseable {

	private static final int DEFAULT_WAIT_MILLIS = 50;

	private static final int PROBE_MILLIS = 1;

	private final PipeAddress address;

	private final WString name;

	private final PipeServerOptions options;

	private final CompletionPort port;

	private final SecurityDescriptor security;

	InstanceFactory(PipeAddress address, PipeServerOptions options, CompletionPort port) {
		this.address = address;
		this.name = new WString("\\\\.\\pipe\\" + address.name());
		this.options = options;
		this.port = port;
		this.security = SecurityDescriptor.of(options.access());
	}

	CompletionPort port() {
		return this.port;
	}

	/**
	 * Create the instance that claims the name. Windows refuses it if the name exists
	 * ({@code FILE_FLAG_FIRST_PIPE_INSTANCE}). The name is looked up before, because not
	 * every system honours the flag.
	 * @param onWaitEnded called with the outcome of each wait
	 * @return the instance, which does not wait yet
	 */
	PipeInstance first(ObjIntConsumer<PipeInstance> onWaitEnded) {
		if (exists()) {
			throw inUse();
		}
		PipeInstance instance = create(true, onWaitEnded);
		if (instance != null) {
			return instance;
		}
		int error = Native.getLastError();
		if (error == WinError.ERROR_PIPE_BUSY || (error == WinError.ERROR_ACCESS_DENIED && exists())) {
			throw inUse();
		}
		throw failed(error);
	}

	// Creates a further instance; null if the pipe has its maximum number of them.
	@Nullable PipeInstance next(ObjIntConsumer<PipeInstance> onWaitEnded) {
		PipeInstance instance = create(false, onWaitEnded);
		if (instance != null) {
			return instance;
		}
		int error = Native.getLastError();
		if (error == WinError.ERROR_PIPE_BUSY) {
			return null;
		}
		if (error == WinError.ERROR_ACCESS_DENIED) {
			throw new PipeAccessDeniedException(
					"No further instance of the pipe '%s' can be created: its security descriptor must give the server's own user full access (FA)"
						.formatted(this.address));
		}
		throw failed(error);
	}

	private @Nullable PipeInstance create(boolean first, ObjIntConsumer<PipeInstance> onWaitEnded) {
		Pointer handle = Kernel32Calls.valid(Kernel32Calls.CreateNamedPipeW(this.name,
				PipeFlags.openMode(this.options.direction(), first), PipeFlags.pipeMode(this.options),
				PipeFlags.maxInstances(this.options), this.options.outBufferSize(), this.options.inBufferSize(),
				DEFAULT_WAIT_MILLIS, this.security.attributes()));
		if (handle == null) {
			return null;
		}
		try {
			PipeHandle guard = this.port.associate(handle, this.options.mode() == PipeMode.MESSAGE);
			return create(guard, onWaitEnded);
		}
		catch (RuntimeException | Error ex) {
			Kernel32Calls.CloseHandle(handle);
			throw ex;
		}
	}

	PipeInstance create(PipeHandle handle, ObjIntConsumer<PipeInstance> onWaitEnded) {
		return new PipeInstance(handle, this.port, onWaitEnded);
	}

	// WaitNamedPipe takes no client's place.
	private boolean exists() {
		return Kernel32Calls.WaitNamedPipeW(this.name, PROBE_MILLIS)
				|| Native.getLastError() == WinError.ERROR_SEM_TIMEOUT;
	}

	private PipeInUseException inUse() {
		return new PipeInUseException(
				"The pipe '%s' is in use: another server listens on it, or connections of an earlier one are still open"
					.formatted(this.address));
	}

	private PipeException failed(int error) {
		String message = "The pipe '%s' cannot be created: %s".formatted(this.address, Win32.describe(error));
		return switch (error) {
			case WinError.ERROR_ACCESS_DENIED -> new PipeAccessDeniedException(message);
			case WinError.ERROR_INVALID_NAME, WinError.ERROR_PATH_NOT_FOUND ->
				new PipeAddressException(this.address.toString(), "Windows refuses the name: " + Win32.describe(error));
			default -> new PipeException(message);
		};
	}

	@Override
	public void close() {
		this.security.close();
	}

}
