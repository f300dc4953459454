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

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How many platform threads the JVM has started, carriers of virtual threads included.
 */
final class StartedThreads {

	private StartedThreads() {
	}

	/**
	 * The counter of this JVM.
	 * @return the counter; in a run-time image without the module
	 * {@code java.management}, one that changes with each call
	 */
	static LongSupplier counter() {
		return counter("java.lang.management.ManagementFactory");
	}

	static LongSupplier counter(String factory) {
		try {
			Class.forName(factory);
			return ManagementFactory.getThreadMXBean()::getTotalStartedThreadCount;
		}
		catch (ClassNotFoundException | LinkageError ex) {
			return new AtomicLong()::incrementAndGet;
		}
	}

}
