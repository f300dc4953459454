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
import java.util.Set;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;

/**
 * Groups from the C library, which knows every source of users that the machine is
 * configured for.
 */
final class NativeUserGroups implements UserGroups {

	private static final int FIRST_GROUPS = 64;

	private static final int MOST_GROUPS = 65_536;

	private static final int FIRST_BUFFER = 4 * 1024;

	private static final int LARGEST_BUFFER = 1024 * 1024;

	private static final int PASSWD_SIZE = 256;

	private static final int ERANGE = 34;

	/** What the C library's sources of users answer for "no such user". */
	private static final Set<Integer> NOT_FOUND = Set.of(0, 1, 2, 3, 9);

	NativeUserGroups() {
		Library.load();
	}

	@Override
	public int[] of(String name, int uid) throws IOException {
		Memory cName = new Memory(name.length() * 4L + 1);
		cName.setString(0, name);
		Memory entry = new Memory(PASSWD_SIZE);
		Memory result = new Memory(Native.POINTER_SIZE);
		for (int size = FIRST_BUFFER; size <= LARGEST_BUFFER; size *= 4) {
			int error = Library.getpwnam_r(cName, entry, new Memory(size), new NativeLong(size), result);
			if (error != ERANGE) {
				return found(cName, uid, entry, result, error);
			}
		}
		throw new IOException("The entry of the user '%s' is too large".formatted(name));
	}

	private static int[] found(Memory name, int uid, Memory entry, Memory result, int error) throws IOException {
		if (result.getPointer(0) == null) {
			if (NOT_FOUND.contains(error)) {
				return new int[0];
			}
			throw new IOException("the user database fails with error " + error);
		}
		// Everywhere the entry begins with two pointers, the uid and the gid.
		int offset = 2 * Native.POINTER_SIZE;
		if (entry.getInt(offset) != uid) {
			return new int[0];
		}
		return groups(name, entry.getInt(offset + Integer.BYTES));
	}

	private static int[] groups(Memory name, int primary) throws IOException {
		Memory count = new Memory(Integer.BYTES);
		for (int size = FIRST_GROUPS; size <= MOST_GROUPS; size *= 4) {
			Memory gids = new Memory((long) size * Integer.BYTES);
			count.setInt(0, size);
			if (Library.getgrouplist(name, primary, gids, count) >= 0) {
				return gids.getIntArray(0, count.getInt(0));
			}
		}
		throw new IOException("A user has more than %d groups".formatted(MOST_GROUPS));
	}

	/**
	 * The functions of the C library, by their C names.
	 */
	@SuppressWarnings("checkstyle:MethodName")
	private static final class Library {

		static {
			Native.register(Library.class, NativeLibrary.getInstance(Platform.C_LIBRARY_NAME));
		}

		private Library() {
		}

		static void load() {
			// The static initialiser has done it.
		}

		static native int getpwnam_r(Pointer name, Pointer entry, Pointer buffer, NativeLong size, Pointer result);

		static native int getgrouplist(Pointer name, int group, Pointer groups, Pointer count);

	}

}
