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

import java.util.LinkedHashSet;
import java.util.Set;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;

import io.namedpipe.transport.PipeAccess;
import io.namedpipe.transport.PipeAccessRuleException;
import io.namedpipe.transport.PipeException;

/**
 * The security descriptor of a pipe and the {@code SECURITY_ATTRIBUTES} around it
 * ({@code ConvertStringSecurityDescriptorToSecurityDescriptor}). Made from rules, it is
 * protected: the owner and SYSTEM have full access, clients what they need to read and
 * write and not the right to create instances, which would make a server of each of them.
 */
final class SecurityDescriptor implements AutoCloseable {

	/** Read and write, without {@code FILE_CREATE_PIPE_INSTANCE}. */
	static final String CLIENT_RIGHTS = "0x12019b";

	private static final int REVISION = 1;

	private static final int OWNER_AND_DACL = 0x1 | 0x4;

	private static final int FILE_OBJECT = 1;

	private static final int KERNEL_OBJECT = 6;

	private final Pointer descriptor;

	private final Memory attributes;

	private SecurityDescriptor(Pointer descriptor) {
		this.descriptor = descriptor;
		this.attributes = new Memory(3L * Native.POINTER_SIZE);
		this.attributes.clear();
		this.attributes.setInt(0, (int) this.attributes.size());
		this.attributes.setPointer(Native.POINTER_SIZE, descriptor);
	}

	/**
	 * Make the descriptor.
	 * @param access who may connect
	 * @return the descriptor
	 * @throws PipeAccessRuleException if a rule, or the SDDL, is not understandable
	 */
	static SecurityDescriptor of(PipeAccess access) {
		String given = access.sddl();
		String sddl = (given != null) ? given : sddl(access, Token.currentUser());
		try (Memory result = new Memory(Native.POINTER_SIZE)) {
			if (!Advapi32Calls.ConvertStringSecurityDescriptorToSecurityDescriptorW(new WString(sddl), REVISION, result,
					null)) {
				throw new PipeAccessRuleException(sddl,
						"it is not a security descriptor: " + Win32Errors.describe(Native.getLastError()));
			}
			return new SecurityDescriptor(result.getPointer(0));
		}
	}

	/**
	 * Write rules as SDDL.
	 * @param access the rules
	 * @param owner the SID of the user that the server runs as
	 * @return the SDDL
	 */
	static String sddl(PipeAccess access, String owner) {
		StringBuilder sddl = new StringBuilder("O:%1$sD:P(A;;FA;;;%1$s)(A;;FA;;;SY)".formatted(owner));
		Set<String> clients = new LinkedHashSet<>();
		for (String rule : access.allowed()) {
			clients.add(trustee(rule, owner));
		}
		clients.remove(owner);
		clients.remove(Accounts.LOCAL_SYSTEM);
		for (String client : clients) {
			sddl.append("(A;;%s;;;%s)".formatted(CLIENT_RIGHTS, client));
		}
		return sddl.toString();
	}

	private static String trustee(String rule, String owner) {
		if (rule.equals(PipeAccess.CURRENT_USER)) {
			return owner;
		}
		if (rule.equals(PipeAccess.AUTHENTICATED)) {
			return "AU";
		}
		if (Accounts.looksLikeSid(rule)) {
			return Accounts.checkSid(rule);
		}
		boolean group = rule.startsWith(PipeAccess.GROUP_PREFIX);
		Accounts.Account account = Accounts.find(rule,
				group ? rule.substring(PipeAccess.GROUP_PREFIX.length()).strip() : rule);
		if (group && !account.canBeGroup()) {
			throw new PipeAccessRuleException(rule, "the account is not a group; leave 'group:' out");
		}
		if (!group && !account.canBeUser()) {
			throw new PipeAccessRuleException(rule, "the account is not a user; write 'group:%s'".formatted(rule),
					null);
		}
		return account.sid();
	}

	/**
	 * Read the owner of a pipe ({@code GetSecurityInfo}).
	 * @param pipe either end
	 * @return the SID of the owner
	 * @throws PipeException if the system does not say
	 */
	static String ownerOf(Pointer pipe) {
		try (Memory result = new Memory(2L * Native.POINTER_SIZE)) {
			int error = Advapi32Calls.GetSecurityInfo(pipe, KERNEL_OBJECT, 1, result, null, null, null,
					result.share(Native.POINTER_SIZE));
			if (error != Win32Errors.SUCCESS) {
				throw new PipeException("The owner of the pipe could not be read: " + Win32Errors.describe(error));
			}
			Pointer descriptor = result.getPointer(Native.POINTER_SIZE);
			try {
				Pointer owner = result.getPointer(0);
				if (owner == null) {
					throw new PipeException("The pipe has no owner");
				}
				return Accounts.text(owner);
			}
			finally {
				Kernel32Calls.LocalFree(descriptor);
			}
		}
	}

	/**
	 * Read the owner and the access list of a pipe back, as SDDL.
	 * @param pipe either end
	 * @return the SDDL
	 */
	static String sddlOf(Pointer pipe) {
		try (Memory result = new Memory(2L * Native.POINTER_SIZE)) {
			int error = Advapi32Calls.GetSecurityInfo(pipe, FILE_OBJECT, OWNER_AND_DACL, result, null, result, null,
					result.share(Native.POINTER_SIZE));
			if (error != Win32Errors.SUCCESS) {
				throw new PipeException("The descriptor of the pipe could not be read: " + Win32Errors.describe(error));
			}
			Pointer descriptor = result.getPointer(Native.POINTER_SIZE);
			try {
				return text(descriptor);
			}
			finally {
				Kernel32Calls.LocalFree(descriptor);
			}
		}
	}

	private static String text(Pointer descriptor) {
		try (Memory result = new Memory(Native.POINTER_SIZE)) {
			if (!Advapi32Calls.ConvertSecurityDescriptorToStringSecurityDescriptorW(descriptor, REVISION,
					OWNER_AND_DACL, result, null)) {
				throw new PipeException(
						"A security descriptor could not be written: " + Win32Errors.describe(Native.getLastError()));
			}
			Pointer sddl = result.getPointer(0);
			try {
				return sddl.getWideString(0);
			}
			finally {
				Kernel32Calls.LocalFree(sddl);
			}
		}
	}

	String text() {
		return text(this.descriptor);
	}

	Pointer attributes() {
		return this.attributes;
	}

	@Override
	public void close() {
		this.attributes.close();
		Kernel32Calls.LocalFree(this.descriptor);
	}

}
