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

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;
import org.springframework.util.Assert;

import io.namedpipe.security.IdentityNotRestoredError;

/**
 * The containers of an application, by the ids of their pipes. This bean starts and stops
 * them with the application. They stop at the same time, in the phase of the web server's
 * graceful shutdown. Thread-safe.
 *
 * @since 0.1.0
 */
public class PipeListenerEndpointRegistry implements SmartLifecycle, DisposableBean {

	/** The phase of the web server's graceful shutdown. */
	public static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 1024;

	private static final Log logger = LogFactory.getLog(PipeListenerEndpointRegistry.class);

	private final CopyOnWriteArrayList<PipeListenerContainer> containers = new CopyOnWriteArrayList<>();

	private final Map<String, PipeListenerContainer> byId = new ConcurrentHashMap<>();

	private volatile boolean running;

	/**
	 * Add a container. It is not started.
	 * @param container the container
	 * @throws IllegalStateException if there is a container with the same id
	 */
	public void register(PipeListenerContainer container) {
		PipeListenerContainer former = this.byId.putIfAbsent(container.id(), container);
		Assert.state(former == null, () -> "The pipe '%s' is registered already".formatted(container.id()));
		this.containers.add(container);
		if (container instanceof DefaultPipeListenerContainer known) {
			known.onIdentityFailure(this::fail);
		}
	}

	// A thread with a client's identity can be one that any container uses, such as a
	// carrier of virtual threads.
	private void fail(IdentityNotRestoredError cause) {
		for (PipeListenerContainer container : getContainers()) {
			if (container instanceof DefaultPipeListenerContainer known) {
				known.fail(cause);
			}
		}
	}

	/**
	 * Find a container.
	 * @param id the id of its pipe
	 * @return the container, or {@code null} if there is none
	 */
	public @Nullable PipeListenerContainer getContainer(String id) {
		return this.byId.get(id);
	}

	/**
	 * All containers.
	 * @return the containers, in the order of their registration
	 */
	public Collection<PipeListenerContainer> getContainers() {
		return List.copyOf(this.containers);
	}

	@Override
	public void start() {
		for (PipeListenerContainer container : getContainers()) {
			if (container.settings().autoStartup()) {
				try {
					container.start();
				}
				catch (RuntimeException ex) {
					stopAndWait();
					throw ex;
				}
			}
		}
		this.running = true;
	}

	@Override
	public void stop() {
		stopAndWait();
	}

	@Override
	public void stop(Runnable callback) {
		this.running = false;
		Collection<PipeListenerContainer> stopping = getContainers();
		AtomicInteger left = new AtomicInteger(stopping.size() + 1);
		Runnable one = () -> {
			if (left.decrementAndGet() == 0) {
				callback.run();
			}
		};
		for (PipeListenerContainer container : stopping) {
			container.stop(one);
		}
		one.run();
	}

	private void stopAndWait() {
		CountDownLatch stopped = new CountDownLatch(1);
		stop(stopped::countDown);
		long patience = getContainers().stream()
			.mapToLong((container) -> container.settings().gracePeriod().toMillis())
			.max()
			.orElse(0);
		try {
			if (!stopped.await(patience + TimeUnit.SECONDS.toMillis(5), TimeUnit.MILLISECONDS)) {
				logger.warn("Not every pipe has stopped in time");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running || getContainers().stream().anyMatch(PipeListenerContainer::isRunning);
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	@Override
	public void destroy() {
		stopAndWait();
	}

}
