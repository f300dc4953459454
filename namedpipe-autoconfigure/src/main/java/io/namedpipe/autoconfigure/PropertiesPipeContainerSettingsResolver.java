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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.MutuallyExclusiveConfigurationPropertiesException;
import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

import io.namedpipe.handler.PipeIds;
import io.namedpipe.listener.PipeContainerSettings;
import io.namedpipe.listener.PipeContainerSettingsResolver;
import io.namedpipe.listener.PipeListenerStartupException;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.ServerTimeouts;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.transport.PipeAccess;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeServerOptions;
import io.namedpipe.transport.anonymous.ParentPipeListener;
import io.namedpipe.transport.windows.WindowsPipeTransport;

/**
 * Makes the settings of a pipe from its properties, those of all pipes, and the defaults
 * of the library, in this order.
 */
final class PropertiesPipeContainerSettingsResolver implements PipeContainerSettingsResolver {

	private final NamedPipeProperties.Server server;

	private final PipeProtocols protocols;

	private final Environment environment;

	private final Map<String, String> idsByName = new ConcurrentHashMap<>();

	PropertiesPipeContainerSettingsResolver(NamedPipeProperties.Server server, PipeProtocols protocols,
			Environment environment) {
		SettingRanges.check(server);
		PipeSpellings.check(environment);
		this.server = server;
		this.protocols = protocols;
		this.environment = environment;
	}

	// A pipe in a file of properties and in an environment variable has two spellings.
	@Override
	public Set<String> configuredIds() {
		Set<String> ids = new LinkedHashSet<>();
		for (String id : this.server.getPipes().keySet()) {
			String other = PipeIds.find(id, ids);
			if (other == null || id.length() > other.length()) {
				ids.remove(other);
				ids.add(id);
			}
		}
		return ids;
	}

	@Override
	public PipeContainerSettings resolve(String id) {
		String configured = PipeIds.find(id, this.server.getPipes().keySet());
		String key = (configured != null) ? configured : id;
		NamedPipeProperties.Pipe own = this.server.pipe(key);
		MergedProperties pipe = new MergedProperties(own, this.server);
		String name = (own.getName() != null) ? own.getName() : id;
		PipeContainerSettings.Builder settings = PipeContainerSettings.of(id, address(key, name), protocol(key, pipe));
		settings.serverOptions(serverOptions(key, pipe));
		settings.virtualThreads(Threading.VIRTUAL.isActive(this.environment));
		settings.timeouts(timeouts(pipe, defaults(name)));
		SettingRanges.reservedConnections(PropertyNames.ofSource(this.environment, key, "reserved-connections"),
				pipe.get(ListenerProperties::getReservedConnections), pipe.get(ListenerProperties::getMaxConnections));
		pipe.apply(ListenerProperties::getMaxConnections, settings::maxConnections);
		pipe.apply(ListenerProperties::getMaxConnectionsPerUser, settings::maxConnectionsPerUser);
		pipe.apply(ListenerProperties::getReservedConnections, settings::reservedConnections);
		pipe.apply(ListenerProperties::getMaxConcurrentRequestsPerUser, settings::maxConcurrentRequestsPerUser);
		pipe.apply(ListenerProperties::getMaxConcurrentRequests, settings::maxConcurrentRequests);
		pipe.apply(ListenerProperties::getIdentityMaxAge, settings::identityMaxAge);
		pipe.apply(ListenerProperties::getGracePeriod, settings::gracePeriod);
		pipe.apply(ListenerProperties::getAutoStartup, settings::autoStartup);
		pipe.apply(ListenerProperties::getImpersonation, settings::impersonationPolicy);
		return settings.build();
	}

