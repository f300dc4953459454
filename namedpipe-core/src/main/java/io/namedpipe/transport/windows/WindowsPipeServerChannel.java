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

package io.namedpipe.transport.windows;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import com.sun.jna.platform.win32.WinError;

import io.namedpipe.deadline.RepeatedLine;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;

/**
 * Listens on a pipe with several instances. While it is open, at least one instance
 * exists, so that no other process can take the name and replace its security descriptor:
 * the next instance is created before one with a client is handed over, and if the pipe
 * has its maximum number of instances, an instance is reused instead of closed.
 */
final class WindowsPipeServerChannel implements PipeServerChannel {

	private static final Logger logger = System.getLogger(WindowsPipeServerChannel.class.getName());

	private final PipeAddress address;

	private final PipeServerOptions options;

	private final InstanceFactory factory;

	private final CompletionPort port;

	private final BiFunction<PipeHandle, Consumer<WindowsPipeChannel>, PipeChannel> channels;

	private final Consumer<WindowsPipeServerChannel> onClose;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	/** Instances that wait for a client. */
	private final Set<PipeInstance> listening = new HashSet<>();

	/** Instances with a client that was not accepted yet. */
	private final Deque<PipeInstance> ready = new ArrayDeque<>();

	private final int target;

	private final Runnable onPortFailure = () -> locked(() -> {
		this.changed.signalAll();
		return true;
	});

	private final RepeatedLine waitFailures = new RepeatedLine(Duration.ofSeconds(10));

	/** The number of instances, those that serve clients included. */
	private int existing;

	private boolean warned;

	private volatile boolean closed;

	/**
	 * Create the channel.
	 * @param address the pipe
	 * @param options how to listen
	 * @param factory creates the instances; closed with this channel
	 * @param channels creates the channel of a client from its handle and an action for
	 * its close
	 * @param onClose called once when the name is free
	 */
	WindowsPipeServerChannel(PipeAddress address, PipeServerOptions options, InstanceFactory factory,
			BiFunction<PipeHandle, Consumer<WindowsPipeChannel>, PipeChannel> channels,
			Consumer<WindowsPipeServerChannel> onClose) {
		this.address = address;
		this.options = options;
		this.factory = factory;
		this.port = factory.port();
		this.channels = channels;
		this.onClose = onClose;
		this.target = Math.max(1, Math.min(options.instances(), PipeFlags.maxInstances(options)));
	}

	// Claims the name.
	void start() {
		this.lock.lock();
		try {
			checkOpen();
			this.port.addFailureListener(this.onPortFailure);
			createMissing();
		}
		finally {
			this.lock.unlock();
		}
	}

	// With the lock.
	private void checkOpen() {
		if (this.closed) {
			throw new PipeClosedException("The pipe '%s' is not listened on any more".formatted(this.address));
		}
		Throwable failure = this.port.failure();
		if (failure != null) {
			throw new PipeException(
					"The pipe '%s' is not listened on any more: the completion port has failed".formatted(this.address),
					failure);
		}
	}

	// With the lock.
	private void createMissing() {
		while (isShort()) {
			PipeInstance instance = (this.existing > 0) ? this.factory.next(this::waitEnded)
					: this.factory.first(this::waitEnded);
			if (instance == null) {
				return;
			}
			this.existing++;
			listen(instance);
		}
	}

	// With the lock. Fails only if there is no other instance.
	private void replenish(boolean hasOthers) {
		try {
			createMissing();
			this.warned = false;
		}
		catch (PipeException ex) {
			if (!hasOthers && this.listening.isEmpty() && this.ready.isEmpty()) {
				throw ex;
			}
			if (!this.warned) {
				this.warned = true;
				logger.log(Level.WARNING, "The pipe ''{0}'' waits for fewer clients than it should: {1}", this.address,
						ex.getMessage());
			}
		}
	}

	// With the lock.
	private boolean isShort() {
		return !this.closed && this.listening.size() + this.ready.size() < this.target;
	}

