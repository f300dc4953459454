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

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.namedpipe.platform.PlatformThreads;
import io.namedpipe.transport.DelegatingPipeChannel;
import io.namedpipe.transport.PipeResetException;

/**
 * A child of a {@link ChildPipeConnector}, which is the channel to it: closing the
 * channel ends the child.
 */
final class ChildChannel extends DelegatingPipeChannel {

	/** Time from the end of a child's stream to the exit of the child that caused it. */
	private static final long EXIT_MILLIS = 500;

	private final ChildPipeConnector owner;

	private final PipeProcess child;

	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable Thread end;

	private volatile boolean stopped;

	private volatile boolean sent;

	ChildChannel(ChildPipeConnector owner, PipeProcess child) {
		super(child.channel());
		this.owner = owner;
		this.child = child;
	}

	Process process() {
		return this.child.process();
	}

	/**
	 * Whether the child was ended by this process.
	 * @return {@code false} if it lives, or has ended by itself
	 */
	boolean isStopped() {
		return this.stopped;
	}

	boolean hasSent() {
		return this.sent;
	}

	@Nullable PipeResetException failure() {
		return (process().isAlive() || process().exitValue() == 0) ? null : this.owner.failure(process());
	}

	@Override
	public int read(ByteBuffer destination) {
		int count = super.read(destination);
		if (count > 0) {
			this.sent = true;
		}
		else if (count < 0) {
			reportFailure();
		}
		return count;
	}

	@Override
	public void write(ByteBuffer source) {
		try {
			super.write(source);
		}
		catch (PipeResetException ex) {
			reportFailure();
			throw ex;
		}
	}

	private void reportFailure() {
		try {
			process().waitFor(EXIT_MILLIS, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		PipeResetException failure = failure();
		if (failure != null) {
			throw failure;
		}
	}

	// Without the thread that would have to read ahead.
	@Override
	public boolean isPeerGone() {
		return !process().isAlive();
	}

	@Override
	public void close() {
		// In this order: the exit of the child is no failure then.
		end();
		super.close();
	}

	/**
	 * Begin to end the child, which may take its time.
	 * @return the thread that waits for it
	 */
	Thread end() {
		this.lock.lock();
		try {
			Thread thread = this.end;
			if (thread == null) {
				this.stopped = process().isAlive();
				thread = PlatformThreads.daemon("namedpipe-child-end", this.child::close);
				thread.start();
				this.end = thread;
			}
			return thread;
		}
		finally {
			this.lock.unlock();
		}
	}

}
