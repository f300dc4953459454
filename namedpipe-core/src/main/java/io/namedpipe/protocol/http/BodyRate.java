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

package io.namedpipe.protocol.http;

import java.util.concurrent.TimeUnit;

import io.namedpipe.transport.PipeTimeoutException;

/**
 * How fast a body arrives. Only the time counts in which the server waits for it. The
 * first seconds are free, since a connection may stand still for a moment.
 */
final class BodyRate {

	private static final long FREE_NANOS = TimeUnit.SECONDS.toNanos(5);

	private final long least;

	private long bytes;

	private long nanos;

	/**
	 * Create the meter.
	 * @param least the least number of bytes per second; 0 for no limit
	 */
	BodyRate(long least) {
		this.least = least;
	}

	/**
	 * Count what has arrived.
	 * @param count the number of bytes
	 * @param waited how long it took, in nanoseconds
	 * @throws PipeTimeoutException if the body is too slow
	 */
	void received(int count, long waited) {
		this.bytes += Math.max(0, count);
		this.nanos += waited;
		if (count >= 0 && this.nanos > FREE_NANOS
				&& this.bytes < this.least * ((this.nanos - FREE_NANOS) / 1_000_000) / 1000) {
			throw new PipeTimeoutException(
					"The body of a request came slower than %d bytes a second (http.min-body-rate)"
						.formatted(this.least));
		}
	}

}
