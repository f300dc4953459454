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

import io.namedpipe.transport.ImpersonationLevel;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeMode;
import io.namedpipe.transport.PipeServerOptions;

/**
 * The bits of {@code CreateNamedPipe} and {@code CreateFile}, made from the options
 * alone: the order in which a builder was called cannot matter.
 */
final class PipeFlags {

	static final int FLAG_FIRST_PIPE_INSTANCE = 0x00080000;

	static final int FLAG_OVERLAPPED = 0x40000000;

	static final int TYPE_MESSAGE = 0x4;

	static final int READMODE_MESSAGE = 0x2;

	static final int REJECT_REMOTE_CLIENTS = 0x8;

	static final int UNLIMITED_INSTANCES = 255;

	/** FILE_READ_DATA and FILE_READ_EA. */
	private static final int READ_RIGHTS = 0x1 | 0x8;

	/** FILE_WRITE_DATA and FILE_WRITE_EA. */
	private static final int WRITE_RIGHTS = 0x2 | 0x10;

	/**
	 * FILE_READ_ATTRIBUTES, FILE_WRITE_ATTRIBUTES (to set the read mode), READ_CONTROL
	 * (to see the owner) and SYNCHRONIZE.
	 */
	private static final int COMMON_RIGHTS = 0x80 | 0x100 | 0x20000 | 0x100000;

	private static final int SECURITY_SQOS_PRESENT = 0x00100000;

	private PipeFlags() {
	}

	/**
	 * The {@code dwOpenMode} of {@code CreateNamedPipe}.
	 * @param direction which way bytes go
	 * @param first whether the name must not exist yet
	 * @return the bits
	 */
	static int openMode(PipeDirection direction, boolean first) {
		int access = switch (direction) {
			case INBOUND -> 1;
			case OUTBOUND -> 2;
			case DUPLEX -> 3;
		};
		return access | FLAG_OVERLAPPED | (first ? FLAG_FIRST_PIPE_INSTANCE : 0);
	}

	/**
	 * The {@code dwPipeMode} of {@code CreateNamedPipe}.
	 * @param options the options of the server
	 * @return the bits
	 */
	static int pipeMode(PipeServerOptions options) {
		int mode = (options.mode() == PipeMode.MESSAGE) ? TYPE_MESSAGE | READMODE_MESSAGE : 0;
		return mode | (options.rejectRemote() ? REJECT_REMOTE_CLIENTS : 0);
	}

	/**
	 * The {@code nMaxInstances} of {@code CreateNamedPipe}.
	 * @param options the options of the server
	 * @return the most instances
	 */
	static int maxInstances(PipeServerOptions options) {
		int max = options.maxInstances();
		return (max <= 0 || max >= UNLIMITED_INSTANCES) ? UNLIMITED_INSTANCES : max;
	}

	/**
	 * The {@code dwDesiredAccess} of {@code CreateFile}. Never {@code GENERIC_WRITE},
	 * which holds the right to create instances and is refused by a careful server.
	 * @param direction the direction of the server's pipe
	 * @return the bits, 0x12019b for a duplex pipe
	 */
	static int clientAccess(PipeDirection direction) {
		return switch (direction) {
			case INBOUND -> COMMON_RIGHTS | WRITE_RIGHTS;
			case OUTBOUND -> COMMON_RIGHTS | READ_RIGHTS;
			case DUPLEX -> COMMON_RIGHTS | READ_RIGHTS | WRITE_RIGHTS;
		};
	}

	/**
	 * The {@code dwFlagsAndAttributes} of {@code CreateFile}. Without
	 * {@code SECURITY_SQOS_PRESENT} the server could act as the client.
	 * @param level what the server may do with the client's identity
	 * @return the bits
	 */
	static int clientFlags(ImpersonationLevel level) {
		return FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | (level.ordinal() << 16);
	}

}
