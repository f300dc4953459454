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
import io.namedpipe.protocol.ServerTimeouts;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeServerOptions;

/**
 * The settings of one {@link PipeListenerContainer}. Immutable.
 *
 * @param id the id of the pipe
 * @param address the address that the pipe listens on
 * @param protocol the protocol of the pipe
 * @param serverOptions options of the transport; {@link PipeServerOptions#defaults()} if
 * not set
 * @param maxConnections maximum number of connections served at once, 256 if not set;
 * further clients wait, and with a protocol that keeps connections the one that has been
 * idle longest is closed for them
 * @param maxConnectionsPerUser maximum number of connections of one user, a quarter of
 * {@code maxConnections} if not set; has no meaning for the server's own user and root or
 * SYSTEM. Further clients wait, as many as that or 16; those beyond are refused. Where
 * the user is known only when it has sent something, it is refused then
 * @param reservedConnections how many of {@code maxConnections} are for the server's own
 * user and root or SYSTEM alone, a sixteenth if not set
 * @param maxConcurrentRequests maximum number of requests handled at once,
 * {@code maxConnections} if not set; a request over the limit fails as
 * {@link io.namedpipe.protocol.PipeFailure.Code#BUSY}
 * @param maxConcurrentRequestsPerUser maximum number of requests of one user, half of
 * {@code maxConcurrentRequests} if not set; as for connections
 * @param timeouts time limits of connections; {@link ServerTimeouts#DEFAULTS} if not set
 * @param identityMaxAge how long a connection may be kept until its user is looked up
 * again before a request, one minute if not set; zero for never. A user that was removed
 * or has lost a group since it connected is refused, and the connection closed
 * @param gracePeriod time that a stop waits for requests in flight, 20 s if not set
 * @param autoStartup whether the container starts with the application, {@code true} if
 * not set
 * @param impersonationPolicy what happens if handlers should act as their callers and
 * this process cannot act as other users, {@link ImpersonationPolicy#REQUIRED} if not set
 * @param virtualThreads whether connections are served on virtual threads, which need
 * Java 21; {@code false} if not set
 * @since 0.1.0
 */
