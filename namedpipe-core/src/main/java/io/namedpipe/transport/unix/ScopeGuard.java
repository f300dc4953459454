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

import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import io.namedpipe.posix.ThreadStartFilter;
import io.namedpipe.transport.Impersonation.Scope;
import io.namedpipe.transport.PipeImpersonationException;

/**
 * Notices threads that were started in a scope, by anything, and so have the identity of
 * its client for as long as they live. If a thread was started in this process during a
 * scope, all threads of the process are looked at. When one is found, no thread acts as a
 * client any more.
 */
final class ScopeGuard {

	private final LinuxCredentials credentials;

	private final LongSupplier startedThreads;

	private final StrayThreads strays;

	private volatile @Nullable String found;

	ScopeGuard(LinuxCredentials credentials, LongSupplier startedThreads, StrayThreads strays) {
		this.credentials = credentials;
		this.startedThreads = startedThreads;
		this.strays = strays;
	}

	static ScopeGuard create(LinuxCredentials credentials) {
		return new ScopeGuard(credentials, StartedThreads.counter(), new StrayThreads(credentials));
	}

	Scope enter(LinuxIdentity identity) {
		String stray = this.found;
		if (stray != null) {
			throw failure(stray);
		}
		if (ThreadStartFilter.isInstalled()) {
			return this.credentials.enter(identity);
		}
		long before = this.startedThreads.getAsLong();
		Scope scope = this.credentials.enter(identity);
		return () -> {
			scope.leave();
			if (this.startedThreads.getAsLong() != before) {
				verify();
			}
		};
	}

	private void verify() {
		String stray = this.strays.find();
		if (stray != null) {
			this.found = stray;
			throw failure(stray);
		}
	}

	private static PipeImpersonationException failure(String stray) {
		return new PipeImpersonationException(
				"The thread %s was started by code that acted as a client, and has the client's identity for ever; "
					.formatted(stray) + "restart the server, and start no threads in such code",
				null, true);
	}

}
