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

package io.namedpipe.readme;

import java.util.List;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.namedpipe.client.PipeTemplate;
import io.namedpipe.handler.PipeEndpoints;
import io.namedpipe.listener.PipeContainerSettings;
import io.namedpipe.listener.PipeContainerSettingsResolver;
import io.namedpipe.listener.PipeEndpointRegistrar;
import io.namedpipe.listener.PipeListenerContainerFactory;
import io.namedpipe.listener.PipeListenerEndpointRegistry;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.security.ImpersonationExecutor;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.unix.UnixPipeTransport;

@Configuration(proxyBeanMethods = false)
class PipeConfiguration {

	private static final PipeAddress ADDRESS = PipeAddress.of("acme.files");

	@Bean
	PipeTransport transport() {
		return new UnixPipeTransport();
	}

	@Bean
	ImpersonationExecutor impersonationExecutor() {
		return new ImpersonationExecutor(8);
	}

	@Bean
	PipeListenerEndpointRegistry registry() {
		return new PipeListenerEndpointRegistry();
	}

	@Bean
	PipeEndpointRegistrar registrar(ConfigurableListableBeanFactory beanFactory, ImpersonationExecutor executor,
			PipeListenerEndpointRegistry registry, PipeTransport transport) {
		PipeEndpoints endpoints = new PipeEndpoints(beanFactory, List.of(), List.of(), null, executor, List.of(),
				transport.fileOpener());
		PipeContainerSettings settings = PipeContainerSettings.of("files", ADDRESS, new HttpProtocol()).build();
		return new PipeEndpointRegistrar(endpoints, PipeContainerSettingsResolver.of(settings),
				new PipeListenerContainerFactory(List.of(transport), List.of()), registry);
	}

	@Bean
	PipeTemplate template(PipeTransport transport) {
		return PipeTemplate.builder(transport).protocol(new HttpProtocol()).address(ADDRESS).build();
	}

}
