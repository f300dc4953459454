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

import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.namedpipe.posix.CredentialCalls;
import io.namedpipe.posix.JnaUnavailableException;
import io.namedpipe.transport.PipeImpersonationException;
import io.namedpipe.transport.PipeUnsupportedException;

/**
 * Whether this process can act as other users, and the means to do so, made once.
 */
final class ImpersonationSupport {

	private static final ReentrantLock LOCK = new ReentrantLock();

	private static volatile @Nullable LinuxCredentials credentials;

	private static volatile @Nullable ScopeGuard guard;

	private ImpersonationSupport() {
	}

	// The means to change credentials, or an error that says what to do.
	static LinuxCredentials require() {
		LinuxCredentials credentials = ImpersonationSupport.credentials;
		if (credentials == null) {
			requirePrivilege(UnixProcess.self());
			IdMap idMap = IdMap.read();
			LOCK.lock();
			try {
				credentials = ImpersonationSupport.credentials;
				if (credentials == null) {
					credentials = new LinuxCredentials(loadCalls(), idMap);
					credentials.warmUp();
					ImpersonationSupport.credentials = credentials;
				}
			}
			finally {
				LOCK.unlock();
			}
		}
		return credentials;
	}

	// What notices threads that are started in a scope of these credentials.
	static ScopeGuard guard(LinuxCredentials credentials) {
		ScopeGuard guard = ImpersonationSupport.guard;
		if (guard == null) {
			LOCK.lock();
			try {
				guard = ImpersonationSupport.guard;
				if (guard == null) {
					guard = ScopeGuard.create(credentials);
					ImpersonationSupport.guard = guard;
				}
			}
			finally {
				LOCK.unlock();
			}
		}
		return guard;
	}

	// Check that the calling thread has not inherited a client's identity. Without effect
	// in a process that has never acted as a client.
	static void requireOwnIdentity() {
		LinuxCredentials credentials = ImpersonationSupport.credentials;
		if (credentials != null) {
			credentials.requireOwnIdentity();
		}
	}

	static PipeImpersonationException unfiltered(@Nullable Throwable cause) {
		return new PipeImpersonationException(
				"Code cannot safely act as other users on Java 21 and later where threads cannot be kept from starting "
						+ "threads, which needs a kernel with seccomp filters; set 'namedpipe.unix.allow-unfiltered-threads' "
						+ "to accept that such a thread is noticed only afterwards",
				cause);
	}

	static void requirePrivilege(UnixProcess process) {
		requireFilePermissions(process);
		if (!process.hasCapability(UnixProcess.CAP_SETUID) || !process.hasCapability(UnixProcess.CAP_SETGID)) {
			throw new PipeImpersonationException("""
					The server runs as uid %s without the privilege to act as other users; \
					run it as root, or with 'AmbientCapabilities=CAP_SETUID CAP_SETGID' in its systemd unit"""
				.formatted(UnixIds.format(process.euid())));
		}
	}

	private static void requireFilePermissions(UnixProcess process) {
		if (process.hasFileCapabilitiesWithoutRoot()) {
			throw new PipeImpersonationException("""
					The server runs as uid %s with capabilities that stand above file permissions, and would keep \
					them while it acts as a client; run it without CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER, \
					CAP_CHOWN, CAP_FSETID, CAP_MKNOD, CAP_LINUX_IMMUTABLE and CAP_MAC_OVERRIDE"""
				.formatted(UnixIds.format(process.euid())));
		}
	}

	private static CredentialCalls loadCalls() {
		try {
			return CredentialCalls.load();
		}
		catch (JnaUnavailableException | UnsupportedOperationException ex) {
			throw new PipeUnsupportedException("Acting as other users does not work here. " + ex.getMessage(), ex);
		}
	}

}
