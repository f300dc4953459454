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
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.namedpipe.protocol.ExchangeHandler;
import io.namedpipe.protocol.PipeProtocol;
import io.namedpipe.protocol.ProtocolCapabilities.Feature;
import io.namedpipe.security.IdentityNotRestoredError;
import io.namedpipe.transport.LogText;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeImpersonationException;
import io.namedpipe.transport.PipeListener;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeUnsupportedException;

/**
 * The life cycle of a container. What exists between a start and a stop is in a
 * {@link PipeServer}, a new one for each start, so that an old one cannot affect a new
 * one.
 */
final class DefaultPipeListenerContainer implements PipeListenerContainer {

	private static final Log logger = LogFactory.getLog(DefaultPipeListenerContainer.class);

	/** Interval of the check that clients still find the pipe. */
	private static final int REACHABILITY_SECONDS = 2;

	private final PipeContainerSettings settings;

	private final List<PipeListener> listeners;

	private final ExchangeHandler handler;

	private final PipeServerListener serverListener;

	private final ReentrantLock lock = new ReentrantLock();

	private final List<Runnable> stopCallbacks = new ArrayList<>();

	private volatile Consumer<IdentityNotRestoredError> identityFailureListener = (failure) -> {
	};

	private volatile ContainerState state = ContainerState.NEW;

	private volatile @Nullable Running running;

	private volatile @Nullable Throwable failure;

