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

/**
 * The one function of {@code kernel32.dll} that Wine does not have, looked up by itself
 * so that its absence does no harm.
 */
final class ClientComputerCall {

	private static final boolean PRESENT = register();

	private ClientComputerCall() {
	}

	private static boolean register() {
		try {
			Native.register(ClientComputerCall.class, Kernel32Calls.library("kernel32"));
			return true;
		}
		catch (UnsatisfiedLinkError ex) {
			return false;
		}
	}

	static boolean isPresent() {
		return PRESENT;
	}

	static native boolean GetNamedPipeClientComputerNameW(Pointer pipe, Pointer name, int bytes);

}
