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
import org.springframework.util.unit.DataSize;

import io.namedpipe.listener.PipeContainerSettings;
import io.namedpipe.listener.PipeContainerSettingsResolver;
import io.namedpipe.listener.PipeListenerStartupException;
import io.namedpipe.protocol.PipeProtocol;
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

	private final PipeProtocolFactory protocols;

	private final boolean virtualThreads;

	PropertiesPipeContainerSettingsResolver(NamedPipeProperties.Server server, PipeProtocolFactory protocols,
			boolean virtualThreads) {
		this.server = server;
		this.protocols = protocols;
		this.virtualThreads = virtualThreads;
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
		settings.virtualThreads(this.virtualThreads);
		apply(pipe, ListenerProperties::getMaxConnections, settings::maxConnections);
		apply(pipe, ListenerProperties::getMaxConcurrentRequests, settings::maxConcurrentRequests);
		apply(pipe, ListenerProperties::getReadTimeout, settings::readTimeout);
		apply(pipe, ListenerProperties::getWriteTimeout, settings::writeTimeout);
		apply(pipe, ListenerProperties::getRequestTimeout, settings::requestTimeout);
		apply(pipe, ListenerProperties::getIdleTimeout, settings::idleTimeout);
		apply(pipe, ListenerProperties::getGracePeriod, settings::gracePeriod);
		apply(pipe, ListenerProperties::getAutoStartup, settings::autoStartup);
		apply(pipe, ListenerProperties::getStayAwake, settings::stayAwake);
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
		return this.protocols.get("namedpipe.server.pipes.%s.protocol".formatted(id),
				(name != null) ? name : StreamStringProtocol.NAME, value(pipe, ListenerProperties::getGreeting));
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
