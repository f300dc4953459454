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

import io.namedpipe.platform.PlatformThreads;
import io.namedpipe.posix.ThreadStartFilter;
import io.namedpipe.transport.Impersonation;

/**
 * Acts as the peer of a Unix-domain socket, for file access, on the calling thread.
 * <p>
 * A peer of the server's own user needs no switch, whatever groups its process has: the
 * kernel lets a process control another one of the same user. That does not hold for a
 * server that is not root and has capabilities above file permissions; such a server
 * cannot act as any user.
 */
final class UnixImpersonation implements Impersonation {

	private static final Scope UNCHANGED = () -> {
	};

	private final UnixUser user;

	private final UnixProcess process;

	private final boolean unfilteredThreadsAllowed;

	UnixImpersonation(UnixUser user) {
		this(user, UnixProcess.self(), false);
	}

	UnixImpersonation(UnixUser user, UnixProcess process, boolean unfilteredThreadsAllowed) {
		this.user = user;
		this.process = process;
		this.unfilteredThreadsAllowed = unfilteredThreadsAllowed;
	}

	@Override
	public boolean isSwitchNeeded() {
		return this.user.uid() != this.process.euid() || this.process.hasFileCapabilitiesWithoutRoot();
	}

	@Override
	public boolean isDedicatedThreadNeeded() {
		return PlatformThreads.hasVirtualThreads()
				&& !(this.unfilteredThreadsAllowed && !ThreadStartFilter.isAvailable());
	}

	@Override
	public void dedicateThread() {
		try {
			ThreadStartFilter.install();
		}
		catch (IOException ex) {
			if (isDedicatedThreadNeeded()) {
				throw ImpersonationSupport.unfiltered(ex);
			}
		}
	}

	@Override
	public void requirePossible() {
		if (isSwitchNeeded()) {
			ImpersonationSupport.require();
		}
	}

	@Override
	public Scope enter() {
		Impersonation.requirePlatformThread();
		if (!isSwitchNeeded() && !LinuxCredentials.isSwitched()) {
			return UNCHANGED;
		}
		LinuxCredentials credentials = ImpersonationSupport.require();
		return ImpersonationSupport.guard(credentials).enter(this.user.credentials(credentials));
	}

}
