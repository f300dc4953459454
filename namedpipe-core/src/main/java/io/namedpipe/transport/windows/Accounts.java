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

import java.util.function.Function;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.WinError;
import com.sun.jna.platform.win32.WinNT.SID_NAME_USE;
import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PeerIdentity;
import io.namedpipe.transport.PipeAccessRuleException;

/**
 * Accounts and their SIDs ({@code LookupAccountName}, {@code LookupAccountSid}).
 */
final class Accounts {

	static final String LOCAL_SYSTEM = "S-1-5-18";

	static final String ADMINISTRATORS = "S-1-5-32-544";

	static final String ANONYMOUS = "S-1-5-7";

	/** The SID of no account. */
	static final String NULL_SID = "S-1-0-0";

	private static final int MAX_SID_SIZE = 68;

	private static final int MAX_NAME = 512;

	private Accounts() {
	}

	// ConvertSidToStringSid.
	static String text(Pointer sid) {
		Pointer text = Win32.pointer((result) -> Advapi32Calls.ConvertSidToStringSidW(sid, result));
		if (text == null) {
			throw Win32.lastFailure("A SID could not be read");
		}
		try {
			return text.getWideString(0);
		}
		finally {
			Kernel32Calls.LocalFree(text);
		}
	}

	// ConvertStringSidToSid.
	private static <T extends @Nullable Object> T withSid(String text, Function<@Nullable Pointer, T> body) {
		Pointer sid = Win32.pointer((result) -> Advapi32Calls.ConvertStringSidToSidW(new WString(text), result));
		try {
			return body.apply(sid);
		}
		finally {
			Kernel32Calls.LocalFree(sid);
		}
	}

	static boolean looksLikeSid(String text) {
		return text.regionMatches(true, 0, "S-1-", 0, 4);
	}

	/**
	 * Check a SID.
	 * @param text the SID
	 * @return the SID in the system's spelling
	 * @throws PipeAccessRuleException if the text is not a SID
	 */
	static String checkSid(String text) {
		return withSid(text, (sid) -> {
			if (sid == null) {
				throw new PipeAccessRuleException(text, "it is not a SID: " + Win32.describeLast());
			}
			return text(sid);
		});
	}

	// The SID of an account that is given by its SID or its name.
	static String sidOf(String account) {
		return looksLikeSid(account) ? checkSid(account) : ofName(account, account).sid();
	}

	/**
	 * Find an account by its name.
	 * @param rule the rule that names the account, for messages
	 * @param name the account, {@code DOMAIN\name} or {@code name}
	 * @return the account
	 * @throws PipeAccessRuleException if there is no such account
	 */
	static Account ofName(String rule, String name) {
		if (name.isBlank()) {
			throw new PipeAccessRuleException(rule, "it names no account");
		}
		try (Memory sid = new Memory(MAX_SID_SIZE);
				Memory domain = new Memory(MAX_NAME * 2L);
				Memory numbers = new Memory(3L * Integer.BYTES)) {
			numbers.setInt(0, MAX_SID_SIZE);
			numbers.setInt(4, MAX_NAME);
			if (!Advapi32Calls.LookupAccountNameW(null, new WString(name), sid, numbers, domain, numbers.share(4),
					numbers.share(8))) {
				int error = Native.getLastError();
				throw new PipeAccessRuleException(rule,
						(error == WinError.ERROR_NONE_MAPPED)
								? "there is no user or group '%s' on this machine; write DOMAIN\\name, or the SID"
									.formatted(name)
								: "the account '%s' could not be looked up: %s".formatted(name, Win32.describe(error)));
			}
			return new Account(text(sid), name, domain.getWideString(0), numbers.getInt(8));
		}
	}

	// Returns null if the system has no name for the SID.
	static @Nullable Account ofSid(String text) {
		return Accounts.<@Nullable Account>withSid(text, Accounts::lookUp);
	}

	private static @Nullable Account lookUp(@Nullable Pointer sid) {
		try (Memory name = new Memory(MAX_NAME * 2L);
				Memory domain = new Memory(MAX_NAME * 2L);
				Memory numbers = new Memory(3L * Integer.BYTES)) {
			numbers.setInt(0, MAX_NAME);
			numbers.setInt(4, MAX_NAME);
			if (sid == null || !Advapi32Calls.LookupAccountSidW(null, sid, name, numbers, domain, numbers.share(4),
					numbers.share(8))) {
				return null;
			}
			return new Account(text(sid), name.getWideString(0), domain.getWideString(0), numbers.getInt(8));
		}
	}

	// Begins an identity with the name, where the system has one.
	static PeerIdentity.Builder identity(String sid) {
		PeerIdentity.Builder identity = PeerIdentity.of(PeerIdentity.Kind.WINDOWS, sid);
		Account account = ofSid(sid);
		return (account != null) ? identity.name(account.name()).domain(account.domain()) : identity;
	}

	/**
	 * An account.
	 *
	 * @param sid the SID
	 * @param name the name without its domain
	 * @param domain the domain or computer
	 * @param type the {@code SID_NAME_USE}
	 */
	record Account(String sid, String name, String domain, int type) {

		boolean canBeUser() {
			return this.type == SID_NAME_USE.SidTypeUser || this.type == SID_NAME_USE.SidTypeWellKnownGroup
					|| this.type == SID_NAME_USE.SidTypeComputer;
		}

		boolean canBeGroup() {
			return this.type == SID_NAME_USE.SidTypeGroup || this.type == SID_NAME_USE.SidTypeAlias
					|| this.type == SID_NAME_USE.SidTypeWellKnownGroup;
		}

	}

}
