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

package io.namedpipe.actuate;

import java.util.Map;
import java.util.TreeMap;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

import io.namedpipe.listener.ContainerState;
import io.namedpipe.listener.PipeListenerContainer;
import io.namedpipe.listener.PipeListenerEndpointRegistry;

/**
 * Down if a pipe has failed, or if clients do not find it any more. A pipe that was
 * stopped or paused on purpose is not a failure; the details say what each one does.
 *
 * @since 0.1.0
 */
public class NamedPipeHealthIndicator extends AbstractHealthIndicator {

	private final PipeListenerEndpointRegistry registry;

	/**
	 * Create the indicator.
	 * @param registry has the pipes
	 */
	public NamedPipeHealthIndicator(PipeListenerEndpointRegistry registry) {
		super("The pipes could not be looked at");
		this.registry = registry;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		Map<String, Object> states = new TreeMap<>();
		builder.up();
		for (PipeListenerContainer container : this.registry.getContainers()) {
			boolean lost = container.state() == ContainerState.RUNNING && !container.isReachable();
			states.put(container.id(), lost ? "UNREACHABLE" : container.state());
			if (lost || container.state() == ContainerState.FAILED) {
				builder.down();
			}
		}
		states.forEach(builder::withDetail);
	}

}
