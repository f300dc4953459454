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

import java.util.ArrayList;
import java.util.List;

import io.namedpipe.posix.CredentialCalls;

/**
 * What one thread needs to change its credentials without allocating: memory for the
 * kernel's answers, and the groups and capabilities to put back, for each scope that the
 * thread is in.
 */
final class ThreadCredentials {

	private final CredentialCalls calls;

	private final List<Saved> saved = new ArrayList<>();

	private final Saved current;

	private final CapabilitySet wanted;

	private final int threadId;

	private int depth;

	private boolean tainted;

	ThreadCredentials(CredentialCalls calls) {
		this.calls = calls;
		this.current = new Saved(calls);
		this.wanted = new CapabilitySet(calls);
		this.threadId = calls.gettid();
	}

	int threadId() {
		return this.threadId;
	}

	int depth() {
		return this.depth;
	}

	boolean isInnermost(int depth) {
		return !this.tainted && this.depth == depth + 1;
	}

	boolean isSwitched() {
		return this.depth > 0 || this.tainted;
	}

	void entered() {
		this.depth++;
	}

	void left() {
		this.depth--;
	}

	void taint() {
		this.tainted = true;
	}

	boolean isTainted() {
		return this.tainted;
	}

	int[] readGroups() {
		this.current.groups.read();
		return this.current.groups.toArray();
	}

	void save(int depth) {
		if (this.saved.size() == depth) {
			this.saved.add(new Saved(this.calls));
		}
		this.saved.get(depth).groups.read();
		this.saved.get(depth).capabilities.read();
	}

	boolean savedEquals(int depth, LinuxIdentity identity) {
		return this.saved.get(depth).groups.hasSameGroups(identity.groups());
	}

	boolean currentEquals(LinuxIdentity identity) {
		this.current.groups.read();
		return this.current.groups.hasSameGroups(identity.groups());
	}

	boolean putGroupsBack(int depth) {
		GroupList groups = this.saved.get(depth).groups;
		if (!groups.write()) {
			return false;
		}
		this.current.groups.read();
		return this.current.groups.hasSameGroups(groups);
	}

	boolean hasMinimalCapabilities(int depth) {
		return this.saved.get(depth).capabilities.isMinimal();
	}

	// Make the thread's own capabilities effective, or only those that going back needs.
	boolean changeCapabilities(boolean own) {
		this.wanted.copy(this.saved.get(0).capabilities);
		if (!own) {
			this.wanted.minimize();
		}
		if (!this.wanted.write()) {
			return false;
		}
		this.current.capabilities.read();
		return this.current.capabilities.hasSameEffective(this.wanted);
	}

	boolean putCapabilitiesBack(int depth) {
		return this.saved.get(depth).capabilities.write();
	}

	private static final class Saved {

		private final GroupList groups;

		private final CapabilitySet capabilities;

		Saved(CredentialCalls calls) {
			this.groups = new GroupList(calls);
			this.capabilities = new CapabilitySet(calls);
		}

	}

}
