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

import com.sun.jna.platform.win32.Kernel32Util;

/**
 * The error numbers of Win32 that pipes know.
 */
final class Win32Errors {

	static final int SUCCESS = 0;

	static final int FILE_NOT_FOUND = 2;

	static final int PATH_NOT_FOUND = 3;

	static final int ACCESS_DENIED = 5;

	static final int BAD_NETPATH = 53;

	static final int BAD_NET_NAME = 67;

	static final int INVALID_PARAMETER = 87;

	static final int BROKEN_PIPE = 109;

	static final int SEM_TIMEOUT = 121;

	static final int INSUFFICIENT_BUFFER = 122;

	static final int INVALID_NAME = 123;

	static final int BAD_PIPE = 230;

	static final int PIPE_BUSY = 231;

	static final int NO_DATA = 232;

	static final int PIPE_NOT_CONNECTED = 233;

	static final int MORE_DATA = 234;

	static final int PIPE_CONNECTED = 535;

	static final int OPERATION_ABORTED = 995;

	static final int IO_PENDING = 997;

	static final int NO_TOKEN = 1008;

	static final int NONE_MAPPED = 1332;

	static final int CANT_OPEN_ANONYMOUS = 1347;

	static final int CANNOT_IMPERSONATE = 1368;

	private Win32Errors() {
	}

	/**
	 * Whether an error says that the other end of the pipe is gone.
	 * @param error the error
	 * @return {@code true} for broken, disconnected and closing pipes
	 */
	static boolean isGone(int error) {
		return error == BROKEN_PIPE || error == PIPE_NOT_CONNECTED || error == NO_DATA || error == BAD_PIPE;
	}

	/**
	 * Describe an error for a message.
	 * @param error the error
	 * @return the system's text and the number
	 */
	static String describe(int error) {
		String text;
		try {
			text = Kernel32Util.formatMessage(error).strip();
		}
		catch (RuntimeException ex) {
			text = "no description";
		}
		return "%s (Windows error %d)".formatted(text, error);
	}

}
