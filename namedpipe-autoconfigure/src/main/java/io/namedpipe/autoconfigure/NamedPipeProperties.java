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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

import io.namedpipe.listener.LogBudget;
import io.namedpipe.transport.ImpersonationLevel;

/**
 * Properties of named pipes.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("namedpipe")
public class NamedPipeProperties {

	/**
	 * Whether named pipes are configured at all.
	 */
	private boolean enabled = true;

	/**
	 * Transport of all pipes. By default the operating system's own.
	 */
	private Transport transport = Transport.AUTO;

	@NestedConfigurationProperty
	private UnixProperties unix = new UnixProperties(null, false, false, false);

	@NestedConfigurationProperty
	private SmbProperties smb = defaults(SmbProperties.class);

	@NestedConfigurationProperty
	private SambaProperties samba = new SambaProperties(null, false, 0);

	private final Server server = new Server();

	private Client client = defaults(Client.class);

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public Transport getTransport() {
		return this.transport;
	}

	public void setTransport(Transport transport) {
		this.transport = transport;
	}

	public UnixProperties getUnix() {
		return this.unix;
	}

	public void setUnix(UnixProperties unix) {
		this.unix = unix;
	}

	public SmbProperties getSmb() {
		return this.smb;
	}

	public void setSmb(SmbProperties smb) {
		this.smb = smb;
	}

	public SambaProperties getSamba() {
		return this.samba;
	}

	public void setSamba(SambaProperties samba) {
		this.samba = samba;
	}

	public Server getServer() {
		return this.server;
	}

	public Client getClient() {
		return this.client;
	}

	public void setClient(Client client) {
		this.client = client;
	}

	/**
	 * Make settings of which nothing is set.
	 * @param <T> the type of the settings
	 * @param type a record, whose annotations have the defaults
	 * @return the defaults
	 */
	private static <T> T defaults(Class<T> type) {
		return new Binder().bindOrCreate("defaults", type);
	}

	/**
	 * The transports.
	 *
	 * @since 0.1.0
	 */
	public enum Transport {

		/** The operating system's own: Windows pipes, or Unix-domain sockets. */
		AUTO,

		/** Unix-domain sockets. */
		UNIX,

		/** The kernel's pipes of Windows. */
		WINDOWS,

		/** Inside this JVM. */
		MEMORY

	}

	/**
	 * Settings of the server side, and defaults of every pipe.
	 *
	 * @since 0.1.0
	 */
	public static class Server extends ListenerProperties {

		/**
		 * Whether pipes are served at all.
		 */
		private boolean enabled = true;

		/**
		 * Number of threads that run code as clients: all such code on Linux with Java 21
		 * and later, otherwise that of virtual threads and other threads that are not the
		 * pipe's own.
		 */
		private int impersonationThreads = 64;

		/**
		 * Size of the log lines that one user can cause in a minute, by default 48KB.
		 * Further lines are counted and left out.
		 */
		private DataSize logLimitPerUser = DataSize.ofBytes(LogBudget.DEFAULT_BYTES);

		/**
		 * Authorities that Spring Security gives to callers, by user name, uid,
		 * "group:GID" or SID.
		 */
		private final Map<String, List<String>> authorities = new LinkedHashMap<>();

		/**
		 * Pipes by their ids, which @PipeEndpoint names.
		 */
		private final Map<String, Pipe> pipes = new LinkedHashMap<>();

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public int getImpersonationThreads() {
			return this.impersonationThreads;
		}

		public void setImpersonationThreads(int impersonationThreads) {
			this.impersonationThreads = impersonationThreads;
		}

		public DataSize getLogLimitPerUser() {
			return this.logLimitPerUser;
		}

		public void setLogLimitPerUser(DataSize logLimitPerUser) {
			this.logLimitPerUser = logLimitPerUser;
		}

		public Map<String, List<String>> getAuthorities() {
			return this.authorities;
		}

		public Map<String, Pipe> getPipes() {
			return this.pipes;
		}

		// A pipe need not be configured.
		Pipe pipe(String id) {
			return this.pipes.getOrDefault(id, new Pipe());
		}

	}

	/**
	 * Settings of one pipe.
	 *
	 * @since 0.1.0
	 */
	public static class Pipe extends ListenerProperties {

		/**
		 * Name of the pipe, or the absolute path of a socket. By default the id.
		 */
		private @Nullable String name;

		public @Nullable String getName() {
			return this.name;
		}

		public void setName(@Nullable String name) {
			this.name = name;
		}

	}

	/**
	 * Settings of the client side.
	 *
	 * @param enabled Whether the client side is configured.
	 * @param defaultPipe Pipe of the default template: a name, a full address, or the id
	 * of a pipe of this application's server. By default none.
	 * @param server Machine of the default pipe.
	 * @param protocol Protocol of the default template. By default that of the pipe if it
	 * is one of this application, or else "http".
	 * @param greeting Greeting that is expected, in the stream-string protocol. By
	 * default that of the pipe if it is one of this application, or else "I am the one
	 * true server!".
	 * @param connectTimeout Time to try to connect while the server is busy, and then to
	 * wait for its greeting. Zero for one attempt.
	 * @param waitForServer Time to try to connect while no server listens. Zero for one
	 * attempt.
	 * @param requestTimeout Time for which a request may make no progress, once
	 * connected. Zero for no limit.
	 * @param totalTimeout Time for a whole request, once connected, including the reading
	 * of a streamed reply. Zero for no limit.
	 * @param impersonationLevel What the server may do with the identity of this client,
	 * on Windows.
	 * @param expectedServer Users that may own the server: "current-user", "system",
	 * "any", user names, numeric ids or SIDs. By default the current user and the system.
	 * @param pool connections that a template keeps
	 * @param child child process that the client starts
	 * @since 0.1.0
	 */
	public record Client(@DefaultValue("true") boolean enabled, @Nullable String defaultPipe,
			@DefaultValue(".") String server, @Nullable String protocol, @Nullable String greeting,
			@DefaultValue("2s") Duration connectTimeout, @DefaultValue("0") Duration waitForServer,
			@DefaultValue("30s") Duration requestTimeout, @DefaultValue("0") Duration totalTimeout,
			@DefaultValue("identification") ImpersonationLevel impersonationLevel,
			@Nullable List<String> expectedServer, @NestedConfigurationProperty @DefaultValue ClientPoolProperties pool,
			@NestedConfigurationProperty @DefaultValue ClientChildProperties child) {

	}

}