	private PipeAddress address(String id, String name) {
		try {
			PipeAddress address = PipeAddress.of(name);
			// Windows does not tell names apart by case.
			String key = WindowsPipeTransport.isAvailable() ? address.toUnc().toLowerCase(Locale.ROOT)
					: address.toUnc();
			String other = this.idsByName.putIfAbsent(key, id);
			if (other != null && !other.equals(id)) {
				throw new PipeListenerStartupException(id, name, new DuplicatePipeException(name, other));
			}
			return address;
		}
		catch (PipeAddressException ex) {
			throw new PipeListenerStartupException(id, name, ex);
		}
	}

	private PipeProtocol protocol(String id, MergedProperties pipe) {
		String name = pipe.get(ListenerProperties::getProtocol, HttpProtocol.NAME);
		return this.protocols.create(name, (setting) -> PropertyNames.ofSource(this.environment, id, setting),
				(setting) -> protocolSetting(this.environment, id, pipe, setting));
	}

	static @Nullable String protocolSetting(Environment environment, String id, MergedProperties pipe, String setting) {
		if (setting.equals("greeting")) {
			return pipe.get(ListenerProperties::getGreeting);
		}
		if (setting.startsWith("http.")) {
			return pipe.get((properties) -> properties.getHttp().get(setting));
		}
		String own = environment.getProperty(PropertyNames.ofPipe(id, setting));
		return (own != null) ? own : environment.getProperty(PropertyNames.ofServer(setting));
	}

	// The parent is the only client, and this process ends with its connection.
	private static ServerTimeouts defaults(String name) {
		return name.equals(ParentPipeListener.PIPE_NAME)
				? ServerTimeouts.DEFAULTS.withRead(Duration.ZERO).withIdle(Duration.ZERO) : ServerTimeouts.DEFAULTS;
	}

	private static ServerTimeouts timeouts(MergedProperties pipe, ServerTimeouts defaults) {
		return new ServerTimeouts(pipe.get(ListenerProperties::getReadTimeout, defaults.read()),
				pipe.get(ListenerProperties::getWriteTimeout, defaults.write()),
				pipe.get(ListenerProperties::getRequestTimeout, defaults.request()),
				pipe.get(ListenerProperties::getIdleTimeout, defaults.idle()),
				pipe.get(ListenerProperties::getTotalTimeout, defaults.total()));
	}

	private PipeServerOptions serverOptions(String id, MergedProperties pipe) {
		PipeServerOptions.Builder options = PipeServerOptions.builder();
		pipe.apply(ListenerProperties::getInstances, options::instances);
		pipe.apply(ListenerProperties::getMode, options::mode);
		pipe.apply(ListenerProperties::getDirection, options::direction);
		pipe.apply(ListenerProperties::getInBufferSize, (size) -> options.inBufferSize(bytes(size)));
		pipe.apply(ListenerProperties::getOutBufferSize, (size) -> options.outBufferSize(bytes(size)));
		pipe.apply(ListenerProperties::getMaxMessageSize, (size) -> options.maxMessageSize(bytes(size)));
		pipe.apply(ListenerProperties::getRejectRemoteClients, options::rejectRemote);
		options.access(access(id, pipe.own()));
		return options.build();
	}

	private PipeAccess access(String id, ListenerProperties pipe) {
		requireOne(PropertyNames.ofPipe(id, ""), pipe);
		requireOne(PropertyNames.ofServer(""), this.server);
		ListenerProperties source = (pipe.getAllowed() != null || pipe.getSddl() != null) ? pipe : this.server;
		if (source.getSddl() != null) {
			return PipeAccess.sddl(source.getSddl());
		}
		List<String> allowed = source.getAllowed();
		return (allowed != null && !allowed.isEmpty()) ? new PipeAccess(allowed, null) : PipeAccess.currentUser();
	}

	private static void requireOne(String prefix, ListenerProperties properties) {
		MutuallyExclusiveConfigurationPropertiesException.throwIfMultipleNonNullValuesIn((entries) -> {
			entries.put(prefix + "allowed", properties.getAllowed());
			entries.put(prefix + "sddl", properties.getSddl());
		});
	}

	static int bytes(DataSize size) {
		return Math.toIntExact(size.toBytes());
	}

}
