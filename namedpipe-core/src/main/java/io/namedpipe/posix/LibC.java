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

package io.namedpipe.posix;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;

/**
 * The functions of the C library by their C names. Direct mapping is the cheapest call
 * that JNA has; addresses and sizes are {@code long} where a function is used on 64-bit
 * systems only. Use it after {@link Jna#require()}.
 */
@SuppressWarnings("checkstyle:MethodName")
final class LibC {

	static {
		Native.register(LibC.class, NativeLibrary.getInstance(Platform.C_LIBRARY_NAME));
	}

	private LibC() {
	}

	static native long syscall(long number, long first, long second);

	static native long syscall(long number, long first, long second, long third, long fourth, long fifth);

	static native int getsockname(int socket, byte[] address, int[] length);

	static native int getsockopt(int socket, int level, int option, long value, long length);

	static native int fstatfs(int descriptor, long status);

	static native long pread(int descriptor, byte[] buffer, long count, long position);

	static native long write(int descriptor, byte[] buffer, long count);

	static native int close(int descriptor);

	static native int dup2(int descriptor, int number);

	static native int getpwuid_r(int uid, Pointer entry, Pointer buffer, NativeLong size, Pointer result);

	static native int getgrouplist(Pointer name, int group, Pointer groups, Pointer count);

	static native String strerror(int error);

}
