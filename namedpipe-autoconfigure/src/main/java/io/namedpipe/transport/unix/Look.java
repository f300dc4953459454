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

/**
 * How long a thread looks for something before it goes to sleep. Another thread that
 * wants the processor gets it in between.
 */
final class Look {

	// Giving way is a system call, as the look itself is: not at every one.
	private static final int LOOKS_PER_YIELD = 4;

	private final long begin = System.nanoTime();

	private final long nanos;

	private int looks;

	Look(long nanos) {
		this.nanos = nanos;
	}

	// Whether to look once more.
	boolean again() {
		if (++this.looks % LOOKS_PER_YIELD == 0) {
			Thread.yield();
		}
		return System.nanoTime() - this.begin < this.nanos;
	}

}
