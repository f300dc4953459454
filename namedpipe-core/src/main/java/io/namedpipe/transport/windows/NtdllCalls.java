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

/**
 * The function of {@code ntdll.dll} for which Win32 has no name, mapped directly as in
 * {@link Kernel32Calls}.
 */
final class NtdllCalls {

	static {
		Native.register(NtdllCalls.class, Kernel32Calls.library("ntdll"));
	}

	private NtdllCalls() {
	}

	static native int RtlNtStatusToDosError(int status);

}
