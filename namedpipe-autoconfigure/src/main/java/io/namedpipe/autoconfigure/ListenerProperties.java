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

package io.namedpipe.autoconfigure;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.util.unit.DataSize;

import io.namedpipe.listener.ImpersonationPolicy;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeMode;

/**
 * Settings that a pipe has, or takes from all pipes: those of {@code namedpipe.server}
 * are the defaults of those of {@code namedpipe.server.pipes.<id>}.
 *
 * @since 0.1.0
 */
public class ListenerProperties {

	/**
	 * Protocol of the pipe: "http", "stream-string" or "raw". By default "http".
	 */
	private @Nullable String protocol;

	/**
	 * Text that the server sends first, in the stream-string protocol. By default "I am
	 * the one true server!".
	 */
	private @Nullable String greeting;

	/**
	 * Number of clients that can be waited for at once: instances of the pipe on Windows,
	 * threads elsewhere. By default 4.
	 */
	private @Nullable Integer instances;

	/**
	 * Maximum number of connections served at once, by default 256. Further clients wait;
	 * idle connections are closed for them where the protocol keeps connections.
	 */
	private @Nullable Integer maxConnections;

	/**
	 * Maximum number of connections of one user. Further clients of the user wait, and
	 * are refused if too many wait. Not for the server's own user, root and SYSTEM. By
	 * default a quarter of all connections.
	 */
	private @Nullable Integer maxConnectionsPerUser;

	/**
	 * Number of connections that only the server's own user, root and SYSTEM can use. By
	 * default a sixteenth of all connections.
	 */
	private @Nullable Integer reservedConnections;

	/**
	 * Maximum number of requests of one user handled at once. Further requests are
	 * answered as busy. Not for the server's own user, root and SYSTEM. By default half
	 * of all requests.
	 */
	private @Nullable Integer maxConcurrentRequestsPerUser;

	/**
	 * Maximum number of requests handled at once. Further requests are answered as busy.
	 * By default the number of connections.
	 */
	private @Nullable Integer maxConcurrentRequests;

	/**
	 * Time a client may take to send a request, or the next part of a body that is a
	 * stream. By default 30 seconds; zero for no limit.
	 */
	private @Nullable Duration readTimeout;

	/**
	 * Time in which a client must take the next part of a reply. By default 30 seconds;
	 * zero for no limit.
	 */
	private @Nullable Duration writeTimeout;

	/**
	 * Time a handler may take. By default zero, for no limit.
	 */
	private @Nullable Duration requestTimeout;

	/**
	 * Time a connection may wait for its next request. By default 5 minutes; zero for no
	 * limit.
	 */
	private @Nullable Duration idleTimeout;

	/**
	 * Time from the first byte of a request to the last one of its reply. By default
	 * zero, for no limit.
	 */
	private @Nullable Duration totalTimeout;

	/**
	 * Time for which a connection may be kept until its user is looked up again before a
	 * request. By default 1 minute; zero for never.
	 */
	private @Nullable Duration identityMaxAge;

	/**
	 * Time that requests in flight have to finish when the pipe stops. By default 20
	 * seconds.
	 */
	private @Nullable Duration gracePeriod;

	/**
	 * Whether the pipe opens with the application, which it does by default.
	 */
	private @Nullable Boolean autoStartup;

	/**
	 * Whether the pipe carries bytes or messages, on Windows. By default bytes.
	 */
	private @Nullable PipeMode mode;

	/**
	 * Direction of the bytes, seen from the server. By default "duplex"; one way with the
	 * raw protocol alone.
	 */
	private @Nullable PipeDirection direction;

	/**
	 * Size of the buffer towards the server, a hint. By default 64KB.
	 */
	private @Nullable DataSize inBufferSize;

	/**
	 * Size of the buffer towards the client, a hint. By default 64KB.
	 */
	private @Nullable DataSize outBufferSize;

	/**
	 * Maximum size of a message that is read, in message mode. By default 16MB.
	 */
	private @Nullable DataSize maxMessageSize;

	/**
	 * Users that may connect: "current-user", "authenticated", user names, "group:NAME",
	 * numeric ids or SIDs. By default "current-user".
	 */
	private @Nullable List<String> allowed;

	/**
	 * Security descriptor of the pipe on Windows, instead of "allowed". By default none.
	 */
	private @Nullable String sddl;

	/**
	 * Whether clients on other machines are refused, which they are by default.
	 */
	private @Nullable Boolean rejectRemoteClients;

	/**
	 * What happens at start-up if handlers act as their callers, and this process cannot
	 * act as other users. By default "required".
	 */
	private @Nullable ImpersonationPolicy impersonation;

	/**
	 * Limits of the http protocol.
	 */
	@NestedConfigurationProperty
	private HttpProperties http = new HttpProperties(null, null, null, null, null, null);

	public HttpProperties getHttp() {
		return this.http;
	}

	public void setHttp(HttpProperties http) {
		this.http = http;
	}

	public @Nullable ImpersonationPolicy getImpersonation() {
		return this.impersonation;
	}

	public void setImpersonation(@Nullable ImpersonationPolicy impersonation) {
		this.impersonation = impersonation;
	}

