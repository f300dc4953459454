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

/**
 * The numbers by which the kernel reports failures.
 */
final class Errno {

	static final int EPERM = 1;

	static final int ENOENT = 2;

	static final int EINTR = 4;

	static final int EAGAIN = 11;

	static final int EACCES = 13;

	static final int ERANGE = 34;

	static final int ELOOP = 40;

	static final int ENOPROTOOPT = 92;

	private Errno() {
	}

	// The error of the calling thread's last native call.
	static int last() {
		return Native.getLastError();
	}

	static String describe(int error) {
		return "%s (error %d)".formatted(LibC.strerror(error), error);
	}

}
