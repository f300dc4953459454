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

import java.util.function.Predicate;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.Kernel32Util;
import com.sun.jna.platform.win32.WinError;
import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeException;

/**
 * Errors of functions of Windows, and results that they return through a pointer. A
 * result is {@code null} if the function has failed.
 */
final class Win32 {

	/** {@code FileAccessInformation} of {@code FILE_INFORMATION_CLASS}. */
	private static final int FILE_ACCESS_INFORMATION = 8;

	/** {@code FilePipeLocalInformation} of {@code FILE_INFORMATION_CLASS}. */
	private static final int FILE_PIPE_LOCAL_INFORMATION = 24;

	/** The members of {@code FILE_PIPE_LOCAL_INFORMATION}, which have 4 bytes each. */
	private static final int PIPE_MEMBERS = 10;

	/** Where its member {@code NamedPipeState} is. */
	private static final int PIPE_STATE = 8 * Integer.BYTES;

	private static final int FILE_PIPE_CLOSING_STATE = 4;

	private Win32() {
	}

	static @Nullable Pointer pointer(Predicate<Pointer> function) {
		try (Memory result = new Memory(Native.POINTER_SIZE)) {
			return function.test(result) ? result.getPointer(0) : null;
		}
	}

	static @Nullable Integer number(Predicate<Pointer> function) {
		try (Memory result = new Memory(Integer.BYTES)) {
			return function.test(result) ? result.getInt(0) : null;
		}
	}

	static @Nullable Long unsigned(Predicate<Pointer> function) {
		Integer number = number(function);
		return (number != null) ? Integer.toUnsignedLong(number) : null;
	}

	// Whether the other end of the pipe is gone.
	static boolean isGone(int error) {
		return error == WinError.ERROR_BROKEN_PIPE || error == WinError.ERROR_PIPE_NOT_CONNECTED
				|| error == WinError.ERROR_NO_DATA || error == WinError.ERROR_BAD_PIPE;
	}

	// The system's text, which needs JNA's platform library, and the number.
	static String describe(int error) {
		String text;
		try {
			text = Kernel32Util.formatMessage(error).strip();
		}
		catch (RuntimeException | LinkageError ex) {
			text = "no description";
		}
		return "%s (Windows error %d)".formatted(text, error);
	}

	// The error of the calling thread's last call.
	static String describeLast() {
		return describe(Native.getLastError());
	}

	static PipeException failure(String message, int error) {
		return new PipeException(message + ": " + describe(error));
	}

	static PipeException lastFailure(String message) {
		return failure(message, Native.getLastError());
	}

	// The error for an NTSTATUS, the status of the kernel.
	static int errorOf(int status) {
		return (status == 0) ? WinError.ERROR_SUCCESS : Ntdll.RtlNtStatusToDosError(status);
	}

	/**
	 * What a handle may be used for.
	 * @param file the handle
	 * @return the rights, such as {@code FILE_READ_DATA}
	 */
	static int access(Pointer file) {
		try (Memory rights = new Memory(Integer.BYTES)) {
			int status = query(file, FILE_ACCESS_INFORMATION, rights);
			if (status != 0) {
				throw failure("The rights of a handle cannot be read", errorOf(status));
			}
			return rights.getInt(0);
		}
	}

	/**
	 * Whether the other end of a pipe was closed, also while something is left to read.
	 * @param pipe the handle of an end
	 * @return {@code false} too if the system does not say
	 */
	static boolean isOtherEndClosed(Pointer pipe) {
		try (Memory members = new Memory(PIPE_MEMBERS * Integer.BYTES)) {
			return query(pipe, FILE_PIPE_LOCAL_INFORMATION, members) == 0
					&& members.getInt(PIPE_STATE) == FILE_PIPE_CLOSING_STATE;
		}
	}

	// Returns the status of the kernel.
	private static int query(Pointer file, int informationClass, Memory information) {
		information.clear();
		try (Memory status = new Memory(2L * Native.POINTER_SIZE)) {
			return Ntdll.NtQueryInformationFile(file, status, information, (int) information.size(), informationClass);
		}
	}

	private static final class Ntdll {

		static {
			Native.register(Ntdll.class, Kernel32Calls.library("ntdll"));
		}

		static native int RtlNtStatusToDosError(int status);

		static native int NtQueryInformationFile(Pointer file, Pointer status, Pointer information, int length,
				int informationClass);

	}

}
