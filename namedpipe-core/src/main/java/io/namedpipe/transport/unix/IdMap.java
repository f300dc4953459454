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
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

import io.namedpipe.transport.PipeImpersonationException;

/**
 * The ids that stand for no single user or group in this user namespace: the kernel
 * reports every id that the namespace does not map as the same overflow id.
 *
 * @param overflowUid the overflow id of users, or the invalid id if every id is mapped
 * @param overflowGid the overflow id of groups, or the invalid id if every id is mapped
 */
record IdMap(int overflowUid, int overflowGid) {

	private static final String[] WHOLE = { "0", "0", "4294967295" };

	private static final int MAX_BYTES = 64 * 1024;

	/**
	 * Read the map of this process.
	 * @return the map
	 * @throws PipeImpersonationException if it cannot be read
	 */
	static IdMap read() {
		try {
			return new IdMap(overflow(Path.of("/proc/self/uid_map"), Path.of("/proc/sys/kernel/overflowuid")),
					overflow(Path.of("/proc/self/gid_map"), Path.of("/proc/sys/kernel/overflowgid")));
		}
		catch (IOException ex) {
			throw new PipeImpersonationException(
					"The server cannot act as other users: it is not known which ids are mapped in this user namespace (%s)"
						.formatted(ex.getMessage()),
					ex);
		}
	}

	static int overflow(Path map, Path overflow) throws IOException {
		String ranges;
		try {
			ranges = readAtOnce(map);
		}
		catch (NoSuchFileException ex) {
			// A kernel without user namespaces.
			return UnixIds.INVALID;
		}
		if (Arrays.equals(WHOLE, ranges.split("\\s+"))) {
			return UnixIds.INVALID;
		}
		String number = readAtOnce(overflow);
		if (!UnixIds.isNumber(number)) {
			throw new IOException("'%s' in %s is not an id".formatted(number, overflow));
		}
		return UnixIds.parse(number);
	}

	// The kernel answers a second read of a file below /proc/sys with the end, and the
	// JDK's methods for whole files begin with one byte.
	private static String readAtOnce(Path file) throws IOException {
		try (InputStream stream = Files.newInputStream(file)) {
			byte[] bytes = new byte[MAX_BYTES];
			int count = stream.read(bytes);
			return new String(bytes, 0, Math.max(0, count), StandardCharsets.US_ASCII).trim();
		}
	}

	void requireMapped(UnixUser user) {
		if (user.uid() == UnixIds.INVALID || user.gid() == UnixIds.INVALID || user.uid() == this.overflowUid
				|| Arrays.stream(user.groups()).anyMatch((gid) -> gid == UnixIds.INVALID || gid == this.overflowGid)) {
			throw new PipeImpersonationException(
					"The peer, %s with the group %s, is not known in this user namespace, and cannot be acted as"
						.formatted(user, UnixIds.format(user.gid())));
		}
	}

}
