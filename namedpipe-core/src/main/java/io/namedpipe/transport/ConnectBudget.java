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

package io.namedpipe.transport;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Connects within the time that the options of a client allow, which has the same meaning
 * on every transport. Each of the two reasons to try again has its own budget, which only
 * attempts that fail for that reason use up.
 *
 * @since 0.1.0
 * @see PipeClientOptions#connectTimeout()
 * @see PipeClientOptions#waitForServer()
 */
public final class ConnectBudget {

	private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	private ConnectBudget() {
	}

	/**
	 * Connect: at least one attempt, and more as long as there is no server or it is busy
	 * and the budget for that is not used up.
	 * @param <T> the type of the connection
	 * @param address the pipe, for the message
	 * @param options the options with the two budgets
	 * @param attempt tries once and does not wait; it throws
	 * {@link PipeNotFoundException} if no server listens and {@link PipeBusyException} if
	 * the server is busy, and anything else ends the connecting
	 * @return the connection
	 * @throws PipeException if the attempt fails for good, or the calling thread is
	 * interrupted, which it still is afterwards
	 */
	public static <T> T connect(PipeAddress address, PipeClientOptions options, Supplier<T> attempt) {
		long missing = TimeUnit.NANOSECONDS.convert(options.waitForServer());
		long busy = TimeUnit.NANOSECONDS.convert(options.connectTimeout());
		while (true) {
			long start = System.nanoTime();
			try {
				return attempt.get();
			}
			catch (PipeNotFoundException ex) {
				missing = pause(address, ex, start, missing);
			}
			catch (PipeBusyException ex) {
				busy = pause(address, ex, start, busy);
			}
		}
	}

	private static long pause(PipeAddress address, PipeException reason, long start, long budget) {
		long left = budget - (System.nanoTime() - start);
		try {
			if (Thread.interrupted()) {
				throw new InterruptedException();
			}
			if (left <= 0) {
				throw reason;
			}
			TimeUnit.NANOSECONDS.sleep(Math.min(left, PAUSE_NANOS));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			ex.addSuppressed(reason);
			throw new PipeException("Connecting to the pipe '%s' was interrupted".formatted(address), ex);
		}
		return budget - (System.nanoTime() - start);
	}

}
