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

/**
 * The credentials of a user for file access, laid out for the kernel once, so that taking
 * them on allocates nothing.
 */
final class LinuxIdentity {

	private final int uid;

	private final int gid;

	private final int[] groups;

	/** Kept only so that the memory behind the address stays. */
	private final ByteBuffer buffer;

	private final long address;

	/**
	 * Lay out an identity.
	 * @param calls knows addresses
	 * @param uid the user
	 * @param gid the group
	 * @param groups the supplementary groups, ascending as unsigned numbers, each once:
	 * so the kernel gives them back
	 */
	LinuxIdentity(SystemCalls calls, int uid, int gid, int[] groups) {
		this.uid = uid;
		this.gid = gid;
		this.groups = groups.clone();
		this.buffer = ByteBuffer.allocateDirect(Math.max(1, groups.length) * Integer.BYTES)
			.order(ByteOrder.nativeOrder());
		this.buffer.asIntBuffer().put(groups);
		this.address = calls.address(this.buffer);
	}

	int uid() {
		return this.uid;
	}

	int gid() {
		return this.gid;
	}

	int groupCount() {
		return this.groups.length;
	}

	int group(int index) {
		return this.groups[index];
	}

	long groupsAddress() {
		return this.address;
	}

}
