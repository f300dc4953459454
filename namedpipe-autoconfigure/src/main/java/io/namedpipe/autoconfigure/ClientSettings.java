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
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;

import io.namedpipe.handler.PipeEndpoints;
import io.namedpipe.handler.PipeIds;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.transport.ExpectedServer;
import io.namedpipe.transport.PipeAccessRuleException;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeConnector;

/**
 * The settings of the client side. Where the default pipe is one that this application
 * serves, the client has the settings of that pipe. Errors are found here, and not by the
 * first request.
 */
final class ClientSettings {

	private static final String DEFAULT_PIPE = "namedpipe.client.default-pipe";

	private static final String EXPECTED_SERVER = "namedpipe.client.expected-server";

	private final NamedPipeProperties.Client client;

	private final Environment environment;

	private final NamedPipeProperties.Server server;

	/** The id of the default pipe, if this application serves it. */
	private final @Nullable String servedId;

	private final ConfigurableListableBeanFactory beanFactory;

	ClientSettings(NamedPipeProperties properties, ConfigurableListableBeanFactory beanFactory,
			Environment environment) {
		SettingRanges.check(properties.getClient());
		this.client = properties.getClient();
		this.server = properties.getServer();
		this.environment = environment;
		this.beanFactory = beanFactory;
		this.servedId = servedId();
	}

	private @Nullable String servedId() {
		String pipe = this.client.defaultPipe();
		if (pipe == null) {
			return null;
		}
		Set<String> configured = this.server.getPipes().keySet();
		// A pipe need not be configured if it is the only one.
		return PipeIds.find(pipe, configured.isEmpty() ? endpointIds() : configured);
	}

	private Set<String> endpointIds() {
		return this.server.isEnabled() ? PipeEndpoints.ids(this.beanFactory, this.server.getPipes().keySet())
				: Set.of();
	}

	private MergedProperties servedPipe() {
		ListenerProperties none = new ListenerProperties();
		return (this.servedId != null) ? new MergedProperties(this.server.pipe(this.servedId), this.server)
				: new MergedProperties(none, none);
	}

	PipeProtocol protocol(PipeProtocols protocols) {
		MergedProperties pipe = servedPipe();
		String name = this.client.protocol();
		return protocols.create((name != null) ? name : pipe.get(ListenerProperties::getProtocol, HttpProtocol.NAME),
				this::property, (setting) -> protocolSetting(setting, pipe));
	}

	private String property(String setting) {
		String own = "namedpipe.client." + setting;
		return (this.servedId == null || this.environment.containsProperty(own)) ? own
				: PropertyNames.ofPipe(this.servedId, setting);
	}

	private @Nullable String protocolSetting(String setting, MergedProperties pipe) {
		String own = setting.equals("greeting") ? this.client.greeting()
				: this.environment.getProperty("namedpipe.client." + setting);
		return (own != null || this.servedId == null) ? own : PropertiesPipeContainerSettingsResolver
			.protocolSetting(this.environment, this.servedId, pipe, setting);
	}

	PipeClientOptions options(PipeConnector connector) {
		PipeClientOptions.Builder options = PipeClientOptions.builder()
			.connectTimeout(this.client.connectTimeout())
			.waitForServer(this.client.waitForServer())
			.impersonationLevel(this.client.impersonationLevel())
			.expectedServer(expectedServer(connector));
		MergedProperties pipe = servedPipe();
		pipe.apply(ListenerProperties::getMode, options::mode);
		pipe.apply(ListenerProperties::getDirection, options::direction);
		pipe.apply(ListenerProperties::getMaxMessageSize,
				(size) -> options.maxMessageSize(PropertiesPipeContainerSettingsResolver.bytes(size)));
		return options.build();
	}

	private ExpectedServer expectedServer(PipeConnector connector) {
		List<String> owners = Objects.requireNonNullElseGet(this.client.expectedServer(),
				() -> ExpectedServer.trusted().owners());
		if (owners.isEmpty()) {
			throw new InvalidConfigurationPropertyValueException(EXPECTED_SERVER, "",
					"No server could be accepted. Use 'any' to accept every server.");
		}
		for (int i = 0; i < owners.size(); i++) {
			try {
				connector.verify(ExpectedServer.of(owners.get(i)));
			}
			catch (PipeAccessRuleException ex) {
				String element = "%s[%d]".formatted(EXPECTED_SERVER, i);
				throw new InvalidConfigurationPropertyValueException(
						this.environment.containsProperty(element) ? element : EXPECTED_SERVER, owners.get(i),
						String.valueOf(ex.getMessage()), ex);
			}
		}
		try {
			return new ExpectedServer(owners);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException(EXPECTED_SERVER, owners,
					"'any' accepts every server: name it alone, or the others.", ex);
		}
	}

	/**
	 * The address of the default pipe.
	 * @param connector will connect to it
	 * @return the address, {@code null} if there is no default pipe
	 */
	@Nullable PipeAddress address(PipeConnector connector) {
		String pipe = this.client.defaultPipe();
		if (pipe == null) {
			return null;
		}
		String name = (this.servedId != null) ? servedName(this.servedId) : pipe;
		boolean full = name.startsWith("\\\\") || name.startsWith("/");
		try {
			PipeAddress address = full ? PipeAddress.of(name) : PipeAddress.of(this.client.server(), name);
			connector.verify(address);
			return address;
		}
		catch (PipeAddressException ex) {
			String server = this.client.server();
			boolean wrongServer = !full && isAccepted(connector, name);
			throw new InvalidConfigurationPropertyValueException(wrongServer ? "namedpipe.client.server" : DEFAULT_PIPE,
					wrongServer ? server : pipe, String.valueOf(ex.getMessage()), ex);
		}
	}

	// As the server has it: by default the id, as the endpoint spells it.
	private String servedName(String id) {
		String name = this.server.pipe(id).getName();
		if (name != null) {
			return name;
		}
		String endpoint = PipeIds.find(id, endpointIds());
		return (endpoint != null) ? endpoint : id;
	}

	private static boolean isAccepted(PipeConnector connector, String name) {
		try {
			connector.verify(PipeAddress.of(name));
			return true;
		}
		catch (PipeAddressException ex) {
			return false;
		}
	}

}
