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

package io.namedpipe.transport.memory;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeDirection;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeServerChannel;

/**
 * A listening pipe in memory.
 */
final class MemoryPipeServerChannel implements PipeServerChannel {

	/** The backlog that many systems give to a Unix-domain socket. */
	private static final int BACKLOG = 128;

	private final PipeAddress address;

	private final PipeDirection direction;

	private final Runnable release;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Deque<MemoryPipeChannel> waiting = new ArrayDeque<>();

	private volatile boolean closed;

	MemoryPipeServerChannel(PipeAddress address, PipeDirection direction, Runnable release) {
		this.direction = direction;
		this.address = address;
		this.release = release;
	}

	@Override
	public PipeAddress address() {
		return this.address;
	}

	@Override
	public PipeChannel accept() {
		this.lock.lock();
		try {
			while (this.waiting.isEmpty() && !this.closed) {
				this.changed.await();
			}
			if (this.closed) {
				throw new PipeClosedException("The pipe '%s' is not listened on any more".formatted(this.address));
			}
			return this.direction.limit(this.waiting.removeFirst(), true);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new PipeException("Waiting for a client was interrupted", ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	PipeDirection direction() {
		return this.direction;
	}

	/**
	 * Let a client wait until it is accepted.
	 * @param serverEnd the server's end of the connection
	 * @return {@code false} if no more clients can wait
	 * @throws PipeNotFoundException if the server has left
	 */
	boolean offer(MemoryPipeChannel serverEnd) {
		this.lock.lock();
		try {
			if (this.closed) {
				throw new PipeNotFoundException("The server on the pipe '%s' has left".formatted(this.address));
			}
			if (this.waiting.size() >= BACKLOG) {
				return false;
			}
			this.waiting.addLast(serverEnd);
			this.changed.signal();
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public Set<String> ownerIds() {
		return Set.of(MemoryPipeTransport.ownIdentity().id());
	}

	@Override
	public boolean isOpen() {
		return !this.closed;
	}

	@Override
	public void close() {
		this.lock.lock();
		try {
			if (this.closed) {
				return;
			}
			this.closed = true;
			this.waiting.forEach(MemoryPipeChannel::close);
			this.waiting.clear();
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		this.release.run();
	}

}
