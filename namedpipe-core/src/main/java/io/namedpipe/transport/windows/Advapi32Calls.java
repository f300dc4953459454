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

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import org.jspecify.annotations.Nullable;

/**
 * The functions of {@code advapi32.dll} for security descriptors, accounts and tokens,
 * mapped directly as in {@link Kernel32Calls}.
 */
final class Advapi32Calls {

	static {
		Native.register(Advapi32Calls.class, Kernel32Calls.library("advapi32"));
	}

	private Advapi32Calls() {
	}

	static native boolean ConvertStringSecurityDescriptorToSecurityDescriptorW(WString sddl, int revision,
			Pointer descriptor, @Nullable Pointer size);

	static native boolean ConvertSidToStringSidW(Pointer sid, Pointer text);

	static native boolean ConvertStringSidToSidW(WString text, Pointer sid);

	static native int GetSecurityInfo(Pointer handle, int objectType, int information, @Nullable Pointer owner,
			@Nullable Pointer group, @Nullable Pointer dacl, @Nullable Pointer sacl, @Nullable Pointer descriptor);

	static native boolean LookupAccountNameW(@Nullable WString system, WString account, @Nullable Pointer sid,
			Pointer sidLength, @Nullable Pointer domain, Pointer domainLength, Pointer use);

	static native boolean LookupAccountSidW(@Nullable WString system, Pointer sid, @Nullable Pointer name,
			Pointer nameLength, @Nullable Pointer domain, Pointer domainLength, Pointer use);

	static native boolean LookupPrivilegeValueW(@Nullable WString system, WString name, Pointer luid);

	static native boolean ImpersonateNamedPipeClient(Pointer pipe);

	static native boolean RevertToSelf();

	static native boolean OpenThreadToken(Pointer thread, int access, boolean openAsSelf, Pointer token);

	static native boolean OpenProcessToken(Pointer process, int access, Pointer token);

	static native boolean SetThreadToken(@Nullable Pointer thread, @Nullable Pointer token);

	static native boolean DuplicateTokenEx(Pointer token, int access, @Nullable Pointer securityAttributes, int level,
			int type, Pointer duplicate);

	static native boolean GetTokenInformation(Pointer token, int kind, @Nullable Pointer information, int length,
			Pointer neededLength);

	static native boolean IsTokenRestricted(Pointer token);

}
