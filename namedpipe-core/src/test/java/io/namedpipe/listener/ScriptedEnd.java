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

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerChannel;

/**
 * A listening end whose clients come when the test says so.
 */
final class ScriptedEnd implements PipeServerChannel {

	private static final Object CLOSED = new Object();

	/** Clients that come, and errors of accepting them. */
	final BlockingQueue<Object> clients = new LinkedBlockingQueue<>();

	volatile boolean reachable = true;

	/** Of each client that comes. */
	volatile @Nullable PipeException failure;

	volatile boolean closeFails;

	/** Whether threads in accept notice the close later. */
	volatile boolean closesLate;

	private volatile boolean open = true;

	@Override
	public PipeAddress address() {
		return PipeAddress.of("end");
	}

	@Override
	public PipeChannel accept() {
		try {
			PipeException each = this.failure;
			if (each != null) {
				throw each;
			}
			Object next = this.clients.take();
			if (next == CLOSED) {
				this.clients.add(CLOSED);
				throw new PipeClosedException("closed");
			}
			if (next instanceof Error error) {
				throw error;
			}
			return (PipeChannel) next;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public boolean isOpen() {
		return this.open;
	}

	@Override
	public boolean isReachable() {
		return this.reachable;
	}

	@Override
	public void close() {
		this.open = false;
		if (!this.closesLate) {
			this.clients.add(CLOSED);
		}
		if (this.closeFails) {
			throw new PipeException("the name stays");
		}
	}

}
