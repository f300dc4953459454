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
 * How a client connects. Immutable. The defaults fit a duplex pipe of bytes whose server
 * is this user's or the system's.
 *
 * @param connectTimeout how long to try while the server is busy; zero for one attempt,
 * two seconds by default
 * @param waitForServer how long to try while no server listens; zero, the default, for
 * one attempt
 * @param impersonationLevel what the server may do with the client's identity;
 * identification by default
 * @param mode how the pipe carries what is written; bytes by default
 * @param direction which way bytes go, seen from the server; both by default
 * @param maxMessageSize largest message that is read, in bytes; 16 MiB by default
 * @param expectedServer the users that may own the server; the current user or the system
 * by default
 * @since 0.1.0
 */
public record PipeClientOptions(Duration connectTimeout, Duration waitForServer, ImpersonationLevel impersonationLevel,
		PipeMode mode, PipeDirection direction, int maxMessageSize, ExpectedServer expectedServer) {

	private static final PipeClientOptions DEFAULTS = builder().build();

	public PipeClientOptions {
		PipeServerOptions.require(!connectTimeout.isNegative(), "'connectTimeout' must not be negative");
		PipeServerOptions.require(!waitForServer.isNegative(), "'waitForServer' must not be negative");
		PipeServerOptions.require(maxMessageSize > 0, "'maxMessageSize' must be positive");
	}

	/**
	 * The options with all defaults.
	 * @return the options
	 */
	public static PipeClientOptions defaults() {
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

		private Duration connectTimeout = Duration.ofSeconds(2);

		private Duration waitForServer = Duration.ZERO;

		private ImpersonationLevel impersonationLevel = ImpersonationLevel.IDENTIFICATION;

		private PipeMode mode = PipeMode.BYTE;

		private PipeDirection direction = PipeDirection.DUPLEX;

		private int maxMessageSize = 16 * 1024 * 1024;

		private ExpectedServer expectedServer = ExpectedServer.trusted();

		private Builder() {
		}

		public Builder connectTimeout(Duration connectTimeout) {
			this.connectTimeout = connectTimeout;
			return this;
		}

		public Builder waitForServer(Duration waitForServer) {
			this.waitForServer = waitForServer;
			return this;
		}

		public Builder impersonationLevel(ImpersonationLevel impersonationLevel) {
			this.impersonationLevel = impersonationLevel;
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

		public Builder maxMessageSize(int maxMessageSize) {
			this.maxMessageSize = maxMessageSize;
			return this;
		}

		public Builder expectedServer(ExpectedServer expectedServer) {
			this.expectedServer = expectedServer;
			return this;
		}

		public PipeClientOptions build() {
			return new PipeClientOptions(this.connectTimeout, this.waitForServer, this.impersonationLevel, this.mode,
					this.direction, this.maxMessageSize, this.expectedServer);
		}

	}

}
