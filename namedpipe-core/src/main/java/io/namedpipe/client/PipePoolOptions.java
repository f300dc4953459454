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

package io.namedpipe.client;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * How a template keeps its connections. Immutable.
 *
 * @param maxSize the largest number of connections that are open at once, 1 or more
 * @param maxIdleTime how long a connection is kept without a request; zero to close each
 * one after its request
 * @param acquireTimeout how long a request waits while all connections are in use; zero
 * for not at all
 * @since 0.1.0
 */
public record PipePoolOptions(int maxSize, Duration maxIdleTime, Duration acquireTimeout) {

	private static final Duration FOR_EVER = Duration.ofDays(3_650);

	private static final PipePoolOptions DEFAULTS = new PipePoolOptions(8, Duration.ofSeconds(30),
			Duration.ofSeconds(10));

	public PipePoolOptions {
		Assert.isTrue(maxSize > 0, "'maxSize' must be positive");
		Assert.isTrue(!maxIdleTime.isNegative(), "'maxIdleTime' must not be negative");
		Assert.isTrue(!acquireTimeout.isNegative(), "'acquireTimeout' must not be negative");
	}

	/**
	 * One connection, which is kept for as long as it is open if any is kept.
	 * @return the options
	 */
	PipePoolOptions single() {
		return new PipePoolOptions(1, this.maxIdleTime.isZero() ? Duration.ZERO : FOR_EVER, this.acquireTimeout);
	}

	/**
	 * Up to 8 connections, kept for 30 seconds and waited for up to 10 seconds.
	 * @return the defaults
	 */
	public static PipePoolOptions defaults() {
		return DEFAULTS;
	}

}
