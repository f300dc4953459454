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
import java.util.concurrent.locks.ReentrantLock;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeImpersonationException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeTransport;
import io.namedpipe.transport.PipeUnsupportedException;

/**
 * The life cycle of a container. Everything that a start brings about is in its
 * {@link ContainerRun}, so that nothing of an old run can reach into a new one.
 */
final class DefaultPipeListenerContainer implements PipeListenerContainer {

	private static final Log logger = LogFactory.getLog(DefaultPipeListenerContainer.class);

	private final PipeContainerSettings settings;

	private final PipeTransport transport;

	private final PipeRequestHandler handler;

	private final ReentrantLock lock = new ReentrantLock();

	private final List<Runnable> stopCallbacks = new ArrayList<>();

	private volatile ContainerState state = ContainerState.NEW;

	private volatile @Nullable ContainerRun run;

	private volatile boolean failed;

	DefaultPipeListenerContainer(PipeContainerSettings settings, PipeTransport transport, PipeRequestHandler handler) {
		this.settings = settings;
		this.transport = transport;
		this.handler = handler;
	}

	@Override
	public String id() {
		return this.settings.id();
	}

	@Override
	public PipeContainerSettings settings() {
		return this.settings;
	}

	@Override
	public ContainerState state() {
		return this.state;
	}

	@Override
	public boolean isRunning() {
		ContainerState current = this.state;
		return current == ContainerState.RUNNING || current == ContainerState.PAUSED
				|| current == ContainerState.STOPPING;
	}

	@Override
	public int activeConnections() {
		ContainerRun current = this.run;
		return (current != null) ? current.activeConnections() : 0;
	}

	@Override
	public void start() {
		this.lock.lock();
		try {
			if (this.state == ContainerState.STOPPING) {
				throw new IllegalStateException("The pipe '%s' is still stopping".formatted(id()));
			}
			if (isRunning()) {
				return;
			}
			ContainerRun started = new ContainerRun(this.settings, bind(), this.handler, this::fail);
			startSupervisor(started);
			started.start();
			this.failed = false;
			this.run = started;
			this.state = ContainerState.RUNNING;
		}
		finally {
			this.lock.unlock();
		}
		logger.info("Pipe '%s' listens on %s with the %s transport and the protocol %s".formatted(id(),
				this.settings.address(), this.transport.name(), this.settings.protocol().name()));
	}

	private PipeServerChannel bind() {
		try {
			verifyImpersonation();
			return this.transport.bind(this.settings.address(), this.settings.serverOptions());
		}
		catch (PipeException ex) {
			this.state = ContainerState.FAILED;
			throw new PipeListenerStartupException(id(), this.settings.address().toString(), ex);
		}
	}

	private void verifyImpersonation() {
		if (!this.handler.actsAsClient() || this.settings.serverOptions().access().isCurrentUserOnly()) {
			return;
		}
		try {
			this.transport.verifyImpersonation();
		}
		catch (PipeImpersonationException | PipeUnsupportedException ex) {
			if (this.settings.impersonationPolicy() == ImpersonationPolicy.REQUIRED) {
				throw ex;
			}
			logger.warn("Pipe '%s': requests of other users will be refused, since handlers cannot act as them: %s"
				.formatted(id(), ex.getMessage()));
		}
	}

	// Started ahead of its work: whoever asks for a stop may be a thread that acts as a
	// client, and a thread inherits the identity of the one that starts it. It also
	// keeps the JVM alive, as a server should.
	private void startSupervisor(ContainerRun supervised) {
		Thread supervisor = new Thread(() -> {
			supervised.awaitStopRequest();
			finishStop(supervised);
		}, "pipe-" + id() + "-supervisor");
		// Not what the thread that happens to start the container is.
		supervisor.setDaemon(false);
		supervisor.start();
	}

	// A thread kept the identity of a client: what else is wrong nobody knows, so nothing
	// goes on, and the application is told.
	private void fail(Throwable cause) {
		logger.error("Pipe '%s' has failed and is closed: %s".formatted(id(), cause.getMessage()));
		this.failed = true;
		ContainerRun ending = beginStop(() -> {
		});
		if (ending != null) {
			ending.requestStop();
		}
	}

	@Override
	public void stop(Runnable callback) {
		ContainerRun ending = beginStop(callback);
		if (ending != null) {
			ending.requestStop();
		}
	}

	private @Nullable ContainerRun beginStop(Runnable callback) {
		ContainerRun ending = null;
		this.lock.lock();
		try {
			if (isRunning()) {
				this.stopCallbacks.add(callback);
				if (this.state != ContainerState.STOPPING) {
					this.state = ContainerState.STOPPING;
					ending = this.run;
				}
				return ending;
			}
		}
		finally {
			this.lock.unlock();
		}
		callback.run();
		return null;
	}

	private void finishStop(ContainerRun ending) {
		ContainerState result = ContainerState.FAILED;
		try {
			if (ending.stop()) {
				result = this.failed ? ContainerState.FAILED : ContainerState.STOPPED;
			}
			else {
				logger.error("Pipe '%s': a handler goes on although its connection was closed".formatted(id()));
			}
		}
		catch (RuntimeException ex) {
			logger.error("Pipe '%s' could not be stopped in order".formatted(id()), ex);
		}
		finally {
			complete(result);
		}
	}

	private void complete(ContainerState result) {
		List<Runnable> callbacks;
		this.lock.lock();
		try {
			this.state = result;
			this.run = null;
			callbacks = List.copyOf(this.stopCallbacks);
			this.stopCallbacks.clear();
		}
		finally {
			this.lock.unlock();
		}
		logger.info("Pipe '%s' has stopped".formatted(id()));
		for (Runnable callback : callbacks) {
			try {
				callback.run();
			}
			catch (RuntimeException ex) {
				logger.error("A callback for the stop of the pipe '%s' failed".formatted(id()), ex);
			}
		}
	}

	@Override
	public void pause() {
		this.lock.lock();
		try {
			ContainerRun current = this.run;
			if (this.state == ContainerState.RUNNING && current != null) {
				current.gate().close();
				this.state = ContainerState.PAUSED;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void resume() {
		this.lock.lock();
		try {
			ContainerRun current = this.run;
			if (this.state == ContainerState.PAUSED && current != null) {
				this.state = ContainerState.RUNNING;
				current.gate().open();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

}
