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
import java.lang.ref.Reference;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Users as the C library knows them, from every source that the machine is configured
 * for. The C library does not tell an error of a source from a user that does not exist
 * in every case: what it does not find may still be there. Thread-safe.
 *
 * @since 0.1.0
 */
public final class AccountDatabase {

	private static final int FIRST_GROUPS = 64;

	private static final int MAX_GROUPS = 65_536;

	private static final int FIRST_BUFFER = 4 * 1024;

	private static final int MAX_BUFFER = 1024 * 1024;

	private static final int PASSWD_SIZE = 256;

	private AccountDatabase() {
	}

	/**
	 * The database of this machine.
	 * @return the database
	 * @throws JnaUnavailableException if JNA is missing or does not load
	 */
	public static AccountDatabase load() {
		Jna.require();
		return new AccountDatabase();
	}

	/**
	 * The name of a user.
	 * @param uid the user
	 * @return the name, or {@code null} if the C library does not find the user
	 * @throws IOException if the C library reports an error
	 */
	public @Nullable String name(int uid) throws IOException {
		Entry entry = find(uid);
		try {
			return (entry != null) ? entry.name().getString(0) : null;
		}
		finally {
			Reference.reachabilityFence(entry);
		}
	}

	/**
	 * The groups that a log-in would give a user, the primary one included.
	 * @param uid the user
	 * @return the groups, empty if the C library does not find the user
	 * @throws IOException if the C library reports an error
	 */
	public int[] groups(int uid) throws IOException {
		Entry entry = find(uid);
		if (entry == null) {
			return new int[0];
		}
		try {
			return groups(entry.name(), entry.gid());
		}
		finally {
			// The name is in memory that is freed with the entry.
			Reference.reachabilityFence(entry);
		}
	}

	private static int[] groups(Pointer name, int primary) throws IOException {
		Memory count = new Memory(Integer.BYTES);
		for (int size = FIRST_GROUPS; size <= MAX_GROUPS; size *= 4) {
			Memory gids = new Memory((long) size * Integer.BYTES);
			count.setInt(0, size);
			if (LibC.getgrouplist(name, primary, gids, count) >= 0) {
				return gids.getIntArray(0, count.getInt(0));
			}
		}
		throw new IOException("A user has more than %d groups".formatted(MAX_GROUPS));
	}

	private static @Nullable Entry find(int uid) throws IOException {
		Memory passwd = new Memory(PASSWD_SIZE);
		Memory result = new Memory(Native.POINTER_SIZE);
		for (int size = FIRST_BUFFER; size <= MAX_BUFFER; size *= 4) {
			Memory buffer = new Memory(size);
			int error = LibC.getpwuid_r(uid, passwd, buffer, new NativeLong(size), result);
			if (error == 0) {
				return (result.getPointer(0) != null) ? new Entry(passwd, buffer) : null;
			}
			if (Errno.of(error) != Errno.ERANGE) {
				throw new IOException(
						"The user %s cannot be looked up: %s".formatted(format(uid), Errno.describe(error)));
			}
		}
		throw new IOException("The entry of the user %s is too large".formatted(format(uid)));
	}

	private static String format(int uid) {
		return Integer.toUnsignedString(uid);
	}

	/**
	 * A {@code struct passwd}, which everywhere begins with two pointers, the uid and the
	 * gid.
	 *
	 * @param passwd the structure
	 * @param buffer holds what the structure points at
	 */
	private record Entry(Memory passwd, Memory buffer) {

		Pointer name() {
			return this.passwd.getPointer(0);
		}

		int gid() {
			return this.passwd.getInt(2L * Native.POINTER_SIZE + Integer.BYTES);
		}

	}

}
