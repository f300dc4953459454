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

import io.namedpipe.platform.OperatingSystem;

/**
 * The numbers of Linux's system calls, which differ by architecture: the kernel's
 * {@code arch/x86/entry/syscalls/syscall_64.tbl} and
 * {@code include/uapi/asm-generic/unistd.h}.
 */
enum SystemCall {

	SETFSUID(122, 151),

	SETFSGID(123, 152),

	SETGROUPS(116, 159),

	GETGROUPS(115, 158),

	CAPGET(125, 90),

	CAPSET(126, 91),

	PRCTL(157, 167),

	GETTID(186, 178),

	CLONE(56, 220),

	CLONE3(435, 435),

	SECCOMP(317, 277),

	PIPE2(293, 59),

	STATX(332, 291),

	OPENAT2(437, 437),

	DUP3(292, 24),

	GETDENTS64(217, 61),

	FSYNC(74, 82),

	FCHMOD(91, 52),

	UNLINKAT(263, 35),

	RENAMEAT2(316, 276),

	READLINKAT(267, 78),

	LINKAT(265, 37),

	NAME_TO_HANDLE_AT(303, 264),

	STATMOUNT(457, 457);

	private final long number;

	SystemCall(int x8664, int aarch64) {
		this.number = Architecture.CURRENT.choose(x8664, aarch64);
	}

	/**
	 * Check that the numbers of this machine are known.
	 * @throws UnsupportedOperationException if they are not
	 */
	static void requireKnown() {
		if (Architecture.CURRENT == Architecture.OTHER) {
			throw new UnsupportedOperationException(
					"Linux's system calls are known on x86-64 and aarch64 only, and this is %s on '%s'"
						.formatted(System.getProperty("os.name"), System.getProperty("os.arch")));
		}
	}

	/**
	 * Check that calls can be made.
	 * @throws JnaUnavailableException if JNA is missing or does not load
	 * @throws UnsupportedOperationException if the numbers of this machine are not known
	 */
	static void require() {
		requireKnown();
		Jna.require();
	}

	static boolean isUsable() {
		return Architecture.CURRENT != Architecture.OTHER && Jna.isUsable();
	}

	// Some flags of files have other values on ARM: the kernel's
	// arch/arm64/include/uapi/asm/fcntl.h.
	static boolean isArm() {
		return Architecture.CURRENT == Architecture.AARCH64;
	}

	long number() {
		return this.number;
	}

	/**
	 * This machine in the kernel's {@code include/uapi/linux/audit.h}.
	 * @return its {@code AUDIT_ARCH}
	 */
	static int auditArchitecture() {
		return (int) Architecture.CURRENT.choose(0xc000003e, 0xc00000b7);
	}

	/**
	 * The machines whose numbers are known.
	 */
	private enum Architecture {

		X86_64, AARCH64, OTHER;

		/** What the kernel answers with "no such call". */
		private static final long NONE = -1;

		static final Architecture CURRENT = current();

		private static Architecture current() {
			if (!OperatingSystem.isLinux()) {
				return OTHER;
			}
			return switch (System.getProperty("os.arch", "")) {
				case "amd64" -> X86_64;
				case "aarch64" -> AARCH64;
				default -> OTHER;
			};
		}

		long choose(int x8664, int aarch64) {
			return switch (this) {
				case X86_64 -> x8664;
				case AARCH64 -> aarch64;
				case OTHER -> NONE;
			};
		}

	}

}
