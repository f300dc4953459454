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

import java.nio.ByteBuffer;

/**
 * The system calls that read and change the credentials of the calling thread alone. The
 * C library's own functions of these names change the whole process.
 *
 * @since 0.1.0
 */
public interface CredentialCalls {

	/** Option of {@link #prctl}: read the dumpable flag of the process. */
	int PR_GET_DUMPABLE = 3;

	/** Option of {@link #prctl}: set the dumpable flag of the process. */
	int PR_SET_DUMPABLE = 4;

	/**
	 * The calls of this machine.
	 * @return the calls
	 * @throws JnaUnavailableException if JNA is missing or does not load
	 * @throws UnsupportedOperationException if this is not Linux on x86-64 or aarch64
	 */
	static CredentialCalls load() {
		SystemCall.require();
		return new LinuxCredentialCalls();
	}

	/**
	 * Set the user for file access. The kernel does not report a failure.
	 * @param uid the user, or -1 to change nothing
	 * @return the former user
	 */
	int setfsuid(int uid);

	/**
	 * Set the group for file access. The kernel does not report a failure.
	 * @param gid the group, or -1 to change nothing
	 * @return the former group
	 */
	int setfsgid(int gid);

	/**
	 * Set the supplementary groups.
	 * @param count the number of groups
	 * @param gids the address of the groups, 32 bits each
	 * @return 0, or -1 on failure
	 */
	int setgroups(int count, long gids);

	/**
	 * Read the supplementary groups.
	 * @param size the number of groups that there is room for
	 * @param gids the address to write the groups to, 32 bits each
	 * @return the number of groups, or -1 on failure
	 */
	int getgroups(int size, long gids);

	/**
	 * Read the capabilities.
	 * @param header the address of a {@code __user_cap_header_struct}
	 * @param data the address of the {@code __user_cap_data_struct}s
	 * @return 0, or -1 on failure
	 */
	int capget(long header, long data);

	/**
	 * Set the capabilities.
	 * @param header the address of a {@code __user_cap_header_struct}
	 * @param data the address of the {@code __user_cap_data_struct}s
	 * @return 0, or -1 on failure
	 */
	int capset(long header, long data);

	/**
	 * Read or change an attribute of the process.
	 * @param option {@link #PR_GET_DUMPABLE} or {@link #PR_SET_DUMPABLE}
	 * @param value the new value
	 * @return what the option returns, or -1 on failure
	 */
	int prctl(int option, int value);

	/**
	 * The kernel's number of the calling thread.
	 * @return the thread id
	 */
	int gettid();

	/**
	 * The error of the calling thread's last call that returned -1.
	 * @return the number of the error
	 */
	int lastError();

	/**
	 * The address of a direct buffer. The caller keeps the buffer reachable.
	 * @param buffer the buffer
	 * @return the address of its first byte
	 */
	long address(ByteBuffer buffer);

}
