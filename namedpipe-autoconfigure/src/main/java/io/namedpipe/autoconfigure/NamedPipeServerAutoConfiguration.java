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

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.CustomScopeConfigurer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.validation.SmartValidator;

import io.namedpipe.annotation.PipeRequestScope;
import io.namedpipe.handler.CurrentPipeSecurityContext;
import io.namedpipe.handler.PipeEndpoints;
import io.namedpipe.handler.PipeRequestScopeHandler;
import io.namedpipe.listener.PipeContainerSettingsResolver;
import io.namedpipe.listener.PipeEndpointRegistrar;
import io.namedpipe.listener.PipeListenerContainerFactory;
import io.namedpipe.listener.PipeListenerEndpointRegistry;
import io.namedpipe.listener.PipeServerListener;
import io.namedpipe.protocol.PipeExchangeInterceptor;
import io.namedpipe.security.ImpersonationExecutor;
import io.namedpipe.security.PipeSecurityContext;
import io.namedpipe.transport.PipeListener;

/**
 * {@link AutoConfiguration Auto-configuration} for serving pipes.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = NamedPipeAutoConfiguration.class)
@ConditionalOnBean(PipeListener.class)
@ConditionalOnBooleanProperty(name = "namedpipe.server.enabled", matchIfMissing = true)
public final class NamedPipeServerAutoConfiguration {

	NamedPipeServerAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(PipeContainerSettingsResolver.class)
	PropertiesPipeContainerSettingsResolver pipeContainerSettingsResolver(NamedPipeProperties properties,
			PipeProtocols protocols, Environment environment) {
		return new PropertiesPipeContainerSettingsResolver(properties.getServer(), protocols, environment);
	}

	@Bean
	@ConditionalOnMissingBean
	PipeListenerContainerFactory pipeListenerContainerFactory(ObjectProvider<PipeListener> listeners,
			ObjectProvider<PipeServerListener> serverListeners) {
		return new PipeListenerContainerFactory(listeners.orderedStream().toList(),
				serverListeners.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean
	PipeListenerEndpointRegistry pipeListenerEndpointRegistry() {
		return new PipeListenerEndpointRegistry();
	}

	@Bean
	@ConditionalOnMissingBean
	PipeEndpoints pipeEndpoints(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<MessageConverter> converters, ObjectProvider<HandlerMethodArgumentResolver> resolvers,
			ObjectProvider<SmartValidator> validator, ImpersonationExecutor impersonationExecutor,
			ObjectProvider<PipeExchangeInterceptor> interceptors, ObjectProvider<PipeListener> listeners) {
		return new PipeEndpoints(beanFactory, converters.orderedStream().toList(), resolvers.orderedStream().toList(),
				validator.getIfUnique(), impersonationExecutor, interceptors.orderedStream().toList(),
				listeners.orderedStream().findFirst().orElseThrow().fileOpener());
	}

	@Bean
	@ConditionalOnMissingBean
	PipeEndpointRegistrar pipeEndpointRegistrar(PipeEndpoints endpoints, PipeContainerSettingsResolver settingsResolver,
			PipeListenerContainerFactory containerFactory, PipeListenerEndpointRegistry registry) {
		return new PipeEndpointRegistrar(endpoints, settingsResolver, containerFactory, registry);
	}

	@Bean
	@ConditionalOnMissingBean
	ImpersonationExecutor pipeImpersonationExecutor(NamedPipeProperties properties) {
		return new ImpersonationExecutor(properties.getServer().getImpersonationThreads());
	}

	@Bean
	@ConditionalOnMissingBean(PipeSecurityContext.class)
	CurrentPipeSecurityContext pipeSecurityContext() {
		return new CurrentPipeSecurityContext();
	}

	@Bean
	static CustomScopeConfigurer pipeRequestScopeConfigurer() {
		CustomScopeConfigurer configurer = new CustomScopeConfigurer();
		configurer.addScope(PipeRequestScope.NAME, new PipeRequestScopeHandler());
		return configurer;
	}

}
