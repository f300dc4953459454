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
import org.springframework.beans.factory.config.CustomScopeConfigurer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.messaging.converter.ByteArrayMessageConverter;
import org.springframework.messaging.converter.CompositeMessageConverter;
import org.springframework.messaging.converter.GenericMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

import io.namedpipe.annotation.PipeRequestScope;
import io.namedpipe.handler.PipeEndpointRegistrar;
import io.namedpipe.handler.PipeHandlerMethodFactory;
import io.namedpipe.handler.PipeRequestHandlerFactory;
import io.namedpipe.listener.PipeContainerSettingsResolver;
import io.namedpipe.listener.PipeListenerContainerFactory;
import io.namedpipe.listener.PipeListenerEndpointRegistry;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.security.CurrentPipeSecurityContext;
import io.namedpipe.security.ImpersonationExecutor;
import io.namedpipe.security.PipeRequestInterceptor;
import io.namedpipe.security.PipeRequestScopeHandler;
import io.namedpipe.security.PipeSecurityContext;
import io.namedpipe.transport.PipeTransport;

/**
 * {@link AutoConfiguration Auto-configuration} for serving pipes.
 */
@AutoConfiguration(after = NamedPipeAutoConfiguration.class)
@ConditionalOnBean(PipeTransport.class)
@ConditionalOnBooleanProperty(name = "namedpipe.server.enabled", matchIfMissing = true)
public final class NamedPipeServerAutoConfiguration {

	NamedPipeServerAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(PipeContainerSettingsResolver.class)
	PropertiesPipeContainerSettingsResolver pipeContainerSettingsResolver(NamedPipeProperties properties,
			ObjectProvider<PipeProtocol> protocols, Environment environment) {
		return new PropertiesPipeContainerSettingsResolver(properties.getServer(), new PipeProtocolFactory(protocols),
				Threading.VIRTUAL.isActive(environment));
	}

	@Bean
	@ConditionalOnMissingBean
	PipeListenerContainerFactory pipeListenerContainerFactory(PipeTransport transport) {
		return new PipeListenerContainerFactory(transport);
	}

	@Bean
	@ConditionalOnMissingBean
	PipeListenerEndpointRegistry pipeListenerEndpointRegistry() {
		return new PipeListenerEndpointRegistry();
	}

	@Bean
	@ConditionalOnMissingBean
	PipeHandlerMethodFactory pipeHandlerMethodFactory(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<MessageConverter> converters, ObjectProvider<HandlerMethodArgumentResolver> resolvers) {
		return new PipeHandlerMethodFactory(beanFactory, new DefaultFormattingConversionService(),
				converter(converters), resolvers.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean
	PipeRequestHandlerFactory pipeRequestHandlerFactory(ConfigurableListableBeanFactory beanFactory,
			PipeHandlerMethodFactory methodFactory, ObjectProvider<MessageConverter> converters,
			ImpersonationExecutor impersonationExecutor, ObjectProvider<PipeRequestInterceptor> interceptors,
			PipeTransport transport) {
		return new PipeRequestHandlerFactory(beanFactory, methodFactory, converter(converters), impersonationExecutor,
				interceptors.orderedStream().toList(), transport.fileOpener());
	}

	@Bean
	@ConditionalOnMissingBean
	PipeEndpointRegistrar pipeEndpointRegistrar(ConfigurableListableBeanFactory beanFactory,
			PipeContainerSettingsResolver settingsResolver, PipeListenerContainerFactory containerFactory,
			PipeListenerEndpointRegistry registry, PipeRequestHandlerFactory handlerFactory) {
		return new PipeEndpointRegistrar(beanFactory, settingsResolver, containerFactory, registry, handlerFactory);
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

	private static MessageConverter converter(ObjectProvider<MessageConverter> converters) {
		List<MessageConverter> all = new ArrayList<>(converters.orderedStream().toList());
		all.add(new ByteArrayMessageConverter());
		all.add(new GenericMessageConverter(new DefaultFormattingConversionService()));
		return new CompositeMessageConverter(all);
	}

}
