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
import com.sun.jna.platform.win32.AccCtrl;
import com.sun.jna.platform.win32.WinError;
import com.sun.jna.platform.win32.WinNT;

import io.namedpipe.transport.PipeAccess;
import io.namedpipe.transport.PipeAccessRuleException;
import io.namedpipe.transport.PipeException;

/**
 * The security descriptor of a pipe with its {@code SECURITY_ATTRIBUTES}
 * ({@code ConvertStringSecurityDescriptorToSecurityDescriptor}). A descriptor that is
 * made from rules is protected. The owner and SYSTEM have full access; clients may read
 * and write, but not create instances, as every client could otherwise act as a server.
 */
final class SecurityDescriptor implements AutoCloseable {

	/** Read and write, without {@code FILE_CREATE_PIPE_INSTANCE}. */
	static final String CLIENT_RIGHTS = "0x12019b";

	private static final int REVISION = 1;

	private final Pointer descriptor;

	private final Memory attributes;

	private SecurityDescriptor(Pointer descriptor) {
		this.descriptor = descriptor;
		this.attributes = new Memory(3L * Native.POINTER_SIZE);
		this.attributes.clear();
		this.attributes.setInt(0, (int) this.attributes.size());
		this.attributes.setPointer(Native.POINTER_SIZE, descriptor);
	}

	static SecurityDescriptor of(PipeAccess access) {
		String given = access.sddl();
		String sddl = (given != null) ? given : sddl(access, AccessToken.currentUser());
		Pointer descriptor = Win32.pointer((result) -> Advapi32Calls
			.ConvertStringSecurityDescriptorToSecurityDescriptorW(new WString(sddl), REVISION, result, null));
		if (descriptor == null) {
			throw new PipeAccessRuleException(sddl, "it is not a security descriptor: " + Win32.describeLast());
		}
		return new SecurityDescriptor(descriptor);
	}

	// The owner is the user that the server runs as.
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
		Accounts.Account account = Accounts.ofName(rule,
				group ? rule.substring(PipeAccess.GROUP_PREFIX.length()).strip() : rule);
		if (group && !account.canBeGroup()) {
			throw new PipeAccessRuleException(rule, "the account is not a group; leave 'group:' out");
		}
		if (!group && !account.canBeUser()) {
			throw new PipeAccessRuleException(rule, "the account is not a user; write 'group:%s'".formatted(rule));
		}
		return account.sid();
	}

	/**
	 * Return the owner of a pipe ({@code GetSecurityInfo}).
	 * @param pipe either end
	 * @return the SID of the owner
	 * @throws PipeException if Windows does not tell the owner
	 */
	static String ownerOf(Pointer pipe) {
		try (Memory result = new Memory(2L * Native.POINTER_SIZE)) {
			int error = Advapi32Calls.GetSecurityInfo(pipe, AccCtrl.SE_OBJECT_TYPE.SE_KERNEL_OBJECT,
					WinNT.OWNER_SECURITY_INFORMATION, result, null, null, null, result.share(Native.POINTER_SIZE));
			if (error != WinError.ERROR_SUCCESS) {
				throw Win32.failure("The owner of the pipe could not be read", error);
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

	Pointer attributes() {
		return this.attributes;
	}

	@Override
	public void close() {
		this.attributes.close();
		Kernel32Calls.LocalFree(this.descriptor);
	}

}
