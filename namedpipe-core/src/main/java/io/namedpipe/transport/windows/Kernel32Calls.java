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

import java.util.Map;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.win32.StdCallLibrary;
import org.jspecify.annotations.Nullable;

/**
 * The functions of {@code kernel32.dll} that pipes need, mapped directly, so that calls
 * use neither reflection nor structures. JNA keeps the error of the last call of a thread
 * for {@link Native#getLastError()}.
 */
final class Kernel32Calls {

	/**
	 * On 64 bits, there is one calling convention, and JNA refuses the name of another.
	 */
	private static final Map<String, Object> OPTIONS = (Native.POINTER_SIZE == Integer.BYTES)
			? Map.of(Library.OPTION_CALLING_CONVENTION, StdCallLibrary.STDCALL_CONVENTION) : Map.of();

	static final Pointer INVALID_HANDLE = Pointer
		.createConstant((Native.POINTER_SIZE == Integer.BYTES) ? 0xFFFFFFFFL : -1L);

	static {
		Native.register(Kernel32Calls.class, library("kernel32"));
	}

	private Kernel32Calls() {
	}

	static NativeLibrary library(String name) {
		return NativeLibrary.getInstance(name, OPTIONS);
	}

	// Null if the function that returned the handle has failed.
	static @Nullable Pointer valid(@Nullable Pointer handle) {
		return INVALID_HANDLE.equals(handle) ? null : handle;
	}

	static native @Nullable Pointer CreateNamedPipeW(WString name, int openMode, int pipeMode, int maxInstances,
			int outBufferSize, int inBufferSize, int defaultTimeout, @Nullable Pointer securityAttributes);

	static native boolean ConnectNamedPipe(Pointer pipe, Pointer overlapped);

	static native boolean DisconnectNamedPipe(Pointer pipe);

	static native @Nullable Pointer CreateFileW(WString name, int access, int share,
			@Nullable Pointer securityAttributes, int disposition, int flags, @Nullable Pointer template);

	static native boolean ReadFile(Pointer file, Pointer buffer, int length, @Nullable Pointer read,
			@Nullable Pointer overlapped);

	static native boolean WriteFile(Pointer file, Pointer buffer, int length, @Nullable Pointer written,
			@Nullable Pointer overlapped);

	static native int GetFileType(Pointer file);

	static native boolean SetHandleInformation(Pointer handle, int mask, int flags);

	static native boolean CancelIoEx(Pointer file, @Nullable Pointer overlapped);

	static native boolean CloseHandle(Pointer handle);

	static native boolean FlushFileBuffers(Pointer file);

	static native boolean WaitNamedPipeW(WString name, int timeoutMillis);

	static native boolean PeekNamedPipe(Pointer pipe, @Nullable Pointer buffer, int length, @Nullable Pointer read,
			@Nullable Pointer available, @Nullable Pointer leftInMessage);

	static native boolean SetNamedPipeHandleState(Pointer pipe, @Nullable Pointer mode, @Nullable Pointer maxCollection,
			@Nullable Pointer collectTimeout);

	static native boolean GetNamedPipeInfo(Pointer pipe, @Nullable Pointer flags, @Nullable Pointer outBufferSize,
			@Nullable Pointer inBufferSize, @Nullable Pointer maxInstances);

	static native boolean GetNamedPipeClientProcessId(Pointer pipe, Pointer id);

	static native boolean GetNamedPipeClientSessionId(Pointer pipe, Pointer id);

	static native boolean GetNamedPipeServerProcessId(Pointer pipe, Pointer id);

	static native boolean GetNamedPipeServerSessionId(Pointer pipe, Pointer id);

	static native @Nullable Pointer CreateIoCompletionPort(Pointer file, @Nullable Pointer port, @Nullable Pointer key,
			int threads);

	static native boolean GetQueuedCompletionStatusEx(Pointer port, Pointer entries, int count, Pointer removed,
			int timeoutMillis, boolean alertable);

	static native boolean PostQueuedCompletionStatus(Pointer port, int bytes, @Nullable Pointer key,
			@Nullable Pointer overlapped);

	static native boolean SetFileCompletionNotificationModes(Pointer file, byte modes);

	static native Pointer GetCurrentProcess();

	static native Pointer GetCurrentThread();

	static native @Nullable Pointer OpenProcess(int access, boolean inherit, int id);

	static native @Nullable Pointer LocalFree(@Nullable Pointer memory);

}
