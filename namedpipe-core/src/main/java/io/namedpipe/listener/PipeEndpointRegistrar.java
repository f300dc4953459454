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

package io.namedpipe.listener;

import java.util.function.Function;

import org.springframework.beans.factory.SmartInitializingSingleton;

import io.namedpipe.handler.PipeEndpoints;
import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.PipeProtocol;

/**
 * Registers a container for each pipe that a
 * {@link io.namedpipe.annotation.PipeEndpoint @PipeEndpoint} bean serves, after all
 * singletons have been created. Warns about pipes that are configured and that no bean
 * serves.
 *
 * @since 0.1.0
 */
public class PipeEndpointRegistrar implements SmartInitializingSingleton {

	private final PipeEndpoints endpoints;

	private final PipeContainerSettingsResolver settingsResolver;

	private final PipeListenerContainerFactory containerFactory;

	private final PipeListenerEndpointRegistry registry;

	/**
	 * Create the registrar.
	 * @param endpoints finds the endpoints
	 * @param settingsResolver provides the settings of the pipes
	 * @param containerFactory creates the containers
	 * @param registry the registry of the containers
	 */
	public PipeEndpointRegistrar(PipeEndpoints endpoints, PipeContainerSettingsResolver settingsResolver,
			PipeListenerContainerFactory containerFactory, PipeListenerEndpointRegistry registry) {
		this.endpoints = endpoints;
		this.settingsResolver = settingsResolver;
		this.containerFactory = containerFactory;
		this.registry = registry;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.endpoints.find(this.settingsResolver.configuredIds()).forEach(this::register);
	}

	private void register(String pipeId, Function<PipeProtocol, ExchangeHandler> handler) {
		PipeContainerSettings settings = this.settingsResolver.resolve(pipeId);
		this.registry.register(this.containerFactory.create(settings, handler.apply(settings.protocol())));
	}

}
