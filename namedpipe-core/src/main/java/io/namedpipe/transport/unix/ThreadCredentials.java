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

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

import io.namedpipe.posix.CredentialCalls;
import io.namedpipe.transport.PipeImpersonationException;

/**
 * What one thread needs to change its credentials without allocating: memory for the
 * kernel's answers, and the groups that wait to be put back, one list for each scope that
 * the thread is in.
 */
final class ThreadCredentials {

	private static final int CAPABILITY_VERSION_3 = 0x20080522;

	/** Two sets of effective, permitted and inheritable capabilities, 32 bits each. */
	private static final int CAPABILITY_BYTES = 6 * Integer.BYTES;

	private final CredentialCalls calls;

	private final List<GroupList> saved = new ArrayList<>();

	private final GroupList current;

	private final ByteBuffer capabilityHeader = buffer(2 * Integer.BYTES).putInt(0, CAPABILITY_VERSION_3);

	private final ByteBuffer capabilities = buffer(CAPABILITY_BYTES);

	private final long capabilityHeaderAddress;

	private final long capabilitiesAddress;

	private int depth;

	private boolean lost;

	ThreadCredentials(CredentialCalls calls) {
		this.calls = calls;
		this.current = new GroupList(calls);
		this.capabilityHeaderAddress = calls.address(this.capabilityHeader);
		this.capabilitiesAddress = calls.address(this.capabilities);
	}

	private static ByteBuffer buffer(int size) {
		return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
	}

	int depth() {
		return this.depth;
	}

	boolean isInnermost(int depth) {
		return !this.lost && this.depth == depth + 1;
	}

	boolean isSwitched() {
		return this.depth > 0 || this.lost;
	}

	void entered() {
		this.depth++;
	}

	void left() {
		this.depth--;
	}

	void lose() {
		this.lost = true;
	}

	boolean isLost() {
		return this.lost;
	}

	int[] readGroups() {
		this.current.read();
		return this.current.toArray();
	}

	void saveGroups(int depth) {
		if (this.saved.size() == depth) {
			this.saved.add(new GroupList(this.calls));
		}
		this.saved.get(depth).read();
	}

	boolean savedEquals(int depth, LinuxIdentity identity) {
		return this.saved.get(depth).hasSameGroups(identity.groups());
	}

	boolean currentEquals(LinuxIdentity identity) {
		this.current.read();
		return this.current.hasSameGroups(identity.groups());
	}

	boolean putGroupsBack(int depth) {
		GroupList groups = this.saved.get(depth);
		if (!groups.write()) {
			return false;
		}
		this.current.read();
		return this.current.hasSameGroups(groups);
	}

	// Whether the thread is above file permissions in spite of its user.
	boolean hasFileCapabilities() {
		if (this.calls.capget(this.capabilityHeaderAddress, this.capabilitiesAddress) != 0) {
			throw new PipeImpersonationException(
					"The thread's capabilities cannot be read (error %d)".formatted(this.calls.lastError()));
		}
		long low = Integer.toUnsignedLong(this.capabilities.getInt(0));
		long high = Integer.toUnsignedLong(this.capabilities.getInt(CAPABILITY_BYTES / 2));
		return ((low | (high << Integer.SIZE)) & UnixProcess.FILE_CAPABILITIES) != 0;
	}

}
