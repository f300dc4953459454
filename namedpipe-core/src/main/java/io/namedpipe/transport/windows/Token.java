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

package io.namedpipe.transport.windows;

import java.util.ArrayList;
import java.util.List;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;

import io.namedpipe.transport.ImpersonationLevel;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeImpersonationException;

/**
 * An access token, and what it says ({@code GetTokenInformation}). Held for the length of
 * one question or one impersonation, never inside a value.
 */
final class Token implements AutoCloseable {

	static final int QUERY = 0x8;

	static final int DUPLICATE = 0x2;

	static final int IMPERSONATE = 0x4;

	private static final int USER = 1;

	private static final int GROUPS = 2;

	private static final int PRIVILEGES = 3;

	private static final int PRIMARY_GROUP = 5;

	private static final int LEVEL = 9;

	private static final int STATISTICS = 10;

	private static final int ELEVATION = 20;

	private static final int INTEGRITY = 25;

	private static final int APP_CONTAINER = 29;

	private static final int GROUP_ENABLED = 0x4;

	private static final int GROUP_DENY_ONLY = 0x10;

	private static final int PRIVILEGE_ENABLED = 0x2;

	private final Pointer handle;

	Token(Pointer handle) {
		this.handle = handle;
	}

	/**
	 * The token of this process ({@code OpenProcessToken}).
	 * @return the token
	 */
	static Token ofProcess() {
		try (Memory result = new Memory(Native.POINTER_SIZE)) {
			if (!Advapi32Calls.OpenProcessToken(Kernel32Calls.GetCurrentProcess(), QUERY, result)) {
				throw failed("opened", Native.getLastError());
			}
			return new Token(result.getPointer(0));
		}
	}

	/**
	 * The SID of the user that this process runs as.
	 * @return the SID
	 */
	static String currentUser() {
		try (Token token = ofProcess()) {
			return token.userSid();
		}
	}

	Pointer pointer() {
		return this.handle;
	}

	String userSid() {
		try (Memory user = information(USER)) {
			return Accounts.text(user.getPointer(0));
		}
	}

	ImpersonationLevel level() {
		try (Memory level = information(LEVEL)) {
			return ImpersonationLevel.values()[level.getInt(0)];
		}
	}

	boolean isElevated() {
		try (Memory elevation = information(ELEVATION)) {
			return elevation.getInt(0) != 0;
		}
	}

	/**
	 * A token of the same log-on, with the same rights: acting as the one is acting as
	 * the other.
	 * @param other the other token
	 * @return {@code true} if nothing tells them apart
	 */
	boolean isEquivalentTo(Token other) {
		return userSid().equals(other.userSid()) && logonSession() == other.logonSession()
				&& isElevated() == other.isElevated() && integrity().equals(other.integrity())
				&& isRestricted() == other.isRestricted() && isInAppContainer() == other.isInAppContainer();
	}

	private long logonSession() {
		try (Memory statistics = information(STATISTICS)) {
			return statistics.getLong(8);
		}
	}

	private String integrity() {
		try (Memory label = information(INTEGRITY)) {
			return Accounts.text(label.getPointer(0));
		}
	}

	private boolean isRestricted() {
		return Advapi32Calls.IsTokenRestricted(this.handle);
	}

	private boolean isInAppContainer() {
		try (Memory container = information(APP_CONTAINER)) {
			return container.getInt(0) != 0;
		}
	}

	/**
	 * Whether a privilege is held and enabled ({@code LookupPrivilegeValue}).
	 * @param name the privilege
	 * @return {@code true} if it can be used now
	 */
	boolean hasPrivilege(String name) {
		try (Memory luid = new Memory(Long.BYTES); Memory privileges = information(PRIVILEGES)) {
			if (!Advapi32Calls.LookupPrivilegeValueW(null, new WString(name), luid)) {
				throw failed("asked for " + name, Native.getLastError());
			}
			int low = luid.getInt(0);
			int high = luid.getInt(4);
			int count = privileges.getInt(0);
			for (int i = 0; i < count; i++) {
				long offset = 4L + 12L * i;
				if (privileges.getInt(offset) == low && privileges.getInt(offset + 4) == high) {
					return (privileges.getInt(offset + 8) & PRIVILEGE_ENABLED) != 0;
				}
			}
			return false;
		}
	}

	/**
	 * Put what the token says into an identity. Groups that only deny are left out.
	 * @return the builder of the identity
	 */
	PeerIdentity.Builder describe() {
		try (Memory user = information(USER);
				Memory primary = information(PRIMARY_GROUP);
				Memory groups = information(GROUPS)) {
			Pointer sid = user.getPointer(0);
			PeerIdentity.Builder builder = PeerIdentity.of(PeerIdentity.Kind.WINDOWS, Accounts.text(sid));
			Accounts.Account account = Accounts.name(sid);
			if (account != null) {
				builder.name(account.name()).domain(account.domain());
			}
			List<String> sids = new ArrayList<>();
			int size = 2 * Native.POINTER_SIZE;
			for (int i = 0; i < groups.getInt(0); i++) {
				long offset = Native.POINTER_SIZE + (long) i * size;
				int attributes = groups.getInt(offset + Native.POINTER_SIZE);
				if ((attributes & GROUP_ENABLED) != 0 && (attributes & GROUP_DENY_ONLY) == 0) {
					sids.add(Accounts.text(groups.getPointer(offset)));
				}
			}
			return builder.primaryGroup(Accounts.text(primary.getPointer(0)))
				.groups(sids)
				.elevated(isElevated())
				.level(level());
		}
	}

	private Memory information(int kind) {
		try (Memory needed = new Memory(Integer.BYTES)) {
			needed.setInt(0, 0);
			Memory result = new Memory(256);
			while (!Advapi32Calls.GetTokenInformation(this.handle, kind, result, (int) result.size(), needed)) {
				int error = Native.getLastError();
				int length = needed.getInt(0);
				boolean grows = length > result.size();
				result.close();
				if (!grows) {
					throw failed("read (class %d)".formatted(kind), error);
				}
				result = new Memory(length);
			}
			return result;
		}
	}

	/**
	 * A token that threads can take on ({@code DuplicateTokenEx}), as strong as this one.
	 * @return the token
	 */
	Token duplicate() {
		try (Memory result = new Memory(Native.POINTER_SIZE)) {
			int impersonation = 2;
			if (!Advapi32Calls.DuplicateTokenEx(this.handle, QUERY | IMPERSONATE, null, level().ordinal(),
					impersonation, result)) {
				throw new PipeImpersonationException(
						"The client's token could not be duplicated: " + Win32Errors.describe(Native.getLastError()));
			}
			return new Token(result.getPointer(0));
		}
	}

	private static PipeException failed(String what, int error) {
		return new PipeException("The access token could not be %s: %s".formatted(what, Win32Errors.describe(error)));
	}

	@Override
	public void close() {
		Kernel32Calls.CloseHandle(this.handle);
	}

}
