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

import java.util.ArrayList;
import java.util.List;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.messaging.converter.MessageConverter;

import io.namedpipe.client.PipeClientListener;
import io.namedpipe.client.PipeClientResources;
import io.namedpipe.client.PipeOperations;
import io.namedpipe.client.PipeTemplate;
import io.namedpipe.client.PipeTemplateBuilder;
import io.namedpipe.client.web.PipeClientHttpRequestFactory;
import io.namedpipe.transport.CompositePipeConnector;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeConnector;
import io.namedpipe.transport.smb.SmbPipeConnector;
import io.namedpipe.transport.unix.UnixPipeTransport;

/**
 * {@link AutoConfiguration Auto-configuration} for calling pipes: a
 * {@link PipeTemplateBuilder}, and, for the default pipe, a {@link PipeTemplate} and,
 * with spring-web, a {@link PipeClientHttpRequestFactory}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = NamedPipeAutoConfiguration.class)
@ConditionalOnBean(PipeConnector.class)
@ConditionalOnSwitch("namedpipe.client.enabled")
public final class NamedPipeClientAutoConfiguration {

	NamedPipeClientAutoConfiguration() {
	}

	@Bean(destroyMethod = "close")
	PipeClientResources pipeClientResources() {
		return new PipeClientResources();
	}

	@Bean
	@Fallback
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	PipeTemplateBuilder pipeTemplateBuilder(ObjectProvider<PipeConnector> connectors, NamedPipeProperties properties,
			PipeProtocols protocols, ConfigurableListableBeanFactory beanFactory, Environment environment,
			PipeClientResources pipeClientResources, ObjectProvider<PipeClientListener> listeners,
			ObjectProvider<MessageConverter> converters) {
		PipeConnector connector = connector(connectors, properties.getSmb());
		ClientSettings settings = new ClientSettings(properties, beanFactory, environment);
		PipeTemplateBuilder builder = PipeTemplate.builder(connector, pipeClientResources)
			.protocol(settings.protocol(protocols))
			.options(settings.options(connector))
			.requestTimeout(properties.getClient().requestTimeout())
			.totalTimeout(properties.getClient().totalTimeout())
			.pool(properties.getClient().pool().options())
			.messageConverters(JsonConverters.after(converters, beanFactory))
			.listeners(listeners.orderedStream().toList());
		PipeAddress address = settings.address(connector);
		return (address != null) ? builder.address(address) : builder;
	}

	private static PipeConnector connector(ObjectProvider<PipeConnector> connectors, SmbProperties smb) {
		SettingRanges.check(smb);
		List<PipeConnector> all = new ArrayList<>(connectors.orderedStream().toList());
		// Windows reaches other machines by itself.
		if (all.stream().anyMatch(UnixPipeTransport.class::isInstance)) {
			all.add(smbConnector(smb));
		}
		return (all.size() == 1) ? all.get(0) : new CompositePipeConnector(all);
	}

	private static SmbPipeConnector smbConnector(SmbProperties smb) {
		return SmbPipeConnector.builder()
			.port(smb.port())
			.username(smb.username())
			.password(smb.password())
			.domain(smb.domain())
			.authentication(smb.authentication())
			.keytab(smb.keytab())
			.encryption(smb.encryption())
			.minimumDialect(smb.minimumDialect())
			.build();
	}

	@Bean
	@Fallback
	@ConditionalOnMissingBean(value = PipeOperations.class, search = SearchStrategy.CURRENT)
	@Conditional(OnDefaultPipe.class)
	PipeTemplate pipeTemplate(PipeTemplateBuilder builder) {
		return builder.build();
	}

	/**
	 * Spring's own HTTP clients over the default pipe.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ClientHttpRequestFactory.class)
	static class Web {

		@Bean
		@Fallback
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		@Conditional(OnDefaultPipe.class)
		PipeClientHttpRequestFactory pipeClientHttpRequestFactory(PipeTemplateBuilder builder) {
			return new PipeClientHttpRequestFactory(builder);
		}

	}

}
