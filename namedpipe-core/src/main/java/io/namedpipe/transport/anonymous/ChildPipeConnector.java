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

package io.namedpipe.transport.anonymous;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeBusyException;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeConnector;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeResetException;
import io.namedpipe.transport.TransportCapabilities;

/**
 * Connects to children that it starts: each connection is a process of its own, which
 * ends when its channel is closed, and all of them end when this is closed. A connection
 * that is kept for further requests is a child that lives on; the next one after it
 * starts another child.
 * <p>
 * A child that ends by itself with another exit code than 0 has failed. The next one is
 * started after a delay, and none after too many failures in a row; a child that has sent
 * something ends the row. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ChildPipeConnector implements PipeConnector {

	private static final TransportCapabilities CAPABILITIES = TransportCapabilities.of();

	private final PipeAddress address;

	private final Supplier<PipeProcess.Builder> children;

	private final int maxRestarts;

	private final Duration restartDelay;

	private final Set<ChildChannel> living = ConcurrentHashMap.newKeySet();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private volatile @Nullable PipeException failure;

	private int failures;

	private long lastStart;

	private boolean closed;

	/**
	 * Create the connector.
	 * @param address the name that stands for the child
	 * @param children prepares a child
	 * @param maxRestarts the number of failures in a row after which another child is
	 * started; 0 to start none after a failure
	 * @param restartDelay the least time from the start of a child that has failed to the
	 * start of the next one; connecting waits for it as long as its time-out allows
	 */
	public ChildPipeConnector(PipeAddress address, Supplier<PipeProcess.Builder> children, int maxRestarts,
			Duration restartDelay) {
		this.address = address;
		this.children = children;
		this.maxRestarts = maxRestarts;
		this.restartDelay = restartDelay;
	}

	@Override
	public String name() {
		return "child";
	}

	@Override
	public TransportCapabilities capabilities() {
		return CAPABILITIES;
	}

	@Override
	public boolean reaches(PipeAddress address) {
		return address.equals(this.address);
	}

	@Override
	public boolean startsServer(PipeAddress address) {
		return reaches(address);
	}

	/**
	 * Whether a child lives.
	 * @return {@code true} from the start of a child to its end
	 */
	public boolean isAlive() {
		return this.living.stream().anyMatch((child) -> child.process().isAlive());
	}

	/**
	 * Why the last child has failed, or could not be started.
	 * @return the failure, {@code null} if there was none since the last start
	 */
	public @Nullable PipeException failure() {
		settle();
		return this.failure;
	}

	/**
	 * Start a child.
	 * @param address the name that stands for it
	 * @param options how long to wait after a failure; the rest does not matter here
	 * @return the channel to the child, which tells a failure of the child as
	 * {@link PipeResetException}
	 * @throws PipeNotFoundException if there is no such program, or if too many children
	 * have failed
	 * @throws PipeBusyException if the next child is started later than the time-out
	 * allows
	 */
	@Override
	public PipeChannel connect(PipeAddress address, PipeClientOptions options) {
		CAPABILITIES.require(options.mode(), options.direction(), name());
		this.lock.lock();
		try {
			settle();
			awaitRestart(options.connectTimeout());
			return start();
		}
		finally {
			this.lock.unlock();
		}
	}

	private ChildChannel start() {
		this.lastStart = System.nanoTime();
		try {
			ChildChannel child = new ChildChannel(this, this.children.get().start());
			this.living.add(child);
			this.failure = null;
			return child;
		}
		catch (PipeException ex) {
			this.failure = ex;
			throw ex;
		}
	}

	private void awaitRestart(Duration timeout) {
		long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
		while (true) {
			PipeException failure = this.failure;
			if (this.closed) {
				throw new PipeClosedException("The child '%s' has been ended for good".formatted(this.address));
			}
			if (failure == null) {
				return;
			}
			if (this.failures > this.maxRestarts) {
				throw new PipeNotFoundException(
						"The child '%s' has failed %d times in a row and is not started again (max-restarts is %d): %s"
							.formatted(this.address, this.failures, this.maxRestarts, failure.getMessage()),
						failure);
			}
			long now = System.nanoTime();
			long wait = this.lastStart + TimeUnit.NANOSECONDS.convert(this.restartDelay) - now;
			if (wait <= 0) {
				return;
			}
			if (wait > deadline - now) {
				throw new PipeBusyException("%s; it is started again in %d ms".formatted(failure.getMessage(),
						TimeUnit.NANOSECONDS.toMillis(wait) + 1));
			}
			await(wait);
		}
	}

	private void await(long nanos) {
		try {
			this.changed.awaitNanos(nanos);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new PipeException("Waiting for the start of the child '%s' was interrupted".formatted(this.address),
					ex);
		}
	}

	// The exits of children are seen on the next call only.
	private void settle() {
		this.lock.lock();
		try {
			for (ChildChannel child : this.living) {
				if (!child.process().isAlive()) {
					this.living.remove(child);
					settle(child);
				}
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void settle(ChildChannel child) {
		PipeException cause = child.isStopped() ? null : child.failure();
		if (cause != null) {
			this.failure = cause;
			this.failures = child.hasSent() ? 1 : this.failures + 1;
		}
		else if (child.hasSent()) {
			this.failures = 0;
		}
	}

	PipeResetException failure(Process process) {
		return new PipeResetException("The child '%s' (process %d) has ended with the exit code %d"
			.formatted(this.address, process.pid(), process.exitValue()));
	}

	/**
	 * End every child, and wait until they have ended. An interrupt ends them forcibly.
	 */
	@Override
	public void close() {
		this.lock.lock();
		try {
			this.closed = true;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		List<Thread> ends = this.living.stream().map(ChildChannel::end).toList();
		try {
			for (Thread end : ends) {
				end.join();
			}
		}
		catch (InterruptedException ex) {
			ends.forEach(Thread::interrupt);
			Thread.currentThread().interrupt();
		}
	}

}
