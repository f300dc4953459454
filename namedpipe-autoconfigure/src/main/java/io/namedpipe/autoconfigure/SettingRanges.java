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

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MutuallyExclusiveConfigurationPropertiesException;
import org.springframework.util.unit.DataSize;

import io.namedpipe.listener.PipeContainerSettings;
import io.namedpipe.transport.PipeAccess;
import io.namedpipe.transport.smb.SmbPipeConnector.Authentication;

/**
 * The ranges of settings. A value outside of its range is an error that names the
 * property, and the pipe if it belongs to one.
 */
final class SettingRanges {

	static final int MAX_CONNECTIONS = 100_000;

	static final int MAX_INSTANCES = 1_000;

	static final int MAX_RESTARTS = 1_000_000;

	static final int MAX_IMPERSONATION_THREADS = 1_000;

	/** The one above means "none" to the kernel. */
	static final long MAX_UID = 0xFFFF_FFFEL;

	static final int MAX_PORT = 65_535;

	static final Duration MAX_TIME = Duration.ofDays(365);

	static final int MAX_HEADERS = 10_000;

	static final DataSize MAX_HEAD_SIZE = DataSize.ofMegabytes(16);

	static final DataSize MAX_SIZE = DataSize.ofGigabytes(1);

	private final String prefix;

	private final String subject;

	private SettingRanges(String prefix, String subject) {
		this.prefix = prefix;
		this.subject = subject;
	}

	/**
	 * Check all settings.
	 * @param properties the settings
	 * @throws InvalidConfigurationPropertyValueException if one is out of range
	 */
	static void check(NamedPipeProperties properties) {
		check(properties.getServer());
		impersonationThreads(properties.getServer().getImpersonationThreads());
		logLimit(properties.getServer().getLogLimitPerUser());
		check(properties.getClient());
		check(properties.getSmb());
		check(properties.getSamba());
	}

	/**
	 * Check the settings of the server side.
	 * @param server the settings
	 * @throws InvalidConfigurationPropertyValueException if one is out of range
	 */
	static void check(NamedPipeProperties.Server server) {
		new SettingRanges("namedpipe.server.", "for all pipes").check((ListenerProperties) server);
		server.getPipes()
			.forEach((id, pipe) -> new SettingRanges(PropertyNames.ofPipe(id, ""), "for the pipe '%s'".formatted(id))
				.check(pipe));
	}

	/**
	 * Check the settings of the client side.
	 * @param client the settings
	 * @throws InvalidConfigurationPropertyValueException if one is out of range
	 */
	static void check(NamedPipeProperties.Client client) {
		SettingRanges ranges = new SettingRanges("namedpipe.client.", "for clients");
		ranges.time("connect-timeout", client.connectTimeout(), "one attempt");
		ranges.time("wait-for-server", client.waitForServer(), "one attempt");
		ranges.time("request-timeout", client.requestTimeout(), "no limit");
		ranges.time("total-timeout", client.totalTimeout(), "no limit");
		ranges.number("child.max-restarts", client.child().maxRestarts(), 0, MAX_RESTARTS);
		ranges.time("child.restart-delay", client.child().restartDelay(), "no wait");
		ranges.time("child.close-timeout", client.child().closeTimeout(), "no wait");
		ranges.number("pool.max-size", client.pool().maxSize(), MAX_CONNECTIONS);
		ranges.time("pool.max-idle-time", client.pool().maxIdleTime(), "no kept connections");
		ranges.time("pool.acquire-timeout", client.pool().acquireTimeout(), "no wait");
	}

	/**
	 * Check the settings of clients of other machines.
	 * @param smb the settings
	 * @throws InvalidConfigurationPropertyValueException if one is out of range
	 */
	static void check(SmbProperties smb) {
		new SettingRanges("namedpipe.smb.", "for clients of other machines").number("port", smb.port(), MAX_PORT);
		Path keytab = smb.keytab();
		if (keytab != null && smb.authentication() == Authentication.KERBEROS && !Files.isReadable(keytab)) {
			throw new InvalidConfigurationPropertyValueException("namedpipe.smb.keytab", keytab,
					"There is no such file that this process may read.");
		}
	}

	/**
	 * Check the keys of the authorities. A key that is not one of a group may be a name.
	 * @param authorities the authorities
	 * @return the same authorities
	 * @throws InvalidConfigurationPropertyValueException if a key can belong to no user
	 * or group
	 */
	static Map<String, List<String>> authorities(Map<String, List<String>> authorities) {
		authorities.forEach((key, granted) -> {
			if (key.startsWith(PipeAccess.GROUP_PREFIX)
					&& !key.substring(PipeAccess.GROUP_PREFIX.length()).matches("\\d{1,10}")) {
				throw new InvalidConfigurationPropertyValueException("namedpipe.server.authorities[%s]".formatted(key),
						granted, "It must be a number, such as 'group:27': names of groups are not looked up here.");
			}
		});
		return authorities;
	}

	/**
	 * Check the settings of pipes behind Samba.
	 * @param samba the settings
	 * @throws InvalidConfigurationPropertyValueException if one is out of range, or two
	 * contradict each other
	 */
	static void check(SambaProperties samba) {
		SettingRanges ranges = new SettingRanges("namedpipe.samba.", "for pipes behind Samba");
		ranges.number("peer-uid", samba.peerUid(), 0, MAX_UID);
		MutuallyExclusiveConfigurationPropertiesException.throwIfMultipleNonNullValuesIn((entries) -> {
			entries.put("namedpipe.samba.socket-directory", samba.socketDirectory());
			entries.put("namedpipe.samba.socket-activation", (samba.socketActivation()) ? true : null);
		});
	}

