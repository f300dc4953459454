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

import java.io.IOException;

/**
 * Keeps single threads from starting threads, by a filter of system calls (seccomp). On
 * Linux a new thread inherits the identity of the thread that starts it, whatever starts
 * it: the code that runs, a library, or the JVM, such as a carrier of virtual threads.
 *
 * @since 0.1.0
 */
public final class ThreadStartFilter {

	private static final long PR_SET_NO_NEW_PRIVS = 38;

	private static final long SECCOMP_SET_MODE_FILTER = 1;

	private static final long SECCOMP_GET_ACTION_AVAIL = 2;

	private static final int SECCOMP_RET_ERRNO = 0x00050000;

	private static final int SECCOMP_RET_ALLOW = 0x7fff0000;

	private static final int EPERM = 1;

	private static final int ENOSYS = 38;

	private static final int CLONE_THREAD = 0x00010000;

	/** BPF_LD | BPF_W | BPF_ABS. */
	private static final int LOAD = 0x20;

	/** BPF_JMP | BPF_JEQ | BPF_K. */
	private static final int IF_EQUAL = 0x15;

	/** BPF_JMP | BPF_JSET | BPF_K. */
	private static final int IF_ANY_BIT = 0x45;

	/** BPF_RET | BPF_K. */
	private static final int RETURN = 0x06;

	// Offsets in a struct seccomp_data.
	private static final int CALL = 0;

	private static final int ARCHITECTURE = 4;

	private static final int FIRST_ARGUMENT = 16;

	/** A struct sock_filter. */
	private static final int INSTRUCTION_BYTES = 8;

	/** A struct sock_fprog. */
	private static final int PROGRAM_BYTES = 16;

	private static final ThreadLocal<Boolean> INSTALLED = new ThreadLocal<>();

	private ThreadStartFilter() {
	}

	/**
	 * Whether {@link #install()} works in this process.
	 * @return {@code false} if the kernel has no filters, the machine is unknown, or JNA
	 * is not usable
	 */
	public static boolean isAvailable() {
		if (!SystemCall.isUsable()) {
			return false;
		}
		NativeMemory action = new NativeMemory(Integer.BYTES);
		action.buffer().putInt(0, SECCOMP_RET_ERRNO);
		return seccomp(SECCOMP_GET_ACTION_AVAIL, action) == 0;
	}

	/**
	 * Whether the calling thread cannot start threads.
	 * @return {@code true} after {@link #install()}
	 */
	public static boolean isInstalled() {
		return INSTALLED.get() != null;
	}

	/**
	 * Keep the calling thread from starting threads, as long as it lives: the JVM then
	 * throws an {@code OutOfMemoryError} ("unable to create native thread"). Processes
	 * can be started; they cannot gain privileges ({@code no_new_privs}).
	 * @throws IOException if the kernel refuses
	 */
	public static void install() throws IOException {
		if (isInstalled()) {
			return;
		}
		SystemCall.require();
		NativeMemory program = program();
		NativeMemory argument = new NativeMemory(PROGRAM_BYTES);
		argument.buffer()
			.putShort(0, (short) (program.size() / INSTRUCTION_BYTES))
			.putLong(Long.BYTES, program.address());
		if (LibC.syscall(SystemCall.PRCTL.number(), PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
				|| seccomp(SECCOMP_SET_MODE_FILTER, argument) != 0) {
			throw new IOException("the kernel refuses a filter of system calls: " + Errno.describe(Errno.last()));
		}
		INSTALLED.set(true);
	}

	private static long seccomp(long operation, NativeMemory argument) {
		return LibC.syscall(SystemCall.SECCOMP.number(), operation, 0, argument.address(), 0, 0);
	}

	// The flags of clone3 are in memory that a filter cannot read. The C library goes on
	// with clone when a kernel does not have it.
	private static NativeMemory program() {
		int[][] instructions = { { LOAD, 0, 0, ARCHITECTURE }, { IF_EQUAL, 0, 6, SystemCall.auditArchitecture() },
				{ LOAD, 0, 0, CALL }, { IF_EQUAL, 4, 0, (int) SystemCall.CLONE3.number() },
				{ IF_EQUAL, 0, 2, (int) SystemCall.CLONE.number() }, { LOAD, 0, 0, FIRST_ARGUMENT },
				{ IF_ANY_BIT, 2, 0, CLONE_THREAD }, { RETURN, 0, 0, SECCOMP_RET_ALLOW },
				{ RETURN, 0, 0, SECCOMP_RET_ERRNO | ENOSYS }, { RETURN, 0, 0, SECCOMP_RET_ERRNO | EPERM } };
		NativeMemory program = new NativeMemory(instructions.length * INSTRUCTION_BYTES);
		for (int[] each : instructions) {
			program.buffer().putShort((short) each[0]).put((byte) each[1]).put((byte) each[2]).putInt(each[3]);
		}
		return program;
	}

}
