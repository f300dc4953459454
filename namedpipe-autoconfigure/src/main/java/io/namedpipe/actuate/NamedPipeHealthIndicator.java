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

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

import io.namedpipe.listener.ContainerState;
import io.namedpipe.listener.PipeListenerEndpointRegistry;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.anonymous.ChildPipeConnector;

/**
 * Down if a pipe has failed, if clients do not find it any more, or if accepting clients
 * fails. A pipe that was stopped or paused on purpose is not a failure; the details say
 * what each one does. Down too if the client's child process has failed, until it is
 * started again.
 *
 * @since 0.1.0
 */
public class NamedPipeHealthIndicator extends AbstractHealthIndicator {

	private final List<PipeListenerEndpointRegistry> registries;

	private final List<ChildPipeConnector> children;

	/**
	 * Create the indicator.
	 * @param registries have the pipes: one of each application context
	 * @param children have the child processes that clients talk to
	 */
	public NamedPipeHealthIndicator(Collection<PipeListenerEndpointRegistry> registries,
			Collection<ChildPipeConnector> children) {
		super("The pipes could not be looked at");
		this.registries = List.copyOf(registries);
		this.children = List.copyOf(children);
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		Map<String, Object> states = new TreeMap<>();
		builder.up();
		this.registries.stream().flatMap((registry) -> registry.getContainers().stream()).forEach((container) -> {
			boolean lost = container.state() == ContainerState.RUNNING && !container.isReachable();
			boolean down = lost || container.state() == ContainerState.FAILED;
			Object state = lost ? "UNREACHABLE" : container.state();
			// A pipe of another context may have the same id: the one that is down is
			// shown.
			states.merge(container.id(), state, (former, other) -> down ? other : former);
			if (down) {
				builder.down();
			}
		});
		for (ChildPipeConnector child : this.children) {
			PipeException failure = child.failure();
			states.put("child", (failure != null) ? String.valueOf(failure.getMessage())
					: child.isAlive() ? "RUNNING" : "NOT_RUNNING");
			if (failure != null) {
				builder.down();
			}
		}
		states.forEach(builder::withDetail);
	}

}