	/**
	 * Check the number of threads that act as clients.
	 * @param threads the number
	 * @return the same number
	 * @throws InvalidConfigurationPropertyValueException if it is out of range
	 */
	static int impersonationThreads(int threads) {
		new SettingRanges("namedpipe.server.", "for all pipes").number("impersonation-threads", threads,
				MAX_IMPERSONATION_THREADS);
		return threads;
	}

	/**
	 * Check the size of the log lines of one user.
	 * @param limit the size
	 * @return the number of bytes
	 * @throws InvalidConfigurationPropertyValueException if it is out of range
	 */
	static int logLimit(DataSize limit) {
		new SettingRanges("namedpipe.server.", "for all pipes").size("log-limit-per-user", limit,
				DataSize.ofKilobytes(1));
		return (int) limit.toBytes();
	}

	private void check(ListenerProperties pipe) {
		number("instances", pipe.getInstances(), MAX_INSTANCES);
		number("max-connections", pipe.getMaxConnections(), MAX_CONNECTIONS);
		number("reserved-connections", pipe.getReservedConnections(), 0, MAX_CONNECTIONS - 1);
		number("max-connections-per-user", pipe.getMaxConnectionsPerUser(), MAX_CONNECTIONS);
		number("max-concurrent-requests-per-user", pipe.getMaxConcurrentRequestsPerUser(), MAX_CONNECTIONS);
		number("max-concurrent-requests", pipe.getMaxConcurrentRequests(), MAX_CONNECTIONS);
		time("read-timeout", pipe.getReadTimeout(), "no limit");
		time("write-timeout", pipe.getWriteTimeout(), "no limit");
		time("request-timeout", pipe.getRequestTimeout(), "no limit");
		time("idle-timeout", pipe.getIdleTimeout(), "no limit");
		time("total-timeout", pipe.getTotalTimeout(), "no limit");
		time("identity-max-age", pipe.getIdentityMaxAge(), "never");
		time("grace-period", pipe.getGracePeriod(), "no wait");
		size("in-buffer-size", pipe.getInBufferSize(), DataSize.ofBytes(0));
		size("out-buffer-size", pipe.getOutBufferSize(), DataSize.ofBytes(0));
		size("max-message-size", pipe.getMaxMessageSize(), DataSize.ofBytes(1));
		check(pipe.getHttp());
	}

	private void check(HttpProperties http) {
		size("http.max-head-size", http.maxHeadSize(), DataSize.ofBytes(100), MAX_HEAD_SIZE);
		size("http.max-line-size", http.maxLineSize(), DataSize.ofBytes(100), MAX_HEAD_SIZE);
		number("http.max-headers", http.maxHeaders(), MAX_HEADERS);
		size("http.max-body-size", http.maxBodySize(), DataSize.ofBytes(0), DataSize.ofTerabytes(1024));
		size("http.max-drained-size", http.maxDrainedSize(), DataSize.ofBytes(0), MAX_SIZE);
		size("http.min-body-rate", http.minBodyRate(), DataSize.ofBytes(0), MAX_SIZE);
	}

	/**
	 * Check that not all connections are reserved.
	 * @param property the name of the property
	 * @param reserved the connections that are reserved, or {@code null} for the default
	 * @param connections all connections, or {@code null} for the default
	 * @throws InvalidConfigurationPropertyValueException if none is left
	 */
	static void reservedConnections(String property, @Nullable Integer reserved, @Nullable Integer connections) {
		int all = (connections != null) ? connections : PipeContainerSettings.DEFAULT_CONNECTIONS;
		if (reserved != null && reserved >= all) {
			throw new InvalidConfigurationPropertyValueException(property, reserved,
					"It must be from 0 to %d: less than 'max-connections', which is %d.".formatted(all - 1, all));
		}
	}

	private void number(String setting, @Nullable Integer value, int maximum) {
		number(setting, value, 1, maximum);
	}

	private void number(String setting, @Nullable Number value, long minimum, long maximum) {
		if (value != null && (value.longValue() < minimum || value.longValue() > maximum)) {
			throw invalid(setting, value, "from %d to %d".formatted(minimum, maximum));
		}
	}

	// What is shorter than a millisecond would be rounded down to zero, which means
	// something else.
	private void time(String setting, @Nullable Duration value, String meaningOfZero) {
		if (value != null && (value.isNegative() || value.compareTo(MAX_TIME) > 0
				|| (!value.isZero() && value.toMillis() == 0))) {
			throw invalid(setting, value, "from 1ms to %dd, or 0 for %s".formatted(MAX_TIME.toDays(), meaningOfZero));
		}
	}

	private void size(String setting, @Nullable DataSize value, DataSize minimum) {
		size(setting, value, minimum, MAX_SIZE);
	}

	private void size(String setting, @Nullable DataSize value, DataSize minimum, DataSize maximum) {
		if (value != null && (value.compareTo(minimum) < 0 || value.compareTo(maximum) > 0)) {
			String most = (maximum.toGigabytes() > 0) ? maximum.toGigabytes() + "GB" : maximum.toMegabytes() + "MB";
			throw invalid(setting, value, "from %s to %s".formatted(minimum, most));
		}
	}

	private InvalidConfigurationPropertyValueException invalid(String setting, Object value, String range) {
		return new InvalidConfigurationPropertyValueException(this.prefix + setting, value,
				"'%s' %s must be %s.".formatted(setting, this.subject, range));
	}

}
