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
 * How a client connects. Immutable.
 *
 * @param connectTimeout how long connecting may take while the server is busy, zero for
 * one attempt
 * @param waitForServer how long to wait for a server that is not there yet, zero for not
 * at all
 * @param impersonationLevel what the server may do with the client's identity
 * @param mode how the pipe carries what is written
 * @param direction which way bytes go, seen from the server
 * @param maxMessageSize the largest message that is read, in bytes
 * @param expectedServer who must own the server
 */
public record PipeClientOptions(Duration connectTimeout, Duration waitForServer, ImpersonationLevel impersonationLevel,
		PipeMode mode, PipeDirection direction, int maxMessageSize, ExpectedServer expectedServer) {

	private static final PipeClientOptions DEFAULTS = builder().build();

	/**
	 * The defaults: this machine, this user, a duplex pipe of bytes.
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
	 * Builds the options; what is not set has its default.
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

		/**
		 * Set how long connecting may take while the server is busy, zero for one
		 * attempt.
		 * @param connectTimeout the value
		 * @return this
		 */
		public Builder connectTimeout(Duration connectTimeout) {
			this.connectTimeout = connectTimeout;
			return this;
		}

		/**
		 * Set how long to wait for a server that is not there yet, zero for not at all.
		 * @param waitForServer the value
		 * @return this
		 */
		public Builder waitForServer(Duration waitForServer) {
			this.waitForServer = waitForServer;
			return this;
		}

		/**
		 * Set what the server may do with the client's identity.
		 * @param impersonationLevel the value
		 * @return this
		 */
		public Builder impersonationLevel(ImpersonationLevel impersonationLevel) {
			this.impersonationLevel = impersonationLevel;
			return this;
		}

		/**
		 * Set how the pipe carries what is written.
		 * @param mode the value
		 * @return this
		 */
		public Builder mode(PipeMode mode) {
			this.mode = mode;
			return this;
		}

		/**
		 * Set which way bytes go, seen from the server.
		 * @param direction the value
		 * @return this
		 */
		public Builder direction(PipeDirection direction) {
			this.direction = direction;
			return this;
		}

		/**
		 * Set the largest message that is read, in bytes.
		 * @param maxMessageSize the value
		 * @return this
		 */
		public Builder maxMessageSize(int maxMessageSize) {
			this.maxMessageSize = maxMessageSize;
			return this;
		}

		/**
		 * Set who must own the server.
		 * @param expectedServer the value
		 * @return this
		 */
		public Builder expectedServer(ExpectedServer expectedServer) {
			this.expectedServer = expectedServer;
			return this;
		}

		/**
		 * Build the options.
		 * @return the options
		 */
		public PipeClientOptions build() {
			return new PipeClientOptions(this.connectTimeout, this.waitForServer, this.impersonationLevel, this.mode,
					this.direction, this.maxMessageSize, this.expectedServer);
		}

	}

}
