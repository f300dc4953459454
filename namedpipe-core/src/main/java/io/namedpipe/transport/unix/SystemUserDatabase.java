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
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.namedpipe.posix.AccountDatabase;
import io.namedpipe.posix.Jna;
import io.namedpipe.posix.JnaUnavailableException;

/**
 * The user database of the machine: the C library's where JNA is there to ask it, else
 * the files alone. The C library answers "no such user" and leaves groups out when it
 * runs out of file descriptors, so its answers are compared with the files, which are
 * read after it. JNA is loaded when a user is first looked up, since that costs more than
 * a whole exchange.
 */
final class SystemUserDatabase implements UserDatabase {

	private final UserFiles files = new UserFiles();

	private final ReentrantLock lock = new ReentrantLock();

	private volatile boolean loaded;

	private volatile @Nullable AccountDatabase library;

	@Override
	public @Nullable String name(int uid) throws IOException {
		AccountDatabase library = library();
		if (library == null) {
			return this.files.name(uid);
		}
		String name = library.name(uid);
		if (name == null && this.files.name(uid) != null) {
			throw incomplete(uid);
		}
		return name;
	}

	@Override
	public int[] groups(int uid) throws IOException {
		AccountDatabase library = library();
		if (library == null) {
			return this.files.groups(uid);
		}
		String name = name(uid);
		if (name == null) {
			return new int[0];
		}
		int[] groups = library.groups(uid);
		for (int expected : this.files.groupsOf(name)) {
			if (Arrays.stream(groups).noneMatch((group) -> group == expected)) {
				throw incomplete(uid);
			}
		}
		return groups;
	}

	private static IOException incomplete(int uid) {
		return new IOException("the C library does not report what /etc/passwd and /etc/group say of the user %s"
			.formatted(UnixIds.format(uid)));
	}

	private @Nullable AccountDatabase library() {
		if (!this.loaded) {
			this.lock.lock();
			try {
				if (!this.loaded) {
					this.library = load();
					this.loaded = true;
				}
			}
			finally {
				this.lock.unlock();
			}
		}
		return this.library;
	}

	private static @Nullable AccountDatabase load() {
		if (!Jna.isPresent()) {
			return null;
		}
		try {
			return AccountDatabase.load();
		}
		catch (JnaUnavailableException ex) {
			System.getLogger(SystemUserDatabase.class.getName())
				.log(System.Logger.Level.WARNING, "Groups are read from /etc/group alone: {0}", ex.getMessage());
			return null;
		}
	}

}
