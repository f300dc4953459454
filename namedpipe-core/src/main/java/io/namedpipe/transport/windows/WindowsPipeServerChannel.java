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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;
import io.namedpipe.transport.PipeServerOptions;

/**
 * A pipe that is listened on, with several instances waiting for clients. There is an
 * instance of this process at all times, so that the name, and the access list that
 * belongs to it, cannot become somebody else's while this is open: the next instance is
 * created before a connected one is handed over, and one without a successor, because
 * there is the greatest number of them, is used again and not closed.
 */
final class WindowsPipeServerChannel implements PipeServerChannel {

	private final PipeAddress address;

	private final PipeServerOptions options;

	private final InstanceFactory factory;

	private final Connector connector;

	private final Consumer<WindowsPipeServerChannel> onClose;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Set<PipeInstance> listening = new HashSet<>();

	private final Deque<PipeInstance> connected = new ArrayDeque<>();

	private final int target;

	private volatile boolean closed;

	/**
	 * Claim the name and listen.
	 * @param address the pipe
	 * @param options how to listen
	 * @param factory creates the instances; closed with this channel
	 * @param connector makes the channels of clients
	 * @param onClose called once when the name is free
	 */
	WindowsPipeServerChannel(PipeAddress address, PipeServerOptions options, InstanceFactory factory,
			Connector connector, Consumer<WindowsPipeServerChannel> onClose) {
		this.address = address;
		this.options = options;
		this.factory = factory;
		this.connector = connector;
		this.onClose = onClose;
		this.target = Math.max(1, Math.min(options.instances(), PipeFlags.maxInstances(options)));
	}

	/**
	 * Create the first instances.
	 */
	void start() {
		this.lock.lock();
		try {
			listen(this.factory.first(this::waitEnded));
			replenish();
		}
		finally {
			this.lock.unlock();
		}
	}

	// With the lock.
	private void replenish() {
		while (!this.closed && waiting() < this.target) {
			PipeInstance instance = this.factory.next(this::waitEnded);
			if (instance == null) {
				return;
			}
			listen(instance);
		}
	}

	private int waiting() {
		return this.listening.size() + this.connected.size();
	}

	// With the lock.
	private void listen(PipeInstance instance) {
		this.listening.add(instance);
		int error = instance.listen();
		if (error == Win32Errors.IO_PENDING) {
			return;
		}
		this.listening.remove(instance);
		if (error == Win32Errors.PIPE_CONNECTED) {
			this.connected.add(instance);
			this.changed.signal();
			return;
		}
		instance.handle().close();
		instance.release();
		throw new PipeException(
				"The pipe '%s' cannot wait for clients: %s".formatted(this.address, Win32Errors.describe(error)));
	}

	// On the port's thread.
	private void waitEnded(PipeInstance instance) {
		this.lock.lock();
		try {
			int error = instance.waitError();
			instance.leaveWait();
			if (this.closed) {
				return;
			}
			this.listening.remove(instance);
			if (error == Win32Errors.SUCCESS || error == Win32Errors.PIPE_CONNECTED) {
				this.connected.add(instance);
				this.changed.signal();
			}
			else {
				// The system has ended the wait, not a client: the thread that began it
				// is gone, or the client is. One that came since is not disconnected
				// here, the next wait finds it. Should that wait not begin, the acceptor
				// that is woken creates another instance.
				this.changed.signal();
				listen(instance);
			}
		}
		finally {
			this.lock.unlock();
		}
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
				if (this.closed) {
					throw notListening();
				}
				if (waiting() < this.target) {
					replenish();
				}
				PipeInstance instance = this.connected.poll();
				if (instance != null) {
					return handOver(instance);
				}
				this.changed.await();
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
		try {
			replenish();
		}
		catch (PipeException ex) {
			// The next accept() meets it again, if it lasts, and without a client in
			// hand.
			this.connector.failedToReplenish(this.address, ex);
		}
		return this.connector.serve(instance, (channel) -> release(instance, channel.hasWritten()));
	}

	private void release(PipeInstance instance, boolean written) {
		if (isWantedBack()) {
			Linger.disconnect(instance.pointer(), written, this.options.linger());
			instance.renew();
			this.lock.lock();
			try {
				if (!this.closed) {
					listen(instance);
					return;
				}
			}
			finally {
				this.lock.unlock();
			}
		}
		instance.release();
	}

	private boolean isWantedBack() {
		this.lock.lock();
		try {
			return !this.closed && waiting() < this.target;
		}
		finally {
			this.lock.unlock();
		}
	}

	private PipeClosedException notListening() {
		return new PipeClosedException("The pipe '%s' is not listened on any more".formatted(this.address));
	}

	@Override
	public boolean isOpen() {
		return !this.closed;
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
			instances.addAll(this.connected);
			this.listening.clear();
			this.connected.clear();
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		// Without the lock: the port's thread needs it to end the waits.
		for (PipeInstance instance : instances) {
			instance.handle().close();
			instance.release();
		}
		this.factory.close();
		this.onClose.accept(this);
	}

	/**
	 * Makes channels of connected instances.
	 */
	interface Connector {

		PipeChannel serve(PipeInstance instance, Consumer<WindowsPipeChannel> release);

		void failedToReplenish(PipeAddress address, PipeException reason);

	}

}