public record PipeContainerSettings(String id, PipeAddress address, PipeProtocol protocol,
		PipeServerOptions serverOptions, int maxConnections, int maxConnectionsPerUser, int reservedConnections,
		int maxConcurrentRequests, int maxConcurrentRequestsPerUser, ServerTimeouts timeouts, Duration identityMaxAge,
		Duration gracePeriod, boolean autoStartup, ImpersonationPolicy impersonationPolicy, boolean virtualThreads) {

	/** The default number of connections. */
	public static final int DEFAULT_CONNECTIONS = 256;

	static final int RESERVED_FRACTION = 16;

	public PipeContainerSettings {
		Assert.hasText(id, "'id' must not be empty");
		Assert.isTrue(maxConnections > 0, "'maxConnections' must be positive");
		Assert.isTrue(maxConnectionsPerUser > 0, "'maxConnectionsPerUser' must be positive");
		Assert.isTrue(reservedConnections >= 0, "'reservedConnections' must not be negative");
		Assert.isTrue(reservedConnections < maxConnections, "'reservedConnections' must be less than 'maxConnections'");
		Assert.isTrue(maxConcurrentRequests > 0, "'maxConcurrentRequests' must be positive");
		Assert.isTrue(maxConcurrentRequestsPerUser > 0, "'maxConcurrentRequestsPerUser' must be positive");
		Assert.isTrue(!identityMaxAge.isNegative(), "'identityMaxAge' must not be negative");
		Assert.isTrue(!gracePeriod.isNegative(), "'gracePeriod' must not be negative");
	}

	/**
	 * Create a builder with the defaults.
	 * @param id the id of the pipe
	 * @param address the address that the pipe listens on
	 * @param protocol the protocol of the pipe
	 * @return the builder
	 */
	public static Builder of(String id, PipeAddress address, PipeProtocol protocol) {
		return new Builder(id, address, protocol);
	}

	/**
	 * Builds the settings. The components of the record describe the settings and their
	 * defaults.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final String id;

		private final PipeAddress address;

		private final PipeProtocol protocol;

		private PipeServerOptions serverOptions = PipeServerOptions.defaults();

		private int maxConnections = DEFAULT_CONNECTIONS;

		private @Nullable Integer maxConnectionsPerUser;

		private @Nullable Integer reservedConnections;

		private @Nullable Integer maxConcurrentRequests;

		private @Nullable Integer maxConcurrentRequestsPerUser;

		private ServerTimeouts timeouts = ServerTimeouts.DEFAULTS;

		private Duration identityMaxAge = Duration.ofMinutes(1);

		private Duration gracePeriod = Duration.ofSeconds(20);

		private boolean autoStartup = true;

		private ImpersonationPolicy impersonationPolicy = ImpersonationPolicy.REQUIRED;

		private boolean virtualThreads;

		private Builder(String id, PipeAddress address, PipeProtocol protocol) {
			this.id = id;
			this.address = address;
			this.protocol = protocol;
		}

		public Builder serverOptions(PipeServerOptions serverOptions) {
			this.serverOptions = serverOptions;
			return this;
		}

		public Builder maxConnections(int maxConnections) {
			this.maxConnections = maxConnections;
			return this;
		}

		public Builder maxConnectionsPerUser(@Nullable Integer maxConnectionsPerUser) {
			this.maxConnectionsPerUser = maxConnectionsPerUser;
			return this;
		}

		public Builder reservedConnections(@Nullable Integer reservedConnections) {
			this.reservedConnections = reservedConnections;
			return this;
		}

		public Builder maxConcurrentRequestsPerUser(@Nullable Integer maxConcurrentRequestsPerUser) {
			this.maxConcurrentRequestsPerUser = maxConcurrentRequestsPerUser;
			return this;
		}

		public Builder maxConcurrentRequests(@Nullable Integer maxConcurrentRequests) {
			this.maxConcurrentRequests = maxConcurrentRequests;
			return this;
		}

		public Builder timeouts(ServerTimeouts timeouts) {
			this.timeouts = timeouts;
			return this;
		}

		public Builder identityMaxAge(Duration identityMaxAge) {
			this.identityMaxAge = identityMaxAge;
			return this;
		}

		public Builder gracePeriod(Duration gracePeriod) {
			this.gracePeriod = gracePeriod;
			return this;
		}

		public Builder autoStartup(boolean autoStartup) {
			this.autoStartup = autoStartup;
			return this;
		}

		public Builder impersonationPolicy(ImpersonationPolicy impersonationPolicy) {
			this.impersonationPolicy = impersonationPolicy;
			return this;
		}

		public Builder virtualThreads(boolean virtualThreads) {
			this.virtualThreads = virtualThreads;
			return this;
		}

		/**
		 * Build the settings.
		 * @return the settings
		 * @throws IllegalArgumentException if a value is not valid
		 */
		public PipeContainerSettings build() {
			int connections = this.maxConnections;
			int requests = Objects.requireNonNullElse(this.maxConcurrentRequests, connections);
			return new PipeContainerSettings(this.id, this.address, this.protocol, this.serverOptions, connections,
					Objects.requireNonNullElse(this.maxConnectionsPerUser, fraction(connections, 4)),
					Objects.requireNonNullElse(this.reservedConnections, connections / RESERVED_FRACTION), requests,
					Objects.requireNonNullElse(this.maxConcurrentRequestsPerUser, fraction(requests, 2)), this.timeouts,
					this.identityMaxAge, this.gracePeriod, this.autoStartup, this.impersonationPolicy,
					this.virtualThreads);
		}

		private static int fraction(int limit, int parts) {
			return (limit + parts - 1) / parts;
		}

	}

}
