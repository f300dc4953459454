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

import com.sun.jna.platform.win32.WinBase;
import com.sun.jna.platform.win32.WinNT;

import io.namedpipe.transport.ImpersonationLevel;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeMode;
import io.namedpipe.transport.PipeServerOptions;

/**
 * The flags of {@code CreateNamedPipe} and {@code CreateFile}. They are computed from
 * complete options, so that the order of a builder's calls cannot matter.
 */
final class PipeFlags {

	private static final int FIRST_PIPE_INSTANCE = 0x00080000;

	private static final int SECURITY_SQOS_PRESENT = 0x00100000;

	private static final int READ_RIGHTS = WinNT.FILE_READ_DATA | WinNT.FILE_READ_EA;

	private static final int WRITE_RIGHTS = WinNT.FILE_WRITE_DATA | WinNT.FILE_WRITE_EA;

	/** FILE_WRITE_ATTRIBUTES sets the read mode, READ_CONTROL reads the owner. */
	private static final int COMMON_RIGHTS = WinNT.FILE_READ_ATTRIBUTES | WinNT.FILE_WRITE_ATTRIBUTES
			| WinNT.READ_CONTROL | WinNT.SYNCHRONIZE;

	private PipeFlags() {
	}

	// The dwOpenMode of CreateNamedPipe. The first instance is refused if the name
	// exists.
	static int openMode(PipeDirection direction, boolean first) {
		int access = switch (direction) {
			case INBOUND -> WinBase.PIPE_ACCESS_INBOUND;
			case OUTBOUND -> WinBase.PIPE_ACCESS_OUTBOUND;
			case DUPLEX -> WinBase.PIPE_ACCESS_DUPLEX;
		};
		return access | WinNT.FILE_FLAG_OVERLAPPED | (first ? FIRST_PIPE_INSTANCE : 0);
	}

	// The dwPipeMode of CreateNamedPipe.
	static int pipeMode(PipeServerOptions options) {
		int mode = (options.mode() == PipeMode.MESSAGE) ? WinBase.PIPE_TYPE_MESSAGE | WinBase.PIPE_READMODE_MESSAGE : 0;
		return mode | (options.rejectRemote() ? WinBase.PIPE_REJECT_REMOTE_CLIENTS : 0);
	}

	// The nMaxInstances of CreateNamedPipe.
	static int maxInstances(PipeServerOptions options) {
		int max = options.maxInstances();
		return (max > 0) ? Math.min(max, WinBase.PIPE_UNLIMITED_INSTANCES) : WinBase.PIPE_UNLIMITED_INSTANCES;
	}

	// The dwDesiredAccess of CreateFile. It never includes GENERIC_WRITE, which contains
	// the right to create instances and which a server should not give.
	static int clientAccess(PipeDirection direction) {
		return switch (direction) {
			case INBOUND -> COMMON_RIGHTS | WRITE_RIGHTS;
			case OUTBOUND -> COMMON_RIGHTS | READ_RIGHTS;
			case DUPLEX -> COMMON_RIGHTS | READ_RIGHTS | WRITE_RIGHTS;
		};
	}

	// The dwFlagsAndAttributes of CreateFile. Without SECURITY_SQOS_PRESENT, the server
	// could impersonate the client.
	static int clientFlags(ImpersonationLevel level) {
		return WinNT.FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | (level.ordinal() << 16);
	}

}
