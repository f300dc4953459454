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

import org.jspecify.annotations.Nullable;

/**
 * Decides, when groups are first asked for, where they come from. Loading JNA costs more
 * than a whole exchange, so a client that never asks does not pay it.
 */
final class SystemUserGroups implements UserGroups {

	static final SystemUserGroups INSTANCE = new SystemUserGroups();

	private volatile @Nullable UserGroups delegate;

	private SystemUserGroups() {
	}

	static boolean isJnaPresent() {
		try {
			Class.forName("com.sun.jna.Native", false, SystemUserGroups.class.getClassLoader());
			return true;
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

	@Override
	public int[] of(String name, int uid) throws IOException {
		UserGroups delegate = this.delegate;
		if (delegate == null) {
			delegate = choose();
			this.delegate = delegate;
		}
		return delegate.of(name, uid);
	}

	private static UserGroups choose() {
		if (isJnaPresent()) {
			try {
				return new NativeUserGroups();
			}
			catch (LinkageError ex) {
				// JNA's library does not load here; the files are there all the same.
				System.getLogger(SystemUserGroups.class.getName())
					.log(System.Logger.Level.WARNING, "JNA does not load ({0}): groups are read from /etc/group alone",
							ex.getMessage());
			}
		}
		return new FileUserGroups();
	}

}
