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

/**
 * Names in a directory, in memory that the kernel writes ({@code struct linux_dirent64}).
 * For one thread at a time.
 *
 * @since 0.1.0
 */
public final class DirectoryEntries {

	/** What one look at a directory can return at most. */
	public static final int MAX_ENTRIES = 1024;

	/** The smallest entry has 24 bytes. */
	private static final int BYTES = MAX_ENTRIES * 24;

	private static final int LENGTH = 16;

	private static final int NAME = 19;

	private final NativeMemory memory = new NativeMemory(BYTES);

	private int count;

	private int position;

	private int next;

	long address() {
		return this.memory.address();
	}

	int capacity() {
		return this.memory.size();
	}

	void reset(int count) {
		this.count = count;
		rewind();
	}

	/**
	 * Go back to before the first entry.
	 */
	public void rewind() {
		this.next = 0;
	}

	/**
	 * Go to the next entry.
	 * @return {@code false} if there is none
	 */
	public boolean next() {
		if (this.next >= this.count) {
			return false;
		}
		this.position = this.next;
		this.next += Short.toUnsignedInt(this.memory.buffer().getShort(this.position + LENGTH));
		return true;
	}

	long nameAddress() {
		return this.memory.address() + this.position + NAME;
	}

	/**
	 * The name of the present entry. What cannot be read as text in it is replaced.
	 * @return the name
	 */
	public String name() {
		int start = this.position + NAME;
		int end = start;
		while (this.memory.buffer().get(end) != 0) {
			end++;
		}
		ByteBuffer bytes = this.memory.buffer().slice(start, end - start);
		return FileCalls.FILE_NAMES.decode(bytes).toString();
	}

}
