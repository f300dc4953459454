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

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
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
final class InstanceFactory implements AutoCloseable {

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

	/**
	 * Create the instance that claims the name. The system refuses it if there is
	 * somebody else's ({@code FILE_FLAG_FIRST_PIPE_INSTANCE}); the question before costs
	 * nobody an instance, and is for those systems that do not.
	 * @param owner hears of clients
	 * @return the instance
	 */
	PipeInstance first(PipeInstance.Owner owner) {
		if (exists()) {
			throw inUse();
		}
		Pointer handle = create(true);
		if (handle != null) {
			return instance(handle, owner);
		}
		int error = Native.getLastError();
		if (error == Win32Errors.PIPE_BUSY || (error == Win32Errors.ACCESS_DENIED && exists())) {
			throw inUse();
		}
		throw failed(error);
	}

	/**
	 * Create a further instance.
	 * @param owner hears of clients
	 * @return the instance, {@code null} if there is the greatest number of them
	 */
	@Nullable PipeInstance next(PipeInstance.Owner owner) {
		Pointer handle = create(false);
		if (handle != null) {
			return instance(handle, owner);
		}
		int error = Native.getLastError();
		if (error == Win32Errors.PIPE_BUSY) {
			return null;
		}
		if (error == Win32Errors.ACCESS_DENIED) {
			throw new PipeAccessDeniedException(
					"No further instance of the pipe '%s' can be created: its security descriptor must give the server's own user full access (FA)"
						.formatted(this.address));
		}
		throw failed(error);
	}

	private @Nullable Pointer create(boolean first) {
		Pointer handle = Kernel32Calls.CreateNamedPipeW(this.name, PipeFlags.openMode(this.options.direction(), first),
				PipeFlags.pipeMode(this.options), PipeFlags.maxInstances(this.options), this.options.outBufferSize(),
				this.options.inBufferSize(), DEFAULT_WAIT_MILLIS, this.security.attributes());
		return Kernel32Calls.isInvalid(handle) ? null : handle;
	}

	private PipeInstance instance(Pointer handle, PipeInstance.Owner owner) {
		try {
			PipeHandle guard = this.port.associate(handle, this.options.mode() == PipeMode.MESSAGE);
			return new PipeInstance(guard, this.port, owner);
		}
		catch (RuntimeException ex) {
			Kernel32Calls.CloseHandle(handle);
			throw ex;
		}
	}

	/**
	 * Whether the name exists ({@code WaitNamedPipe}, which takes nobody's place).
	 * @return {@code true} if there is an instance, free or not
	 */
	private boolean exists() {
		return Kernel32Calls.WaitNamedPipeW(this.name, PROBE_MILLIS)
				|| Native.getLastError() == Win32Errors.SEM_TIMEOUT;
	}

	PipeInUseException inUse() {
		return new PipeInUseException(
				"The pipe '%s' is in use: another server listens on it, or connections of an earlier one are still open"
					.formatted(this.address));
	}

	private PipeException failed(int error) {
		String reason = Win32Errors.describe(error);
		return switch (error) {
			case Win32Errors.ACCESS_DENIED ->
				new PipeAccessDeniedException("The pipe '%s' cannot be created: %s".formatted(this.address, reason));
			case Win32Errors.INVALID_NAME, Win32Errors.PATH_NOT_FOUND ->
				new PipeAddressException(this.address.toString(), "Windows refuses the name: " + reason);
			default -> new PipeException("The pipe '%s' cannot be created: %s".formatted(this.address, reason));
		};
	}

	@Override
	public void close() {
		this.security.close();
	}

}
