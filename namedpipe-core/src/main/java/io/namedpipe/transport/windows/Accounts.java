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

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeAccessRuleException;
import io.namedpipe.transport.PipeException;

/**
 * Accounts by name and by SID ({@code LookupAccountName}, {@code LookupAccountSid}).
 */
final class Accounts {

	static final String LOCAL_SYSTEM = "S-1-5-18";

	static final String ADMINISTRATORS = "S-1-5-32-544";

	static final String ANONYMOUS = "S-1-5-7";

	/** Nobody. */
	static final String NULL_SID = "S-1-0-0";

	private static final int MAX_SID_SIZE = 68;

	private static final int MAX_NAME = 512;

	private Accounts() {
	}

	/**
	 * The text form of a SID ({@code ConvertSidToStringSid}).
	 * @param sid the address of the SID
	 * @return such as {@code S-1-5-18}
	 */
	static String text(Pointer sid) {
		try (Memory result = new Memory(Native.POINTER_SIZE)) {
			if (!Advapi32Calls.ConvertSidToStringSidW(sid, result)) {
				throw new PipeException("A SID could not be read: " + Win32Errors.describe(Native.getLastError()));
			}
			Pointer text = result.getPointer(0);
			try {
				return text.getWideString(0);
			}
			finally {
				Kernel32Calls.LocalFree(text);
			}
		}
	}

	/**
	 * Whether a text is meant as a SID.
	 * @param text the text
	 * @return {@code true} if it begins as SIDs do
	 */
	static boolean looksLikeSid(String text) {
		return text.regionMatches(true, 0, "S-1-", 0, 4);
	}

	/**
	 * Check a SID ({@code ConvertStringSidToSid}).
	 * @param text the SID
	 * @return the SID as the system writes it
	 * @throws PipeAccessRuleException if it is none
	 */
	static String checkSid(String text) {
		try (Memory result = new Memory(Native.POINTER_SIZE)) {
			if (!Advapi32Calls.ConvertStringSidToSidW(new WString(text), result)) {
				throw new PipeAccessRuleException(text,
						"it is not a SID: " + Win32Errors.describe(Native.getLastError()));
			}
			Pointer sid = result.getPointer(0);
			try {
				return text(sid);
			}
			finally {
				Kernel32Calls.LocalFree(sid);
			}
		}
	}

	/**
	 * Find an account ({@code LookupAccountName}).
	 * @param rule the rule that names it, for the message
	 * @param name the account, {@code DOMAIN\name} or {@code name}
	 * @return the account
	 * @throws PipeAccessRuleException if there is no such account
	 */
	static Account find(String rule, String name) {
		if (name.isBlank()) {
			throw new PipeAccessRuleException(rule, "it names no account");
		}
		try (Memory sid = new Memory(MAX_SID_SIZE);
				Memory domain = new Memory(MAX_NAME * 2L);
				Memory lengths = new Memory(3L * Integer.BYTES)) {
			lengths.setInt(0, MAX_SID_SIZE);
			lengths.setInt(4, MAX_NAME);
			if (!Advapi32Calls.LookupAccountNameW(null, new WString(name), sid, lengths, domain, lengths.share(4),
					lengths.share(8))) {
				int error = Native.getLastError();
				throw new PipeAccessRuleException(rule, (error == Win32Errors.NONE_MAPPED)
						? "there is no user or group '%s' on this machine; write DOMAIN\\name, or the SID"
							.formatted(name)
						: "the account '%s' could not be looked up: %s".formatted(name, Win32Errors.describe(error)),
						null);
			}
			return new Account(text(sid), name, domain.getWideString(0), lengths.getInt(8));
		}
	}

	/**
	 * Name an account ({@code LookupAccountSid}).
	 * @param sid the address of the SID
	 * @return the account, {@code null} if the system has no name for it
	 */
	static @Nullable Account name(Pointer sid) {
		try (Memory name = new Memory(MAX_NAME * 2L);
				Memory domain = new Memory(MAX_NAME * 2L);
				Memory lengths = new Memory(3L * Integer.BYTES)) {
			lengths.setInt(0, MAX_NAME);
			lengths.setInt(4, MAX_NAME);
			if (!Advapi32Calls.LookupAccountSidW(null, sid, name, lengths, domain, lengths.share(4),
					lengths.share(8))) {
				return null;
			}
			return new Account(text(sid), name.getWideString(0), domain.getWideString(0), lengths.getInt(8));
		}
	}

	/**
	 * Name an account ({@code LookupAccountSid}).
	 * @param sid the SID as text
	 * @return the account, {@code null} if the system has no name for it
	 */
	static @Nullable Account name(String sid) {
		try (Memory result = new Memory(Native.POINTER_SIZE)) {
			if (!Advapi32Calls.ConvertStringSidToSidW(new WString(sid), result)) {
				return null;
			}
			Pointer pointer = result.getPointer(0);
			try {
				return name(pointer);
			}
			finally {
				Kernel32Calls.LocalFree(pointer);
			}
		}
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

		private static final int USER = 1;

		private static final int GROUP = 2;

		private static final int ALIAS = 4;

		private static final int WELL_KNOWN = 5;

		private static final int COMPUTER = 9;

		boolean canBeUser() {
			return this.type == USER || this.type == WELL_KNOWN || this.type == COMPUTER;
		}

		boolean canBeGroup() {
			return this.type == GROUP || this.type == ALIAS || this.type == WELL_KNOWN;
		}

	}

}
