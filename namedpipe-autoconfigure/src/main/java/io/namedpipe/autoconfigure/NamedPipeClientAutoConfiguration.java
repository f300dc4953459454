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

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

import io.namedpipe.client.PipeClientListener;
import io.namedpipe.client.PipeOperations;
import io.namedpipe.client.PipeTemplate;
import io.namedpipe.client.PipeTemplateBuilder;
import io.namedpipe.deadline.Deadlines;
import io.namedpipe.transport.CompositePipeConnector;
import io.namedpipe.transport.ExpectedServer;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeConnector;

/**
 * {@link AutoConfiguration Auto-configuration} for calling pipes: a
 * {@link PipeTemplateBuilder}, and a {@link PipeTemplate} for the default pipe.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = NamedPipeAutoConfiguration.class)
@ConditionalOnBean(PipeConnector.class)
@ConditionalOnBooleanProperty(name = "namedpipe.client.enabled", matchIfMissing = true)
public final class NamedPipeClientAutoConfiguration {

	NamedPipeClientAutoConfiguration() {
	}

	@Bean(destroyMethod = "close")
	Deadlines pipeClientDeadlines() {
		return new Deadlines("pipe-client-deadlines");
	}

	@Bean
	@ConditionalOnMissingBean
	PipeTemplateBuilder pipeTemplateBuilder(ObjectProvider<PipeConnector> connectors, NamedPipeProperties properties,
			PipeProtocols protocols, Environment environment, Deadlines pipeClientDeadlines,
			ObjectProvider<PipeClientListener> listeners) {
		NamedPipeProperties.Client client = properties.getClient();
		PipeTemplateBuilder builder = PipeTemplate.builder(connector(connectors), pipeClientDeadlines)
			.protocol(protocols.create("namedpipe.client.protocol", client.getProtocol(),
					(setting) -> environment.getProperty("namedpipe.client." + setting)))
			.options(options(client))
			.requestTimeout(client.getRequestTimeout())
			.listeners(listeners.orderedStream().toList());
		String pipe = client.getDefaultPipe();
		return (pipe != null) ? builder.address(address(pipe, properties)) : builder;
	}

	private static PipeConnector connector(ObjectProvider<PipeConnector> connectors) {
		List<PipeConnector> all = connectors.orderedStream().toList();
		return (all.size() == 1) ? all.get(0) : new CompositePipeConnector(all);
	}

	private static PipeClientOptions options(NamedPipeProperties.Client client) {
		return PipeClientOptions.builder()
			.connectTimeout(client.getConnectTimeout())
			.waitForServer(client.getWaitForServer())
			.impersonationLevel(client.getImpersonationLevel())
			.expectedServer(new ExpectedServer(client.getExpectedServer()))
			.build();
	}

	private static PipeAddress address(String pipe, NamedPipeProperties properties) {
		NamedPipeProperties.Pipe served = properties.getServer().getPipes().get(pipe);
		String name = (served != null && served.getName() != null) ? served.getName() : pipe;
		boolean full = name.startsWith("\\\\") || name.startsWith("/");
		return full ? PipeAddress.of(name) : PipeAddress.of(properties.getClient().getServer(), name);
	}

	@Bean
	@ConditionalOnMissingBean(PipeOperations.class)
	@ConditionalOnProperty("namedpipe.client.default-pipe")
	PipeTemplate pipeTemplate(PipeTemplateBuilder builder) {
		return builder.build();
	}

}
