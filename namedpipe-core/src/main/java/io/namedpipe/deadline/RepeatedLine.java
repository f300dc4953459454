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

package io.namedpipe.deadline;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A log line that may repeat many times a second. The first one is written at once, then
 * at most one in each interval, with the number of lines that were left out.
 *
 * @since 0.1.0
 */
public final class RepeatedLine {

	private final long intervalNanos;

	private final AtomicLong leftOut = new AtomicLong();

	private final AtomicLong last;

	/**
	 * Create the line.
	 * @param interval the shortest time from one line to the next
	 */
	public RepeatedLine(Duration interval) {
		this.intervalNanos = interval.toNanos();
		this.last = new AtomicLong(System.nanoTime() - this.intervalNanos);
	}

	/**
	 * Write the line, or count it.
	 * @param writer writes the line with a suffix
	 */
	public void say(Consumer<String> writer) {
		long now = System.nanoTime();
		long before = this.last.get();
		if (now - before < this.intervalNanos || !this.last.compareAndSet(before, now)) {
			this.leftOut.incrementAndGet();
			return;
		}
		long count = this.leftOut.getAndSet(0);
		writer.accept((count > 0) ? " (and %d more times)".formatted(count) : "");
	}

}
