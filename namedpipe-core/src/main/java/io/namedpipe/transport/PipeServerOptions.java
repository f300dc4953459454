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

import java.time.Duration;

/**
 * How a server listens. Immutable. The defaults make a duplex pipe of bytes for this user
 * on this machine.
 *
 * @param instances number of clients that can be waited for at once: pipe instances on
 * Windows, threads in {@link PipeServerChannel#accept()} elsewhere; 4 by default
 * @param maxInstances maximum number of instances of the pipe, waiting and connected, on
 * Windows; 0, the default, for no limit
 * @param mode how the pipe carries what is written; bytes by default
 * @param direction which way bytes go; both by default
 * @param inBufferSize size of the buffer towards the server in bytes, a hint; 64 KiB by
 * default
 * @param outBufferSize size of the buffer towards the client in bytes, a hint; 64 KiB by
 * default
 * @param maxMessageSize largest message that is read, in bytes; 16 MiB by default
 * @param access the users that may connect; the current user by default
 * @param rejectRemote whether clients on other machines are refused, which is the default
 * @param linger how long a close waits for the client to read what was written, on
 * Windows; one second by default
 * @since 0.1.0
 */
public record PipeServerOptions(int instances, int maxInstances, PipeMode mode, PipeDirection direction,
		int inBufferSize, int outBufferSize, int maxMessageSize, PipeAccess access, boolean rejectRemote,
		Duration linger) {

	private static final PipeServerOptions DEFAULTS = builder().build();

	public PipeServerOptions {
		require(instances > 0, "'instances' must be positive");
		require(maxInstances >= 0, "'maxInstances' must not be negative");
		require(inBufferSize >= 0, "'inBufferSize' must not be negative");
		require(outBufferSize >= 0, "'outBufferSize' must not be negative");
		require(maxMessageSize > 0, "'maxMessageSize' must be positive");
		require(!linger.isNegative(), "'linger' must not be negative");
	}

	static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

	/**
	 * The options with all defaults.
	 * @return the options
	 */
	public static PipeServerOptions defaults() {
		return DEFAULTS;
	}

	/**
	 * Start from the defaults.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Builds the options: a method for each, named like it, and {@link #build()}.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private int instances = 4;

		private int maxInstances = 0;

		private PipeMode mode = PipeMode.BYTE;

		private PipeDirection direction = PipeDirection.DUPLEX;

		private int inBufferSize = 64 * 1024;

		private int outBufferSize = 64 * 1024;

		private int maxMessageSize = 16 * 1024 * 1024;

		private PipeAccess access = PipeAccess.currentUser();

		private boolean rejectRemote = true;

		private Duration linger = Duration.ofSeconds(1);

		private Builder() {
		}

		public Builder instances(int instances) {
			this.instances = instances;
			return this;
		}

		public Builder maxInstances(int maxInstances) {
			this.maxInstances = maxInstances;
			return this;
		}

		public Builder mode(PipeMode mode) {
			this.mode = mode;
			return this;
		}

		public Builder direction(PipeDirection direction) {
			this.direction = direction;
			return this;
		}

		public Builder inBufferSize(int inBufferSize) {
			this.inBufferSize = inBufferSize;
			return this;
		}

		public Builder outBufferSize(int outBufferSize) {
			this.outBufferSize = outBufferSize;
			return this;
		}

		public Builder maxMessageSize(int maxMessageSize) {
			this.maxMessageSize = maxMessageSize;
			return this;
		}

		public Builder access(PipeAccess access) {
			this.access = access;
			return this;
		}

		public Builder rejectRemote(boolean rejectRemote) {
			this.rejectRemote = rejectRemote;
			return this;
		}

		public Builder linger(Duration linger) {
			this.linger = linger;
			return this;
		}

		public PipeServerOptions build() {
			return new PipeServerOptions(this.instances, this.maxInstances, this.mode, this.direction,
					this.inBufferSize, this.outBufferSize, this.maxMessageSize, this.access, this.rejectRemote,
					this.linger);
		}

	}

}
