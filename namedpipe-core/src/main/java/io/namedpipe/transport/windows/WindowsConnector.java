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

import java.util.concurrent.TimeUnit;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;

import io.namedpipe.transport.ExpectedServer;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeBusyException;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeMode;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeNotVerifiedException;
import io.namedpipe.transport.PipeUnsupportedException;

/**
 * Opens the client's end of a pipe ({@code CreateFile}) and makes sure that the server is
 * the expected one, by the owner of the pipe. {@code WaitNamedPipe} is not used: it
 * cannot be interrupted, and what it has waited for may be gone.
 */
final class WindowsConnector {

	private static final int OPEN_EXISTING = 3;

	private static final long RETRY_MILLIS = 5;

	private WindowsConnector() {
	}

	/**
	 * Connect.
	 * @param address the pipe
	 * @param options how to connect
	 * @return the open end
	 */
	static Pointer open(PipeAddress address, PipeClientOptions options) {
		WString name = new WString(address.toUnc());
		int access = PipeFlags.clientAccess(options.direction());
		int flags = PipeFlags.clientFlags(options.impersonationLevel());
		long missing = options.waitForServer().toNanos();
		long busy = options.connectTimeout().toNanos();
		try {
			while (true) {
				long start = System.nanoTime();
				Pointer handle = Kernel32Calls.CreateFileW(name, access, 0, null, OPEN_EXISTING, flags, null);
				if (handle != null && !Kernel32Calls.isInvalid(handle)) {
					return handle;
				}
				int error = Native.getLastError();
				boolean retry = switch (error) {
					case Win32Errors.FILE_NOT_FOUND -> missing > 0;
					case Win32Errors.PIPE_BUSY -> busy > 0;
					default -> false;
				};
				if (!retry) {
					throw failed(address, options, error);
				}
				TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
				// Each has a budget of its own, and what is left of it counts.
				long spent = System.nanoTime() - start;
				if (error == Win32Errors.PIPE_BUSY) {
					busy -= spent;
				}
				else {
					missing -= spent;
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new PipeException("Connecting to the pipe '%s' was interrupted".formatted(address), ex);
		}
	}

	private static PipeException failed(PipeAddress address, PipeClientOptions options, int error) {
		String reason = Win32Errors.describe(error);
		return switch (error) {
			case Win32Errors.FILE_NOT_FOUND ->
				new PipeNotFoundException("No server listens on the pipe '%s'; start it first".formatted(address));
			case Win32Errors.BAD_NETPATH, Win32Errors.BAD_NET_NAME, Win32Errors.PATH_NOT_FOUND ->
				new PipeNotFoundException(
						"The machine of the pipe '%s' cannot be reached: %s".formatted(address, reason));
			case Win32Errors.PIPE_BUSY ->
				new PipeBusyException("The server on the pipe '%s' had no free instance within %d ms".formatted(address,
						options.connectTimeout().toMillis()));
			case Win32Errors.ACCESS_DENIED -> new PipeAccessDeniedException(
					"No permission to connect to the pipe '%s': the server lets in others only, or goes the other way"
						.formatted(address));
			case Win32Errors.INVALID_NAME ->
				new PipeAddressException(address.toString(), "Windows refuses the name: " + reason);
			default -> new PipeException("The pipe '%s' cannot be opened: %s".formatted(address, reason));
		};
	}

	/**
	 * Whether the type of a pipe is message ({@code GetNamedPipeInfo}).
	 * @param pipe the client's end
	 * @return {@code true} for messages
	 */
	static boolean isMessageType(Pointer pipe) {
		try (Memory flags = new Memory(Integer.BYTES)) {
			return Kernel32Calls.GetNamedPipeInfo(pipe, flags, null, null, null)
					&& (flags.getInt(0) & PipeFlags.TYPE_MESSAGE) != 0;
		}
	}

	/**
	 * Read messages, if that is asked for ({@code SetNamedPipeHandleState}).
	 * @param address the pipe, for the message
	 * @param mode the mode
	 * @param pipe the client's end
	 */
	static void setReadMode(PipeAddress address, PipeMode mode, Pointer pipe) {
		if (mode != PipeMode.MESSAGE) {
			return;
		}
		try (Memory flags = new Memory(Integer.BYTES)) {
			flags.setInt(0, PipeFlags.READMODE_MESSAGE);
			if (!Kernel32Calls.SetNamedPipeHandleState(pipe, flags, null, null)) {
				int error = Native.getLastError();
				if (error == Win32Errors.INVALID_PARAMETER) {
					throw new PipeUnsupportedException(
							"The server's pipe '%s' is in byte mode and has no messages".formatted(address));
				}
				throw new PipeException(
						"The pipe '%s' cannot be set to messages: %s".formatted(address, Win32Errors.describe(error)));
			}
		}
	}

	/**
	 * Check who owns the pipe.
	 * @param address the pipe, for the message
	 * @param expected who must own it
	 * @param pipe the client's end
	 * @return the SID of the owner
	 * @throws PipeNotVerifiedException if it is somebody else's, or cannot be told
	 */
	static String verifyOwner(PipeAddress address, ExpectedServer expected, Pointer pipe) {
		String owner;
		try {
			owner = SecurityDescriptor.ownerOf(pipe);
		}
		catch (PipeException ex) {
			if (expected.isAny()) {
				return Accounts.NULL_SID;
			}
			throw new PipeNotVerifiedException(
					"The server of the pipe '%s' is not known: %s".formatted(address, ex.getMessage()), ex);
		}
		if (!expected.isAny() && expected.owners().stream().noneMatch((each) -> matches(each, owner))) {
			throw new PipeNotVerifiedException(
					"The pipe '%s' belongs to %s, and the expected server is %s; nothing was sent".formatted(address,
							owner, expected.owners()));
		}
		return owner;
	}

	private static boolean matches(String expected, String owner) {
		if (expected.equals(ExpectedServer.CURRENT_USER)) {
			return owner.equals(Token.currentUser());
		}
		if (expected.equals(ExpectedServer.SYSTEM)) {
			return owner.equals(Accounts.LOCAL_SYSTEM) || owner.equals(Accounts.ADMINISTRATORS);
		}
		if (Accounts.looksLikeSid(expected)) {
			return owner.equals(Accounts.checkSid(expected));
		}
		return owner.equals(Accounts.find(expected, expected).sid());
	}

}
