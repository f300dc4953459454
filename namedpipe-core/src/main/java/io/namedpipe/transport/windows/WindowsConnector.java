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

import java.util.function.Consumer;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.WinBase;
import com.sun.jna.platform.win32.WinError;
import com.sun.jna.platform.win32.WinNT;

import io.namedpipe.transport.ConnectBudget;
import io.namedpipe.transport.ExpectedServer;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeBusyException;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeNotVerifiedException;
import io.namedpipe.transport.PipeUnsupportedException;

/**
 * Connects a client ({@code CreateFile}) and verifies that the server is the expected
 * one, by the owner of the pipe. {@code WaitNamedPipe} is not used: it cannot be
 * interrupted, and another client may take the instance after it.
 */
final class WindowsConnector {

	private final PipeAddress address;

	private final PipeClientOptions options;

	WindowsConnector(PipeAddress address, PipeClientOptions options) {
		this.address = address;
		this.options = options;
	}

	WindowsPipeChannel connect(CompletionPort port, Consumer<WindowsPipeChannel> onClose) {
		Pointer pipe = open();
		try {
			String owner = verifyOwner(pipe);
			WindowsPipeChannel.Shape shape = WindowsPipeChannel.Shape.ofClient(this.options, isMessageType(pipe));
			if (shape.readsMessages()) {
				setMessageReadMode(pipe);
			}
			PipeHandle handle = port.associate(pipe, shape.readsMessages());
			ServerPeer server = new ServerPeer(pipe, owner, !this.address.isLocal());
			return new WindowsPipeChannel(handle, port, shape, server, (channel) -> {
				onClose.accept(channel);
				Kernel32Calls.CloseHandle(pipe);
			});
		}
		catch (RuntimeException | Error ex) {
			Kernel32Calls.CloseHandle(pipe);
			throw ex;
		}
	}

	Pointer open() {
		WString name = new WString(this.address.toUnc());
		int access = PipeFlags.clientAccess(this.options.direction());
		int flags = PipeFlags.clientFlags(this.options.impersonationLevel());
		return ConnectBudget.connect(this.address, this.options, () -> {
			Pointer handle = Kernel32Calls
				.valid(Kernel32Calls.CreateFileW(name, access, 0, null, WinNT.OPEN_EXISTING, flags, null));
			if (handle == null) {
				throw failed(Native.getLastError());
			}
			return handle;
		});
	}

	PipeException failed(int error) {
		String reason = Win32.describe(error);
		return switch (error) {
			case WinError.ERROR_FILE_NOT_FOUND ->
				new PipeNotFoundException("No server listens on the pipe '%s'; start it first".formatted(this.address));
			case WinError.ERROR_BAD_NETPATH, WinError.ERROR_BAD_NET_NAME, WinError.ERROR_REM_NOT_LIST,
					WinError.ERROR_NETWORK_UNREACHABLE, WinError.ERROR_HOST_UNREACHABLE, WinError.ERROR_HOST_DOWN ->
				new PipeNotFoundException(
						"The machine of the pipe '%s' cannot be reached: %s".formatted(this.address, reason));
			case WinError.ERROR_PIPE_BUSY ->
				new PipeBusyException("The server on the pipe '%s' had no free instance within %d ms"
					.formatted(this.address, this.options.connectTimeout().toMillis()));
			case WinError.ERROR_ACCESS_DENIED -> new PipeAccessDeniedException(
					"No permission to connect to the pipe '%s': the server lets in others only, or goes the other way"
						.formatted(this.address));
			case WinError.ERROR_NETWORK_ACCESS_DENIED, WinError.ERROR_LOGON_FAILURE, WinError.ERROR_ACCOUNT_RESTRICTION,
					WinError.ERROR_PASSWORD_EXPIRED, WinError.ERROR_ACCOUNT_DISABLED, WinError.ERROR_ACCOUNT_EXPIRED,
					WinError.ERROR_LOGON_TYPE_NOT_GRANTED ->
				new PipeAccessDeniedException("The machine of the pipe '%s' does not let this user log on: %s"
					.formatted(this.address, reason));
			case WinError.ERROR_INVALID_NAME, WinError.ERROR_PATH_NOT_FOUND ->
				new PipeAddressException(this.address.toString(), "Windows refuses the name: " + reason);
			default -> new PipeException("The pipe '%s' cannot be opened: %s".formatted(this.address, reason));
		};
	}

	private boolean isMessageType(Pointer pipe) {
		Integer flags = Win32.number((result) -> Kernel32Calls.GetNamedPipeInfo(pipe, result, null, null, null));
		if (flags == null) {
			throw Win32.lastFailure("The type of the pipe '%s' could not be read".formatted(this.address));
		}
		return (flags & WinBase.PIPE_TYPE_MESSAGE) != 0;
	}

	private void setMessageReadMode(Pointer pipe) {
		try (Memory mode = new Memory(Integer.BYTES)) {
			mode.setInt(0, WinBase.PIPE_READMODE_MESSAGE);
			if (!Kernel32Calls.SetNamedPipeHandleState(pipe, mode, null, null)) {
				int error = Native.getLastError();
				if (error == WinError.ERROR_INVALID_PARAMETER) {
					throw new PipeUnsupportedException(
							"The server's pipe '%s' is in byte mode and has no messages".formatted(this.address));
				}
				throw Win32.failure("The pipe '%s' cannot be set to messages".formatted(this.address), error);
			}
		}
	}

	private String verifyOwner(Pointer pipe) {
		ExpectedServer expected = this.options.expectedServer();
		String owner;
		try {
			owner = SecurityDescriptor.ownerOf(pipe);
		}
		catch (PipeException ex) {
			if (expected.isAny()) {
				return Accounts.NULL_SID;
			}
			throw new PipeNotVerifiedException(
					"The server of the pipe '%s' is not known: %s".formatted(this.address, ex.getMessage()), ex);
		}
		if (!expected.isAny() && expected.owners().stream().noneMatch((each) -> matches(each, owner))) {
			throw new PipeNotVerifiedException(
					"The pipe '%s' belongs to %s, and the expected server is %s; nothing was sent"
						.formatted(this.address, owner, expected.owners()));
		}
		return owner;
	}

	private static boolean matches(String expected, String owner) {
		if (expected.equals(ExpectedServer.CURRENT_USER)) {
			return owner.equals(AccessToken.currentUser());
		}
		if (expected.equals(ExpectedServer.SYSTEM)) {
			return owner.equals(Accounts.LOCAL_SYSTEM) || owner.equals(Accounts.ADMINISTRATORS);
		}
		return owner.equals(Accounts.sidOf(expected));
	}

}