	DefaultPipeListenerContainer(PipeContainerSettings settings, List<PipeListener> listeners, ExchangeHandler handler,
			PipeServerListener serverListener) {
		this.settings = settings;
		this.listeners = List.copyOf(listeners);
		this.handler = handler;
		this.serverListener = serverListener;
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
	public boolean isReachable() {
		Running current = this.running;
		return current != null && this.state == ContainerState.RUNNING && current.server().isReachable()
				&& current.server().isAccepting();
	}

	@Override
	public List<String> locations() {
		Running current = this.running;
		return (current != null) ? current.server().locations() : List.of();
	}

	@Override
	public int activeConnections() {
		Running current = this.running;
		return (current != null) ? current.server().activeConnections() : 0;
	}

	@Override
	public void start() {
		ContainerState from;
		this.lock.lock();
		try {
			from = this.state;
			if (from == ContainerState.STOPPING) {
				throw new IllegalStateException("The pipe '%s' is still stopping".formatted(id()));
			}
			if (isRunning()) {
				return;
			}
			this.running = startServer();
			this.failure = null;
			this.state = ContainerState.RUNNING;
		}
		finally {
			this.lock.unlock();
		}
		this.serverListener.stateChanged(this, from, ContainerState.RUNNING, null);
	}

	private Running startServer() {
		List<PipeServerChannel> channels = new ArrayList<>();
		PipeServer server = null;
		Running started = null;
		try {
			bind(channels);
			server = new PipeServer(this.settings, channels, this.handler, this.serverListener, this::fail);
			server.start();
			Running complete = new Running(server, new Semaphore(0));
			startSupervisor(complete);
			started = complete;
			return complete;
		}
		catch (PipeException ex) {
			throw new PipeListenerStartupException(id(), this.settings.address().toString(), ex);
		}
		catch (OutOfMemoryError | LinkageError ex) {
			throw new PipeListenerStartupException(id(), this.settings.address().toString(),
					PlatformFailures.translate(ex));
		}
		finally {
			if (started == null) {
				this.state = ContainerState.FAILED;
				if (server != null) {
					server.stop();
				}
				else {
					channels.forEach(PipeServerChannel::close);
				}
			}
		}
	}

	private void bind(List<PipeServerChannel> channels) {
		requireAnswers();
		PipeAddress address = this.settings.address();
		List<PipeListener> accepting = accepting(address);
		// If no listener accepts the address, the exception of the first one says why.
		for (PipeListener listener : accepting.isEmpty() ? this.listeners : accepting) {
			verifyImpersonation(listener);
			channels.add(listener.bind(address, this.settings.serverOptions()));
		}
	}

	private List<PipeListener> accepting(PipeAddress address) {
		List<PipeListener> accepting = this.listeners.stream()
			.filter((each) -> each.accepts(address, this.settings.serverOptions()))
			.toList();
		return accepting.stream().filter(PipeListener::isExclusive).findFirst().map(List::of).orElse(accepting);
	}

	private void requireAnswers() {
		PipeProtocol protocol = this.settings.protocol();
		if (this.settings.serverOptions().direction() != PipeDirection.DUPLEX
				&& !protocol.capabilities().has(Feature.CHANNEL)) {
			throw new PipeUnsupportedException(("The protocol '%s' answers requests, and this pipe goes one way only. "
					+ "Set 'protocol' to 'raw', so that the handler reads or writes the channel, or 'direction' to 'duplex'")
				.formatted(protocol.name()));
		}
	}

	private void verifyImpersonation(PipeListener listener) {
		if (!this.handler.runsAsClient() || this.settings.serverOptions().access().isCurrentUserOnly()) {
			return;
		}
		try {
			listener.verifyImpersonation();
		}
		catch (PipeImpersonationException | PipeUnsupportedException ex) {
			if (this.settings.impersonationPolicy() == ImpersonationPolicy.REQUIRED) {
				throw ex;
			}
			logger.warn("Pipe '%s': requests of other users will be refused, since handlers cannot act as them: %s"
				.formatted(id(), LogText.of(ex.getMessage())));
		}
	}

	// Started ahead of its work: a thread that acts as a client may request a stop, and a
	// new thread would inherit the client's identity. It also keeps the JVM alive, as a
	// server should.
	private void startSupervisor(Running supervised) {
		Thread supervisor = new Thread(() -> {
			awaitStopRequest(supervised);
			finishStop(supervised.server());
		}, "pipe-" + id() + "-supervisor");
		// Otherwise it is what the starting thread is.
		supervisor.setDaemon(false);
		supervisor.start();
	}

	// Also checks at an interval whether clients still find the pipe.
	private void awaitStopRequest(Running supervised) {
		boolean reachable = true;
		boolean requested = false;
		while (!requested) {
			try {
				requested = supervised.stopRequest().tryAcquire(REACHABILITY_SECONDS, TimeUnit.SECONDS);
				boolean before = reachable;
				reachable = requested || supervised.server().isReachable();
				if (reachable != before && !requested) {
					tell(reachable);
				}
			}
			catch (InterruptedException | RuntimeException | Error ex) {
				// Only a request ends this wait. A check that fails is made again.
			}
		}
	}

	// A listener may wait for a stop, which this thread makes.
	private void tell(boolean reachable) {
		new Thread(() -> this.serverListener.reachabilityChanged(this, reachable), "pipe-" + id() + "-reachability")
			.start();
	}

	// What affects every container of the process is told to all of them.
	void onIdentityFailure(Consumer<IdentityNotRestoredError> listener) {
		this.identityFailureListener = listener;
	}

	// Clients cannot connect any more, or a thread has kept the identity of a client. The
	// container stops in the state FAILED, and the listeners are told.
	void fail(Throwable cause) {
		boolean first = false;
		this.lock.lock();
		try {
			if (this.failure == null && isRunning()) {
				this.failure = cause;
				first = true;
			}
		}
		finally {
			this.lock.unlock();
		}
		if (first) {
			this.serverListener.stateChanged(this, ContainerState.RUNNING, ContainerState.FAILED, cause);
			stop(() -> {
			});
			if (cause instanceof IdentityNotRestoredError lost) {
				this.identityFailureListener.accept(lost);
			}
		}
	}

	@Override
	public void stop(Runnable callback) {
		this.lock.lock();
		try {
			Running current = this.running;
			if (current != null) {
				// If a handler stops its own container, the stop must not wait for that
				// handler.
				current.server().excuseCaller();
				this.stopCallbacks.add(callback);
				if (this.state != ContainerState.STOPPING) {
					this.state = ContainerState.STOPPING;
					current.stopRequest().release();
				}
				return;
			}
		}
		finally {
			this.lock.unlock();
		}
		callback.run();
	}

	private void finishStop(PipeServer server) {
		ContainerState result = ContainerState.FAILED;
		try {
			if (server.stop()) {
				result = (this.failure != null) ? ContainerState.FAILED : ContainerState.STOPPED;
			}
			else {
				logger.error("Pipe '%s': a handler goes on although its connection was closed".formatted(id()));
			}
		}
		catch (RuntimeException | Error ex) {
			logger.error("Pipe '%s' could not be stopped in order".formatted(id()), LogText.of(ex));
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
			this.running = null;
			callbacks = List.copyOf(this.stopCallbacks);
			this.stopCallbacks.clear();
		}
		finally {
			this.lock.unlock();
		}
		this.serverListener.stateChanged(this, ContainerState.STOPPING, result, null);
		for (Runnable callback : callbacks) {
			try {
				callback.run();
			}
			catch (RuntimeException | Error ex) {
				logger.error("A callback for the stop of the pipe '%s' failed".formatted(id()), LogText.of(ex));
			}
		}
	}

	@Override
	public void pause() {
		change(ContainerState.RUNNING, ContainerState.PAUSED, PauseGate::close);
	}

	@Override
	public void resume() {
		change(ContainerState.PAUSED, ContainerState.RUNNING, PauseGate::open);
	}

	private void change(ContainerState from, ContainerState to, Consumer<PauseGate> action) {
		this.lock.lock();
		try {
			Running current = this.running;
			if (this.state != from || current == null) {
				return;
			}
			this.state = to;
			action.accept(current.server().gate());
		}
		finally {
			this.lock.unlock();
		}
		this.serverListener.stateChanged(this, from, to, null);
	}

	/**
	 * A server, and how its stop is asked for.
	 *
	 * @param server the server
	 * @param stopRequest gets a permit when a stop is requested
	 */
	private record Running(PipeServer server, Semaphore stopRequest) {
	}

}
