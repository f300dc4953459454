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

package io.namedpipe.transport.unix;

import java.nio.ByteBuffer;

/**
 * The kernel's calls about the credentials of the calling thread. The C library's own
 * functions of these names are of no use where they change the whole process.
 */
interface SystemCalls {

	/** Reads the process's dumpable flag. */
	int PR_GET_DUMPABLE = 3;

	/** Sets the process's dumpable flag. */
	int PR_SET_DUMPABLE = 4;

	// Set the user for file access. The kernel reports no failure: -1 changes nothing and
	// gives the present one. Returns the former one.
	int setfsuid(int uid);

	// The same for the group.
	int setfsgid(int gid);

	// Set the supplementary groups. Returns 0, or -1 on failure.
	int setgroups(int count, long gids);

	// Read the supplementary groups. Returns their number, or -1 on failure.
	int getgroups(int size, long gids);

	// Read the thread's capabilities. Returns 0, or -1 on failure.
	int capget(long header, long data);

	// Returns what the option returns, or -1 on failure.
	int prctl(int option, int value);

	// The number of the error of the last call that returned -1.
	int lastError();

	// Where a direct buffer is. The caller keeps the buffer reachable.
	long address(ByteBuffer buffer);

}
