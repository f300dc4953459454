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

import io.namedpipe.posix.CredentialCalls;

/**
 * The dumpable flag of the process, which is off while any thread acts as another user. A
 * core file of such a thread would belong to that user, and would hold the memory of the
 * whole process.
 */
final class DumpableFlag {

	private static final int OFF = 0;

	private static final int ON = 1;

	private final CredentialCalls calls;

	private final boolean on;

	private final ReentrantLock lock = new ReentrantLock();

	private int users;

	DumpableFlag(CredentialCalls calls) {
		this.calls = calls;
		this.on = calls.prctl(CredentialCalls.PR_GET_DUMPABLE, 0) == ON;
	}

	// Before a thread changes its user, at which the kernel clears the flag.
	void acquire() {
		this.lock.lock();
		try {
			this.users++;
		}
		finally {
			this.lock.unlock();
		}
	}

	// After a thread has changed its user. A kernel for the debugging of privileged
	// programs (fs.suid_dumpable = 1) does not clear the flag.
	void requireOff() {
		if (this.calls.prctl(CredentialCalls.PR_GET_DUMPABLE, 0) == ON) {
			this.calls.prctl(CredentialCalls.PR_SET_DUMPABLE, OFF);
		}
	}

	// After a thread is seen to have its own identity again, at which the kernel has
	// cleared the flag once more.
	void release() {
		this.lock.lock();
		try {
			if (--this.users > 0) {
				requireOff();
			}
			else if (this.on) {
				this.calls.prctl(CredentialCalls.PR_SET_DUMPABLE, ON);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

}