	public @Nullable String getProtocol() {
		return this.protocol;
	}

	public void setProtocol(@Nullable String protocol) {
		this.protocol = protocol;
	}

	public @Nullable String getGreeting() {
		return this.greeting;
	}

	public void setGreeting(@Nullable String greeting) {
		this.greeting = greeting;
	}

	public @Nullable Integer getInstances() {
		return this.instances;
	}

	public void setInstances(@Nullable Integer instances) {
		this.instances = instances;
	}

	public @Nullable Integer getMaxConnections() {
		return this.maxConnections;
	}

	public void setMaxConnections(@Nullable Integer maxConnections) {
		this.maxConnections = maxConnections;
	}

	public @Nullable Integer getMaxConnectionsPerUser() {
		return this.maxConnectionsPerUser;
	}

	public void setMaxConnectionsPerUser(@Nullable Integer maxConnectionsPerUser) {
		this.maxConnectionsPerUser = maxConnectionsPerUser;
	}

	public @Nullable Integer getReservedConnections() {
		return this.reservedConnections;
	}

	public void setReservedConnections(@Nullable Integer reservedConnections) {
		this.reservedConnections = reservedConnections;
	}

	public @Nullable Integer getMaxConcurrentRequestsPerUser() {
		return this.maxConcurrentRequestsPerUser;
	}

	public void setMaxConcurrentRequestsPerUser(@Nullable Integer maxConcurrentRequestsPerUser) {
		this.maxConcurrentRequestsPerUser = maxConcurrentRequestsPerUser;
	}

	public @Nullable Integer getMaxConcurrentRequests() {
		return this.maxConcurrentRequests;
	}

	public void setMaxConcurrentRequests(@Nullable Integer maxConcurrentRequests) {
		this.maxConcurrentRequests = maxConcurrentRequests;
	}

	public @Nullable Duration getReadTimeout() {
		return this.readTimeout;
	}

	public void setReadTimeout(@Nullable Duration readTimeout) {
		this.readTimeout = readTimeout;
	}

	public @Nullable Duration getWriteTimeout() {
		return this.writeTimeout;
	}

	public void setWriteTimeout(@Nullable Duration writeTimeout) {
		this.writeTimeout = writeTimeout;
	}

	public @Nullable Duration getRequestTimeout() {
		return this.requestTimeout;
	}

	public void setRequestTimeout(@Nullable Duration requestTimeout) {
		this.requestTimeout = requestTimeout;
	}

	public @Nullable Duration getIdleTimeout() {
		return this.idleTimeout;
	}

	public void setIdleTimeout(@Nullable Duration idleTimeout) {
		this.idleTimeout = idleTimeout;
	}

	public @Nullable Duration getTotalTimeout() {
		return this.totalTimeout;
	}

	public void setTotalTimeout(@Nullable Duration totalTimeout) {
		this.totalTimeout = totalTimeout;
	}

	public @Nullable Duration getIdentityMaxAge() {
		return this.identityMaxAge;
	}

	public void setIdentityMaxAge(@Nullable Duration identityMaxAge) {
		this.identityMaxAge = identityMaxAge;
	}

	public @Nullable Duration getGracePeriod() {
		return this.gracePeriod;
	}

	public void setGracePeriod(@Nullable Duration gracePeriod) {
		this.gracePeriod = gracePeriod;
	}

	public @Nullable Boolean getAutoStartup() {
		return this.autoStartup;
	}

	public void setAutoStartup(@Nullable Boolean autoStartup) {
		this.autoStartup = autoStartup;
	}

	public @Nullable PipeMode getMode() {
		return this.mode;
	}

	public void setMode(@Nullable PipeMode mode) {
		this.mode = mode;
	}

	public @Nullable PipeDirection getDirection() {
		return this.direction;
	}

	public void setDirection(@Nullable PipeDirection direction) {
		this.direction = direction;
	}

	public @Nullable DataSize getInBufferSize() {
		return this.inBufferSize;
	}

	public void setInBufferSize(@Nullable DataSize inBufferSize) {
		this.inBufferSize = inBufferSize;
	}

	public @Nullable DataSize getOutBufferSize() {
		return this.outBufferSize;
	}

	public void setOutBufferSize(@Nullable DataSize outBufferSize) {
		this.outBufferSize = outBufferSize;
	}

	public @Nullable DataSize getMaxMessageSize() {
		return this.maxMessageSize;
	}

	public void setMaxMessageSize(@Nullable DataSize maxMessageSize) {
		this.maxMessageSize = maxMessageSize;
	}

	public @Nullable List<String> getAllowed() {
		return this.allowed;
	}

	public void setAllowed(@Nullable List<String> allowed) {
		this.allowed = allowed;
	}

	public @Nullable String getSddl() {
		return this.sddl;
	}

	public void setSddl(@Nullable String sddl) {
		this.sddl = sddl;
	}

	public @Nullable Boolean getRejectRemoteClients() {
		return this.rejectRemoteClients;
	}

	public void setRejectRemoteClients(@Nullable Boolean rejectRemoteClients) {
		this.rejectRemoteClients = rejectRemoteClients;
	}

}
