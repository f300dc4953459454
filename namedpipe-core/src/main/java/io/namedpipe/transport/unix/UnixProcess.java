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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import com.sun.security.auth.module.UnixSystem;

import io.namedpipe.platform.OperatingSystem;

/**
 * The credentials of this process. Read once, since a JVM does not change its user.
 *
 * @param euid the effective user
 * @param capabilities the effective capabilities, a bit for each
 */
record UnixProcess(int euid, long capabilities) {

	/** CAP_SETGID. */
	static final int CAP_SETGID = 6;

	/** CAP_SETUID. */
	static final int CAP_SETUID = 7;

	/**
	 * The capabilities that stand above file permissions: CAP_CHOWN, CAP_DAC_OVERRIDE,
	 * CAP_DAC_READ_SEARCH, CAP_FOWNER, CAP_FSETID, CAP_LINUX_IMMUTABLE, CAP_MKNOD and
	 * CAP_MAC_OVERRIDE. The kernel takes these from a thread of root that acts as another
	 * user for files, and from no other thread.
	 */
	static final long FILE_CAPABILITIES = 0b11111L | (1L << 9) | (1L << 27) | (1L << 32);

	private static final UnixProcess SELF = read();

	static UnixProcess self() {
		return SELF;
	}

	private static UnixProcess read() {
		if (OperatingSystem.isLinux()) {
			try {
				List<String> lines = Files.readAllLines(Path.of("/proc/self/status"));
				return new UnixProcess(UnixIds.parse(field(lines, "Uid:").orElseThrow().split("\\s+")[1]),
						Long.parseUnsignedLong(field(lines, "CapEff:").orElseThrow(), 16));
			}
			catch (IOException | RuntimeException ex) {
				// There is no /proc: use the user that the JDK reports, and assume the
				// capabilities that would be harmful.
				return new UnixProcess((int) new UnixSystem().getUid(), FILE_CAPABILITIES);
			}
		}
		return new UnixProcess((int) new UnixSystem().getUid(), 0);
	}

	// A field of the status of a process or a thread.
	static Optional<String> field(List<String> lines, String name) {
		return lines.stream()
			.filter((line) -> line.startsWith(name))
			.map((line) -> line.substring(name.length()).trim())
			.findFirst();
	}

	boolean isRoot() {
		return this.euid == UnixIds.ROOT;
	}

	boolean hasCapability(int capability) {
		return (this.capabilities & (1L << capability)) != 0;
	}

	// Whether the process is not root, and yet above file permissions.
	boolean hasFileCapabilitiesWithoutRoot() {
		return !isRoot() && (this.capabilities & FILE_CAPABILITIES) != 0;
	}

}
