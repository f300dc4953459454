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

package io.namedpipe.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import com.sun.jna.Native;
import com.sun.jna.Pointer;

/**
 * Memory that native functions read and write. It stays as long as this is reachable.
 */
final class NativeMemory {

	private final ByteBuffer buffer;

	private final long address;

	NativeMemory(int size) {
		this.buffer = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
		this.address = address(this.buffer);
	}

	// The caller keeps the buffer reachable.
	static long address(ByteBuffer buffer) {
		return Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
	}

	ByteBuffer buffer() {
		return this.buffer;
	}

	long address() {
		return this.address;
	}

	int size() {
		return this.buffer.capacity();
	}

}
