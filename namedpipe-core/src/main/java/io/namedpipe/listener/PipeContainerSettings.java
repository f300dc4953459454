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

package io.namedpipe.listener;

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeServerOptions;

/**
 * The settings of one {@link PipeListenerContainer}. Immutable.
 *
 * @param id the id of the pipe
 * @param address where it listens
 * @param protocol what is spoken on it
 * @param serverOptions how the transport listens
 * @param maxConnections the most connections that are served at once; further clients
 * wait in the operating system's queue
 * @param maxConcurrentRequests the most requests that are handled at once; a request
 * beyond that is answered as busy
 * @param readTimeout how long a client may take to send a request, zero for ever
 * @param writeTimeout how long a client may take to read a reply, zero for ever
 * @param requestTimeout how long a handler may take, zero for ever
 * @param idleTimeout how long a connection may wait for its next request, zero for ever
 * @param gracePeriod how long a stop waits for requests in flight
 * @param autoStartup whether the container starts with the application
 * @param impersonationPolicy what happens if handlers cannot act as their callers
 * @param virtualThreads whether connections are served on virtual threads, where the JVM
 * has them
 * @param stayAwake whether a thread keeps a processor awake while one client asks again
 * and again; on machines with two processors only
 */
public record PipeContainerSettings(String id, PipeAddress address, PipeProtocol protocol,
		PipeServerOptions serverOptions, int maxConnections, int maxConcurrentRequests, Duration readTimeout,
		Duration writeTimeout, Duration requestTimeout, Duration idleTimeout, Duration gracePeriod, boolean autoStartup,
		ImpersonationPolicy impersonationPolicy, boolean virtualThreads, boolean stayAwake) {

	public PipeContainerSettings {
		Assert.hasText(id, "'id' must not be empty");
		Assert.isTrue(maxConnections > 0, "'maxConnections' must be positive");
		Assert.isTrue(maxConcurrentRequests > 0, "'maxConcurrentRequests' must be positive");
		Assert.isTrue(serverOptions.instances() > 0, "'instances' must be positive");
	}

	/**
	 * Start from the defaults.
	 * @param id the id of the pipe
	 * @param address where it listens
	 * @param protocol what is spoken on it
	 * @return a builder
	 */
	public static Builder of(String id, PipeAddress address, PipeProtocol protocol) {
		return new Builder(id, address, protocol);
	}

	/**
	 * Builds the settings; what is not set has its default.
	 */
	public static final class Builder {

		private final String id;

		private final PipeAddress address;

		private final PipeProtocol protocol;

		private PipeServerOptions serverOptions = PipeServerOptions.defaults();

		private int maxConnections = 64;

		private @Nullable Integer maxConcurrentRequests;

		private Duration readTimeout = Duration.ofSeconds(30);

		private Duration writeTimeout = Duration.ofSeconds(30);

		private Duration requestTimeout = Duration.ZERO;

		private Duration idleTimeout = Duration.ofMinutes(5);

		private Duration gracePeriod = Duration.ofSeconds(20);

		private boolean autoStartup = true;

		private ImpersonationPolicy impersonationPolicy = ImpersonationPolicy.REQUIRED;

		private boolean virtualThreads;

		private boolean stayAwake;

		private Builder(String id, PipeAddress address, PipeProtocol protocol) {
			this.id = id;
			this.address = address;
			this.protocol = protocol;
		}

		/**
		 * Set how the transport listens.
		 * @param serverOptions the value
		 * @return this
		 */
		public Builder serverOptions(PipeServerOptions serverOptions) {
			this.serverOptions = serverOptions;
			return this;
		}

		/**
		 * Set the most connections at once.
		 * @param maxConnections the value
		 * @return this
		 */
		public Builder maxConnections(int maxConnections) {
			this.maxConnections = maxConnections;
			return this;
		}

		/**
		 * Set the most requests at once, {@code null} for as many as connections.
		 * @param maxConcurrentRequests the value
		 * @return this
		 */
		public Builder maxConcurrentRequests(@Nullable Integer maxConcurrentRequests) {
			this.maxConcurrentRequests = maxConcurrentRequests;
			return this;
		}

		/**
		 * Set how long a client may take to send a request.
		 * @param readTimeout the value
		 * @return this
		 */
		public Builder readTimeout(Duration readTimeout) {
			this.readTimeout = readTimeout;
			return this;
		}

		/**
		 * Set how long a client may take to read a reply.
		 * @param writeTimeout the value
		 * @return this
		 */
		public Builder writeTimeout(Duration writeTimeout) {
			this.writeTimeout = writeTimeout;
			return this;
		}

		/**
		 * Set how long a handler may take.
		 * @param requestTimeout the value
		 * @return this
		 */
		public Builder requestTimeout(Duration requestTimeout) {
			this.requestTimeout = requestTimeout;
			return this;
		}

		/**
		 * Set how long a connection may wait for its next request.
		 * @param idleTimeout the value
		 * @return this
		 */
		public Builder idleTimeout(Duration idleTimeout) {
			this.idleTimeout = idleTimeout;
			return this;
		}

		/**
		 * Set how long a stop waits for requests in flight.
		 * @param gracePeriod the value
		 * @return this
		 */
		public Builder gracePeriod(Duration gracePeriod) {
			this.gracePeriod = gracePeriod;
			return this;
		}

		/**
		 * Set whether the container starts with the application.
		 * @param autoStartup the value
		 * @return this
		 */
		public Builder autoStartup(boolean autoStartup) {
			this.autoStartup = autoStartup;
			return this;
		}

		/**
		 * Set what happens if handlers cannot act as their callers.
		 * @param impersonationPolicy the value
		 * @return this
		 */
		public Builder impersonationPolicy(ImpersonationPolicy impersonationPolicy) {
			this.impersonationPolicy = impersonationPolicy;
			return this;
		}

		/**
		 * Set whether connections are served on virtual threads.
		 * @param virtualThreads the value
		 * @return this
		 */
		public Builder virtualThreads(boolean virtualThreads) {
			this.virtualThreads = virtualThreads;
			return this;
		}

		/**
		 * Set whether a thread keeps a processor awake while one client asks again and
		 * again. On a virtual machine with two processors that nearly doubles the
		 * requests of one client, at the price of a processor that does nothing else
		 * meanwhile; with more processors it does nothing.
		 * @param stayAwake the value
		 * @return this
		 */
		public Builder stayAwake(boolean stayAwake) {
			this.stayAwake = stayAwake;
			return this;
		}

		/**
		 * Build the settings.
		 * @return the settings
		 */
		public PipeContainerSettings build() {
			return new PipeContainerSettings(this.id, this.address, this.protocol, this.serverOptions,
					this.maxConnections, Objects.requireNonNullElse(this.maxConcurrentRequests, this.maxConnections),
					this.readTimeout, this.writeTimeout, this.requestTimeout, this.idleTimeout, this.gracePeriod,
					this.autoStartup, this.impersonationPolicy, this.virtualThreads, this.stayAwake);
		}

	}

}
