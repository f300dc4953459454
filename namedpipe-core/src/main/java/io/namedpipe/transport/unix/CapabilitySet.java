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

import io.namedpipe.posix.CredentialCalls;
import io.namedpipe.transport.PipeImpersonationException;

/**
 * The capabilities of a thread in memory that the kernel reads and writes.
 */
final class CapabilitySet {

	private static final int VERSION_3 = 0x20080522;

	private static final int HEADER_BYTES = 2 * Integer.BYTES;

	/** The effective, permitted and inheritable capabilities, 32 bits of each. */
	private static final int HALF_BYTES = 3 * Integer.BYTES;

	private static final int NEEDED = 1 << UnixProcess.CAP_SETUID | 1 << UnixProcess.CAP_SETGID;

	private final CredentialCalls calls;

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(HEADER_BYTES + 2 * HALF_BYTES)
		.order(ByteOrder.nativeOrder())
		.putInt(0, VERSION_3);

	private final long address;

	CapabilitySet(CredentialCalls calls) {
		this.calls = calls;
		this.address = calls.address(this.buffer);
	}

	// Read the capabilities of the calling thread.
	void read() {
		if (this.calls.capget(this.address, this.address + HEADER_BYTES) != 0) {
			throw new PipeImpersonationException(
					"The thread's capabilities cannot be read (error %d)".formatted(this.calls.lastError()));
		}
	}

	// Set the capabilities of the calling thread. Returns whether the kernel agreed.
	boolean write() {
		return this.calls.capset(this.address, this.address + HEADER_BYTES) == 0;
	}

	void copy(CapabilitySet other) {
		this.buffer.put(HEADER_BYTES, other.buffer, HEADER_BYTES, 2 * HALF_BYTES);
	}

	// Whether no other capability is effective than those to change the identity again.
	boolean isMinimal() {
		return (effective(0) & ~NEEDED) == 0 && effective(1) == 0;
	}

	void minimize() {
		this.buffer.putInt(HEADER_BYTES, effective(0) & NEEDED).putInt(HEADER_BYTES + HALF_BYTES, 0);
	}

	boolean hasSameEffective(CapabilitySet other) {
		return effective(0) == other.effective(0) && effective(1) == other.effective(1);
	}

	private int effective(int half) {
		return this.buffer.getInt(HEADER_BYTES + half * HALF_BYTES);
	}

}
