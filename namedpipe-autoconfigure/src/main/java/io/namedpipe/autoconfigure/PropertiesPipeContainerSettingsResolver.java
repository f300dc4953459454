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

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.MutuallyExclusiveConfigurationPropertiesException;
import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

import io.namedpipe.listener.PipeContainerSettings;
import io.namedpipe.listener.PipeContainerSettingsResolver;
import io.namedpipe.listener.PipeListenerStartupException;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.ServerTimeouts;
import io.namedpipe.protocol.streamstring.StreamStringProtocol;
import io.namedpipe.transport.PipeAccess;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeServerOptions;

/**
 * Makes the settings of a pipe from its properties, those of all pipes, and the defaults
 * of the library, in this order.
 */
final class PropertiesPipeContainerSettingsResolver implements PipeContainerSettingsResolver {

	private final NamedPipeProperties.Server server;

	private final PipeProtocols protocols;

	private final Environment environment;

	PropertiesPipeContainerSettingsResolver(NamedPipeProperties.Server server, PipeProtocols protocols,
			Environment environment) {
		this.server = server;
		this.protocols = protocols;
		this.environment = environment;
	}

	@Override
	public Set<String> configuredIds() {
		return Set.copyOf(this.server.getPipes().keySet());
	}

	@Override
	public PipeContainerSettings resolve(String id) {
		NamedPipeProperties.Pipe pipe = this.server.getPipes().getOrDefault(id, new NamedPipeProperties.Pipe());
		String name = (pipe.getName() != null) ? pipe.getName() : id;
		PipeContainerSettings.Builder settings = PipeContainerSettings.of(id, address(id, name), protocol(id, pipe));
		settings.serverOptions(serverOptions(id, pipe));
		settings.virtualThreads(Threading.VIRTUAL.isActive(this.environment));
		settings.timeouts(timeouts(pipe));
		apply(pipe, ListenerProperties::getMaxConnections, settings::maxConnections);
		apply(pipe, ListenerProperties::getMaxConcurrentRequests, settings::maxConcurrentRequests);
		apply(pipe, ListenerProperties::getGracePeriod, settings::gracePeriod);
		apply(pipe, ListenerProperties::getAutoStartup, settings::autoStartup);
		apply(pipe, ListenerProperties::getImpersonation, settings::impersonationPolicy);
		return settings.build();
	}

	private static PipeAddress address(String id, String name) {
		try {
			return PipeAddress.of(name);
		}
		catch (PipeAddressException ex) {
			throw new PipeListenerStartupException(id, name, ex);
		}
	}

	private PipeProtocol protocol(String id, ListenerProperties pipe) {
		String name = value(pipe, ListenerProperties::getProtocol);
		String prefix = "namedpipe.server.pipes.%s.".formatted(id);
		return this.protocols.create(prefix + "protocol", (name != null) ? name : StreamStringProtocol.NAME,
				(setting) -> setting.equals("greeting") ? value(pipe, ListenerProperties::getGreeting)
						: environmentValue(prefix, setting));
	}

	private @Nullable String environmentValue(String prefix, String setting) {
		String own = this.environment.getProperty(prefix + setting);
		return (own != null) ? own : this.environment.getProperty("namedpipe.server." + setting);
	}

	private ServerTimeouts timeouts(ListenerProperties pipe) {
		ServerTimeouts defaults = ServerTimeouts.DEFAULTS;
		return new ServerTimeouts(value(pipe, ListenerProperties::getReadTimeout, defaults.read()),
				value(pipe, ListenerProperties::getWriteTimeout, defaults.write()),
				value(pipe, ListenerProperties::getRequestTimeout, defaults.request()),
				value(pipe, ListenerProperties::getIdleTimeout, defaults.idle()));
	}

	private PipeServerOptions serverOptions(String id, ListenerProperties pipe) {
		PipeServerOptions.Builder options = PipeServerOptions.builder();
		apply(pipe, ListenerProperties::getInstances, options::instances);
		apply(pipe, ListenerProperties::getMode, options::mode);
		apply(pipe, ListenerProperties::getDirection, options::direction);
		apply(pipe, ListenerProperties::getInBufferSize, (size) -> options.inBufferSize(bytes(size)));
		apply(pipe, ListenerProperties::getOutBufferSize, (size) -> options.outBufferSize(bytes(size)));
		apply(pipe, ListenerProperties::getMaxMessageSize, (size) -> options.maxMessageSize(bytes(size)));
		apply(pipe, ListenerProperties::getRejectRemoteClients, options::rejectRemote);
		options.access(access(id, pipe));
		return options.build();
	}

	private PipeAccess access(String id, ListenerProperties pipe) {
		requireOne("namedpipe.server.pipes.%s.".formatted(id), pipe);
		requireOne("namedpipe.server.", this.server);
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

	private static int bytes(DataSize size) {
		return Math.toIntExact(size.toBytes());
	}

	private <T> void apply(ListenerProperties pipe, Getter<T> getter, Consumer<T> setter) {
		T value = value(pipe, getter);
		if (value != null) {
			setter.accept(value);
		}
	}

	private <T> T value(ListenerProperties pipe, Getter<T> getter, T defaultValue) {
		T value = value(pipe, getter);
		return (value != null) ? value : defaultValue;
	}

	private <T> @Nullable T value(ListenerProperties pipe, Getter<T> getter) {
		T own = getter.get(pipe);
		return (own != null) ? own : getter.get(this.server);
	}

	/**
	 * Reads one setting.
	 *
	 * @param <T> the type of the setting
	 */
	@FunctionalInterface
	private interface Getter<T> {

		@Nullable T get(ListenerProperties properties);

	}

}
