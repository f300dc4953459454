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
import java.util.Arrays;
import java.util.List;

import io.namedpipe.transport.PipeImpersonationException;

/**
 * What one thread needs to change its credentials without allocating: memory for the
 * kernel's answers, and the groups that wait to be put back, one list for each scope that
 * the thread is in.
 */
final class ThreadCredentials {

	private static final int MOST_GROUPS = 65_536;

	private static final int CAPABILITY_VERSION_3 = 0x20080522;

	/** Two sets of effective, permitted and inheritable capabilities, 32 bits each. */
	private static final int CAPABILITY_BYTES = 6 * Integer.BYTES;

	private final SystemCalls calls;

	private final List<Groups> saved = new ArrayList<>();

	private final Groups current;

	private final ByteBuffer capabilityHeader = buffer(2 * Integer.BYTES).putInt(0, CAPABILITY_VERSION_3);

	private final ByteBuffer capabilities = buffer(CAPABILITY_BYTES);

	private final long capabilityHeaderAddress;

	private final long capabilitiesAddress;

	private int depth;

	private boolean lost;

	ThreadCredentials(SystemCalls calls) {
		this.calls = calls;
		this.current = new Groups(calls);
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
			this.saved.add(new Groups(this.calls));
		}
		this.saved.get(depth).read();
	}

	boolean savedEquals(int depth, LinuxIdentity identity) {
		return this.saved.get(depth).isEqualTo(identity);
	}

	boolean currentEquals(LinuxIdentity identity) {
		this.current.read();
		return this.current.isEqualTo(identity);
	}

	boolean putGroupsBack(int depth) {
		Groups groups = this.saved.get(depth);
		if (!groups.write()) {
			return false;
		}
		this.current.read();
		return this.current.isEqualTo(groups);
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

	/**
	 * A list of groups in memory that the kernel reads and writes.
	 */
	private static final class Groups {

		private final SystemCalls calls;

		private ByteBuffer buffer;

		private long address;

		private int capacity;

		private int count;

		Groups(SystemCalls calls) {
			this.calls = calls;
			this.capacity = 64;
			this.buffer = buffer(this.capacity * Integer.BYTES);
			this.address = calls.address(this.buffer);
		}

		void read() {
			this.count = this.calls.getgroups(this.capacity, this.address);
			if (this.count < 0) {
				this.capacity = MOST_GROUPS;
				this.buffer = buffer(this.capacity * Integer.BYTES);
				this.address = this.calls.address(this.buffer);
				this.count = this.calls.getgroups(this.capacity, this.address);
			}
			if (this.count < 0) {
				throw new PipeImpersonationException(
						"The thread's groups cannot be read (error %d)".formatted(this.calls.lastError()));
			}
		}

		boolean write() {
			return this.calls.setgroups(this.count, this.address) == 0;
		}

		int[] toArray() {
			int[] groups = new int[this.count];
			for (int i = 0; i < this.count; i++) {
				groups[i] = this.buffer.getInt(i * Integer.BYTES);
			}
			return groups;
		}

		boolean isEqualTo(Groups other) {
			if (this.count != other.count) {
				return false;
			}
			for (int i = 0; i < this.count; i++) {
				if (this.buffer.getInt(i * Integer.BYTES) != other.buffer.getInt(i * Integer.BYTES)) {
					return false;
				}
			}
			return true;
		}

		boolean isEqualTo(LinuxIdentity identity) {
			if (this.count != identity.groupCount()) {
				return false;
			}
			for (int i = 0; i < this.count; i++) {
				if (this.buffer.getInt(i * Integer.BYTES) != identity.group(i)) {
					return isEqualInAnyOrder(identity);
				}
			}
			return true;
		}

		// The kernel sorts by its own numbers, which in a user namespace may be in
		// another order than ours.
		private boolean isEqualInAnyOrder(LinuxIdentity identity) {
			int[] ours = toArray();
			int[] theirs = new int[this.count];
			for (int i = 0; i < this.count; i++) {
				theirs[i] = identity.group(i);
			}
			Arrays.sort(ours);
			Arrays.sort(theirs);
			return Arrays.equals(ours, theirs);
		}

	}

}
