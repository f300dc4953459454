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

package io.namedpipe.security;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

import io.namedpipe.transport.PipeImpersonationException;

/**
 * A fixed number of platform threads that run the tasks of other threads, such as virtual
 * threads. All are started before the first task runs, because on Linux a thread inherits
 * the identity of the thread that starts it. For the same reason a tainted thread is not
 * replaced.
 */
final class ImpersonationThreads implements AutoCloseable {

	private static final ImpersonationTask<?> WAKE = new ImpersonationTask<>(() -> "");

	private final int size;

	private final LinkedBlockingQueue<ImpersonationTask<?>> tasks = new LinkedBlockingQueue<>();

	private final AtomicInteger alive = new AtomicInteger();

	private final ReentrantLock lock = new ReentrantLock();

	private volatile boolean started;

	private volatile boolean closed;

	ImpersonationThreads(int size) {
		this.size = size;
	}

	void execute(ImpersonationTask<?> task) {
		start();
		if (this.closed || this.alive.get() == 0) {
			throw new PipeImpersonationException("No thread is left to act as a client; restart the server");
		}
		this.tasks.add(task);
		if (this.closed) {
			task.interrupt();
		}
	}

	private void start() {
		if (this.started) {
			return;
		}
		this.lock.lock();
		try {
			if (!this.started) {
				for (int i = 1; i <= this.size; i++) {
					PipeThread thread = new PipeThread(this::run, "pipe-impersonation-" + i);
					thread.setDaemon(true);
					this.alive.incrementAndGet();
					thread.start();
				}
				this.started = true;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void run() {
		PipeThread self = (PipeThread) Thread.currentThread();
		try {
			while (!this.closed && !self.isTainted()) {
				try {
					this.tasks.take().run();
				}
				catch (InterruptedException ex) {
					// An interrupt was meant for a task that has ended; 'closed' ends the
					// thread.
				}
			}
		}
		finally {
			if (this.alive.decrementAndGet() == 0) {
				cancelTasks();
			}
			if (this.closed) {
				// Wakes the next waiting thread, so that it ends too.
				this.tasks.add(WAKE);
			}
		}
	}

	private void cancelTasks() {
		ImpersonationTask<?> task = this.tasks.poll();
		while (task != null) {
			task.interrupt();
			task = this.tasks.poll();
		}
	}

	@Override
	public void close() {
		this.closed = true;
		cancelTasks();
		this.tasks.add(WAKE);
	}

}
