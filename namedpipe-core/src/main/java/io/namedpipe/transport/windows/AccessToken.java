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
import com.sun.jna.platform.win32.WinNT;
import com.sun.jna.platform.win32.WinNT.TOKEN_INFORMATION_CLASS;
import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.ImpersonationLevel;
import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeImpersonationException;

/**
 * An access token and its content ({@code GetTokenInformation}). It is open during one
 * query or one impersonation, and never part of a value.
 */
final class AccessToken implements AutoCloseable {

	private static final int IS_APP_CONTAINER = 29;

	private static final int GROUP_ENABLED = 0x4;

	private static final int GROUP_DENY_ONLY = 0x10;

	private static final int INITIAL_SIZE = 256;

	private final Pointer handle;

	AccessToken(Pointer handle) {
		this.handle = handle;
	}

	static AccessToken ofProcess() {
		AccessToken token = ofProcess(Kernel32Calls.GetCurrentProcess());
		if (token == null) {
			throw Win32.lastFailure("The token of the process could not be opened");
		}
		return token;
	}

	private static @Nullable AccessToken ofProcess(Pointer process) {
		Pointer token = Win32.pointer((result) -> Advapi32Calls.OpenProcessToken(process, WinNT.TOKEN_QUERY, result));
		return (token != null) ? new AccessToken(token) : null;
	}

	// The user of another process, null if it has ended or this process may not know.
	static @Nullable String userOf(int processId) {
		Pointer process = Kernel32Calls.OpenProcess(WinNT.PROCESS_QUERY_LIMITED_INFORMATION, false, processId);
		if (process == null) {
			return null;
		}
		try (AccessToken token = ofProcess(process)) {
			return (token != null) ? token.userSid() : null;
		}
		finally {
			Kernel32Calls.CloseHandle(process);
		}
	}

	static String currentUser() {
		try (AccessToken token = ofProcess()) {
			return token.userSid();
		}
	}

	Pointer pointer() {
		return this.handle;
	}

	String userSid() {
		return sid(TOKEN_INFORMATION_CLASS.TokenUser);
	}

	ImpersonationLevel level() {
		return ImpersonationLevel.values()[number(TOKEN_INFORMATION_CLASS.TokenImpersonationLevel)];
	}

	boolean isElevated() {
		return number(TOKEN_INFORMATION_CLASS.TokenElevation) != 0;
	}

	// Whether both tokens belong to the same log-on and give the same rights.
	boolean isEquivalentTo(AccessToken other) {
		return userSid().equals(other.userSid()) && logonSession() == other.logonSession()
				&& isElevated() == other.isElevated()
				&& sid(TOKEN_INFORMATION_CLASS.TokenIntegrityLevel)
					.equals(other.sid(TOKEN_INFORMATION_CLASS.TokenIntegrityLevel))
				&& isRestricted() == other.isRestricted() && number(IS_APP_CONTAINER) == other.number(IS_APP_CONTAINER);
	}

	private long logonSession() {
		try (Memory statistics = information(TOKEN_INFORMATION_CLASS.TokenStatistics)) {
			return statistics.getLong(8);
		}
	}

	private boolean isRestricted() {
		return Advapi32Calls.IsTokenRestricted(this.handle);
	}

	// Whether the token holds the privilege, and it is enabled.
	boolean hasPrivilege(String name) {
		try (Memory luid = new Memory(Long.BYTES);
				Memory privileges = information(TOKEN_INFORMATION_CLASS.TokenPrivileges)) {
			if (!Advapi32Calls.LookupPrivilegeValueW(null, new WString(name), luid)) {
				throw Win32.lastFailure("The privilege %s could not be looked up".formatted(name));
			}
			int count = privileges.getInt(0);
			for (int i = 0; i < count; i++) {
				long offset = 4L + 12L * i;
				if (privileges.getLong(offset) == luid.getLong(0)) {
					return (privileges.getInt(offset + 8) & WinNT.SE_PRIVILEGE_ENABLED) != 0;
				}
			}
			return false;
		}
	}

	// Without groups that are only used to deny access.
	PeerIdentity.Builder identity() {
		try (Memory groups = information(TOKEN_INFORMATION_CLASS.TokenGroups)) {
			List<String> sids = new ArrayList<>();
			int size = 2 * Native.POINTER_SIZE;
			for (int i = 0; i < groups.getInt(0); i++) {
				long offset = Native.POINTER_SIZE + (long) i * size;
				int attributes = groups.getInt(offset + Native.POINTER_SIZE);
				if ((attributes & GROUP_ENABLED) != 0 && (attributes & GROUP_DENY_ONLY) == 0) {
					sids.add(Accounts.text(groups.getPointer(offset)));
				}
			}
			return Accounts.identity(userSid())
				.primaryGroup(sid(TOKEN_INFORMATION_CLASS.TokenPrimaryGroup))
				.groups(sids)
				.elevated(isElevated())
				.level(level());
		}
	}

	// Of a structure that begins with a pointer to a SID.
	private String sid(int kind) {
		try (Memory structure = information(kind)) {
			return Accounts.text(structure.getPointer(0));
		}
	}

	private int number(int kind) {
		try (Memory number = information(kind)) {
			return number.getInt(0);
		}
	}

	private Memory information(int kind) {
		try (Memory needed = new Memory(Integer.BYTES)) {
			needed.setInt(0, 0);
			Memory result = new Memory(INITIAL_SIZE);
			while (!Advapi32Calls.GetTokenInformation(this.handle, kind, result, (int) result.size(), needed)) {
				PipeException failure = Win32.lastFailure("The token could not be read (class %d)".formatted(kind));
				int length = needed.getInt(0);
				boolean grows = length > result.size();
				result.close();
				if (!grows) {
					throw failure;
				}
				result = new Memory(length);
			}
			return result;
		}
	}

	// An impersonation token of the same level.
	AccessToken duplicate() {
		int level = level().ordinal();
		Pointer token = Win32.pointer((result) -> Advapi32Calls.DuplicateTokenEx(this.handle,
				WinNT.TOKEN_QUERY | WinNT.TOKEN_IMPERSONATE, null, level, WinNT.TOKEN_TYPE.TokenImpersonation, result));
		if (token == null) {
			throw new PipeImpersonationException("The client's token could not be duplicated: " + Win32.describeLast());
		}
		return new AccessToken(token);
	}

	@Override
	public void close() {
		Kernel32Calls.CloseHandle(this.handle);
	}

}