	// With the lock.
	private void listen(PipeInstance instance) {
		int error = instance.listen();
		if (error == WinError.ERROR_IO_PENDING) {
			this.listening.add(instance);
		}
		else if (error == WinError.ERROR_PIPE_CONNECTED) {
			this.ready.add(instance);
			this.changed.signal();
		}
		else {
			discard(instance, instance.handle());
			throw Win32.failure("The pipe '%s' cannot wait for clients".formatted(this.address), error);
		}
	}

	// With the lock. An acceptor creates another instance, or fails.
	private void discard(PipeInstance instance, PipeHandle handle) {
		if (handle.close()) {
			instance.release();
			this.existing--;
			this.changed.signal();
		}
	}

	// On the port's thread.
	private void waitEnded(PipeInstance instance, int error) {
		this.lock.lock();
		try {
			if (!this.listening.remove(instance)) {
				return;
			}
			if (error == WinError.ERROR_SUCCESS || error == WinError.ERROR_PIPE_CONNECTED) {
				this.ready.add(instance);
				this.changed.signal();
			}
			else {
				// Windows has ended the wait because the thread that began it, or the
				// client, is gone. A client that has connected since is found by the
				// next wait.
				listenAgain(instance);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	// With the lock. Returns false if the channel is closed.
	private boolean listenAgain(PipeInstance instance) {
		if (this.closed) {
			return false;
		}
		try {
			listen(instance);
		}
		catch (PipeException ex) {
			this.waitFailures.say((suffix) -> logger.log(Level.WARNING, ex.getMessage() + suffix));
		}
		return true;
	}

	@Override
	public PipeAddress address() {
		return this.address;
	}

	@Override
	public PipeChannel accept() {
		this.lock.lock();
		try {
			while (true) {
				checkOpen();
				PipeInstance instance = this.ready.poll();
				if (instance != null) {
					return handOver(instance);
				}
				replenish(false);
				if (this.ready.isEmpty()) {
					this.changed.await();
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new PipeException("Waiting for a client of the pipe '%s' was interrupted".formatted(this.address),
					ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	// With the lock.
	private PipeChannel handOver(PipeInstance instance) {
		PipeHandle handle = instance.handle();
		try {
			replenish(true);
			return this.channels.apply(handle, (channel) -> release(instance, channel.hasWritten()));
		}
		catch (RuntimeException | Error ex) {
			discard(instance, handle);
			throw ex;
		}
	}

	// The acceptor that is signalled may be waiting because it could not create another
	// instance.
	private void release(PipeInstance instance, boolean written) {
		boolean reuse = locked(this::isShort);
		if (reuse) {
			instance.disconnect(written, this.options.linger());
		}
		if (!reuse || !locked(() -> listenAgain(instance))) {
			instance.release();
			this.lock.lock();
			try {
				this.existing--;
				this.changed.signal();
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	private boolean locked(BooleanSupplier body) {
		this.lock.lock();
		try {
			return body.getAsBoolean();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public Set<String> ownerIds() {
		String own = AccessToken.currentUser();
		return own.equals(Accounts.LOCAL_SYSTEM) ? Set.of(own) : Set.of(own, Accounts.LOCAL_SYSTEM);
	}

	@Override
	public boolean isOpen() {
		return !this.closed && this.port.failure() == null;
	}

	@Override
	public void close() {
		List<PipeInstance> instances;
		this.lock.lock();
		try {
			if (this.closed) {
				return;
			}
			this.closed = true;
			instances = new ArrayList<>(this.listening);
			instances.addAll(this.ready);
			this.listening.clear();
			this.ready.clear();
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		this.port.removeFailureListener(this.onPortFailure);
		// Without the lock, which the port's thread needs to end the waits.
		for (PipeInstance instance : instances) {
			instance.handle().close();
			instance.release();
		}
		this.factory.close();
		this.onClose.accept(this);
	}

}
