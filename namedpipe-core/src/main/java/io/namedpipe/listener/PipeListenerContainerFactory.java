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

import java.util.ArrayList;
import java.util.List;

import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.transport.PipeListener;

/**
 * Creates containers. An application can replace the bean.
 *
 * @since 0.1.0
 */
public class PipeListenerContainerFactory {

	private final List<PipeListener> listeners;

	private final PipeServerListener serverListener;

	/**
	 * Create the factory, with a log budget of its own.
	 * @param listeners the transports; a container listens with each one that accepts its
	 * address
	 * @param serverListeners listeners of the events of all containers, besides the log
	 */
	public PipeListenerContainerFactory(List<? extends PipeListener> listeners,
			List<? extends PipeServerListener> serverListeners) {
		this(listeners, serverListeners, new LogBudget(LogBudget.DEFAULT_BYTES));
	}

	/**
	 * Create the factory.
	 * @param listeners the transports; a container listens with each one that accepts its
	 * address
	 * @param serverListeners listeners of the events of all containers, besides the log
	 * @param logBudget limits the log lines about clients
	 */
	public PipeListenerContainerFactory(List<? extends PipeListener> listeners,
			List<? extends PipeServerListener> serverListeners, LogBudget logBudget) {
		this.listeners = List.copyOf(listeners);
		List<PipeServerListener> all = new ArrayList<>(serverListeners);
		all.add(new LoggingPipeServerListener(logBudget));
		this.serverListener = new CompositePipeServerListener(all);
	}

	/**
	 * Create a container. It does not listen until it is started.
	 * @param settings its settings
	 * @param handler answers its requests
	 * @return the container
	 */
	public PipeListenerContainer create(PipeContainerSettings settings, ExchangeHandler handler) {
		return new DefaultPipeListenerContainer(settings, this.listeners, handler, this.serverListener);
	}

}
