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
import java.util.Arrays;

import io.namedpipe.posix.CredentialCalls;
import io.namedpipe.transport.PipeImpersonationException;

/**
 * A list of groups in memory that the kernel reads and writes, so that setting them
 * allocates nothing.
 */
final class GroupList {

	private static final int USUAL_GROUPS = 64;

	private static final int MAX_GROUPS = 65_536;

	private final CredentialCalls calls;

	private ByteBuffer buffer;

	private long address;

	private int capacity;

	private int count;

	// An empty list, for the groups of the calling thread.
	GroupList(CredentialCalls calls) {
		this(calls, USUAL_GROUPS);
	}

	private GroupList(CredentialCalls calls, int capacity) {
		this.calls = calls;
		this.capacity = capacity;
		this.buffer = ByteBuffer.allocateDirect(Math.max(1, capacity) * Integer.BYTES).order(ByteOrder.nativeOrder());
		this.address = calls.address(this.buffer);
	}

	static GroupList of(CredentialCalls calls, int[] groups) {
		GroupList list = new GroupList(calls, groups.length);
		list.buffer.asIntBuffer().put(groups);
		list.count = groups.length;
		return list;
	}

	// Read the groups of the calling thread.
	void read() {
		this.count = this.calls.getgroups(this.capacity, this.address);
		if (this.count < 0 && this.capacity < MAX_GROUPS) {
			GroupList larger = new GroupList(this.calls, MAX_GROUPS);
			this.capacity = larger.capacity;
			this.buffer = larger.buffer;
			this.address = larger.address;
			this.count = this.calls.getgroups(this.capacity, this.address);
		}
		if (this.count < 0) {
			throw new PipeImpersonationException(
					"The thread's groups cannot be read (error %d)".formatted(this.calls.lastError()));
		}
	}

	// Set the groups of the calling thread. Returns whether the kernel agreed.
	boolean write() {
		return this.calls.setgroups(this.count, this.address) == 0;
	}

	private int group(int index) {
		return this.buffer.getInt(index * Integer.BYTES);
	}

	int[] toArray() {
		int[] groups = new int[this.count];
		this.buffer.asIntBuffer().get(groups);
		return groups;
	}

	// The kernel sorts by its own numbers, which in a user namespace may be in another
	// order than ours.
	boolean hasSameGroups(GroupList other) {
		if (this.count != other.count) {
			return false;
		}
		for (int i = 0; i < this.count; i++) {
			if (group(i) != other.group(i)) {
				return Arrays.equals(sorted(), other.sorted());
			}
		}
		return true;
	}

	private int[] sorted() {
		int[] groups = toArray();
		Arrays.sort(groups);
		return groups;
	}

}
