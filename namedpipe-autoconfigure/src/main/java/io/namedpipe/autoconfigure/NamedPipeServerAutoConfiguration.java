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
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.validation.SmartValidator;

import io.namedpipe.handler.PipeEndpoints;
import io.namedpipe.listener.LogBudget;
import io.namedpipe.listener.PipeContainerSettingsResolver;
import io.namedpipe.listener.PipeEndpointRegistrar;
import io.namedpipe.listener.PipeListenerContainerFactory;
import io.namedpipe.listener.PipeListenerEndpointRegistry;
import io.namedpipe.listener.PipeServerListener;
import io.namedpipe.protocol.PipeExchangeInterceptor;
import io.namedpipe.security.ImpersonationExecutor;
import io.namedpipe.transport.FileOpener;
import io.namedpipe.transport.PipeListener;
import io.namedpipe.transport.anonymous.ParentPipeListener;
import io.namedpipe.transport.unix.SambaPipeListener;
import io.namedpipe.transport.unix.UnixPipeTransport;

/**
 * {@link AutoConfiguration Auto-configuration} for serving pipes. In a hierarchy of
 * application contexts each one serves its own endpoints, as long as it lives. Beans that
 * belong to a context are created in each; a bean by which an ancestor replaces one of
 * them applies to the descendants too.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = NamedPipeAutoConfiguration.class,
		afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnBean(PipeListener.class)
@ConditionalOnSwitch("namedpipe.server.enabled")
@Import(LogBudgetConfiguration.class)
public final class NamedPipeServerAutoConfiguration {

	NamedPipeServerAutoConfiguration() {
	}

	@Bean
	@Fallback
	@ConditionalOnMissingBean(value = PipeContainerSettingsResolver.class, search = SearchStrategy.CURRENT)
	PropertiesPipeContainerSettingsResolver pipeContainerSettingsResolver(NamedPipeProperties properties,
			PipeProtocols protocols, Environment environment) {
		return new PropertiesPipeContainerSettingsResolver(properties.getServer(), protocols, environment);
	}

	@Bean
	@Fallback
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	PipeListenerContainerFactory pipeListenerContainerFactory(ObjectProvider<PipeListener> listeners,
			ObjectProvider<PipeServerListener> serverListeners, LogBudget logBudget, NamedPipeProperties properties,
			ConfigurableApplicationContext context) {
		SettingRanges.check(properties.getSamba());
		List<PipeListener> all = new ArrayList<>(listeners.orderedStream().toList());
		if (all.stream().noneMatch(SambaPipeListener.class::isInstance)) {
			all.stream()
				.filter(UnixPipeTransport.class::isInstance)
				.findFirst()
				.ifPresent((unix) -> all.add(sambaListener((UnixPipeTransport) unix, properties.getSamba())));
		}
		// A thread of the server cannot wait for its own end.
		all.add(new ParentPipeListener(() -> new Thread(context::close, "namedpipe-parent-end").start()));
		return new PipeListenerContainerFactory(all, serverListeners.orderedStream().toList(), logBudget);
	}

	private static SambaPipeListener sambaListener(UnixPipeTransport unix, SambaProperties samba) {
		return SambaPipeListener.builder(unix)
			.socketDirectory(samba.socketDirectory())
			.socketInherited(samba.socketActivation())
			.peerUid((int) samba.peerUid())
			.build();
	}

	@Bean
	@Fallback
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	PipeListenerEndpointRegistry pipeListenerEndpointRegistry() {
		return new PipeListenerEndpointRegistry();
	}

	@Bean
	@Fallback
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	PipeEndpoints pipeEndpoints(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<MessageConverter> converters, ObjectProvider<HandlerMethodArgumentResolver> resolvers,
			ObjectProvider<SmartValidator> validator, ImpersonationExecutor impersonationExecutor,
			ObjectProvider<PipeExchangeInterceptor> interceptors, ObjectProvider<PipeListener> listeners) {
		return new PipeEndpoints(beanFactory, JsonConverters.after(converters, beanFactory),
				resolvers.orderedStream().toList(), validator.getIfUnique(), impersonationExecutor,
				interceptors.orderedStream().toList(), fileOpener(listeners));
	}

	// One opener for the files of all pipes, as strict as the strictest transport needs.
	private static FileOpener fileOpener(ObjectProvider<PipeListener> listeners) {
		return listeners.orderedStream()
			.map(PipeListener::fileOpener)
			.filter((opener) -> opener != FileOpener.portable())
			.findFirst()
			.orElse(FileOpener.portable());
	}

	// The endpoints and the registry are those of this context, and not an ancestor's.
	@Bean
	@Fallback
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	PipeEndpointRegistrar pipeEndpointRegistrar(ConfigurableListableBeanFactory beanFactory,
			PipeContainerSettingsResolver settingsResolver, PipeListenerContainerFactory containerFactory) {
		return new PipeEndpointRegistrar(beanFactory.getBean(PipeEndpoints.class), settingsResolver, containerFactory,
				beanFactory.getBean(PipeListenerEndpointRegistry.class));
	}

	@Bean
	@ConditionalOnMissingBean
	ImpersonationExecutor pipeImpersonationExecutor(NamedPipeProperties properties) {
		return new ImpersonationExecutor(
				SettingRanges.impersonationThreads(properties.getServer().getImpersonationThreads()));
	}

}
