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
 * How a server listens. Immutable.
 *
 * @param instances how many instances wait for clients at once, where the system has
 * instances
 * @param maxInstances the most instances of the pipe, 0 for no limit, where the system
 * has instances
 * @param mode how the pipe carries what is written
 * @param direction which way bytes go
 * @param inBufferSize the size of the buffer towards the server in bytes, a hint
 * @param outBufferSize the size of the buffer towards the client in bytes, a hint
 * @param maxMessageSize the largest message that is read, in bytes
 * @param access who may connect
 * @param rejectRemote whether clients on other machines are refused
 * @param linger how long a close may wait for the client to read what was written, where
 * the system needs that
 */
public record PipeServerOptions(int instances, int maxInstances, PipeMode mode, PipeDirection direction,
		int inBufferSize, int outBufferSize, int maxMessageSize, PipeAccess access, boolean rejectRemote,
		Duration linger) {

	private static final PipeServerOptions DEFAULTS = builder().build();

	/**
	 * The defaults: this machine, this user, a duplex pipe of bytes.
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
	 * Builds the options; what is not set has its default.
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

		/**
		 * Set how many instances wait for clients at once, where the system has
		 * instances.
		 * @param instances the value
		 * @return this
		 */
		public Builder instances(int instances) {
			this.instances = instances;
			return this;
		}

		/**
		 * Set the most instances of the pipe, 0 for no limit, where the system has
		 * instances.
		 * @param maxInstances the value
		 * @return this
		 */
		public Builder maxInstances(int maxInstances) {
			this.maxInstances = maxInstances;
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
		 * Set which way bytes go.
		 * @param direction the value
		 * @return this
		 */
		public Builder direction(PipeDirection direction) {
			this.direction = direction;
			return this;
		}

		/**
		 * Set the size of the buffer towards the server in bytes, a hint.
		 * @param inBufferSize the value
		 * @return this
		 */
		public Builder inBufferSize(int inBufferSize) {
			this.inBufferSize = inBufferSize;
			return this;
		}

		/**
		 * Set the size of the buffer towards the client in bytes, a hint.
		 * @param outBufferSize the value
		 * @return this
		 */
		public Builder outBufferSize(int outBufferSize) {
			this.outBufferSize = outBufferSize;
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
		 * Set who may connect.
		 * @param access the value
		 * @return this
		 */
		public Builder access(PipeAccess access) {
			this.access = access;
			return this;
		}

		/**
		 * Set whether clients on other machines are refused.
		 * @param rejectRemote the value
		 * @return this
		 */
		public Builder rejectRemote(boolean rejectRemote) {
			this.rejectRemote = rejectRemote;
			return this;
		}

		/**
		 * Set how long a close may wait for the client to read what was written, where
		 * the system needs that.
		 * @param linger the value
		 * @return this
		 */
		public Builder linger(Duration linger) {
			this.linger = linger;
			return this;
		}

		/**
		 * Build the options.
		 * @return the options
		 */
		public PipeServerOptions build() {
			return new PipeServerOptions(this.instances, this.maxInstances, this.mode, this.direction,
					this.inBufferSize, this.outBufferSize, this.maxMessageSize, this.access, this.rejectRemote,
					this.linger);
		}

	}

}
