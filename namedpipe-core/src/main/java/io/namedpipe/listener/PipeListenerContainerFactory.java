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

import io.namedpipe.transport.PipeTransport;

/**
 * Makes containers. Replace the bean to make them otherwise.
 */
public class PipeListenerContainerFactory {

	private final PipeTransport transport;

	/**
	 * Create the factory.
	 * @param transport what the containers listen with
	 */
	public PipeListenerContainerFactory(PipeTransport transport) {
		this.transport = transport;
	}

	/**
	 * Make a container. It does not listen until it is started.
	 * @param settings its settings
	 * @param handler answers its requests
	 * @return the container
	 */
	public PipeListenerContainer create(PipeContainerSettings settings, PipeRequestHandler handler) {
		return new DefaultPipeListenerContainer(settings, this.transport, handler);
	}

}
