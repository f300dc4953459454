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

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

import io.namedpipe.security.PipeThread;

/**
 * The threads between a start and a stop of a container: platform threads or virtual
 * threads.
 */
final class ServingThreads {

	/**
	 * Interval of the check for threads that wait for the stop themselves, in
	 * nanoseconds.
	 */
	private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private final String prefix;

	private final @Nullable SimpleAsyncTaskExecutor virtualThreads;

	private final AtomicInteger number = new AtomicInteger();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition ended = this.lock.newCondition();

	// Guarded by the lock, like those below.
	private final Set<Thread> threads = new HashSet<>();

	private final Set<Thread> excused = new HashSet<>();

	private int live;

	private int limited;

	ServingThreads(String prefix, boolean virtual) {
		this.prefix = prefix;
		this.virtualThreads = virtual ? virtualThreads(prefix) : null;
	}

	private static SimpleAsyncTaskExecutor virtualThreads(String prefix) {
		SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor(prefix + "-");
		executor.setVirtualThreads(true);
		return executor;
	}

	/**
	 * Start a thread of a limited number of threads.
	 * @param body the code of the thread
	 * @param limit the maximum number of running threads that this method has started
	 * @return {@code false} if the limit is reached
	 */
	boolean start(Runnable body, int limit) {
		this.lock.lock();
		try {
			if (this.limited >= limit) {
				return false;
			}
			launch(body, 1);
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Start a thread that does not count towards the limit.
	 * @param body the code of the thread
	 */
	void start(Runnable body) {
		this.lock.lock();
		try {
			launch(body, 0);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void launch(Runnable body, int counted) {
		Runnable tracked = () -> {
			begin();
			try {
				body.run();
			}
			finally {
				end(counted);
			}
		};
		if (this.virtualThreads != null) {
			this.virtualThreads.execute(tracked);
		}
		else {
			new PipeThread(tracked, this.prefix + "-" + this.number.incrementAndGet()).start();
		}
		this.live++;
		this.limited += counted;
	}

	private void begin() {
		this.lock.lock();
		try {
			this.threads.add(Thread.currentThread());
		}
		finally {
			this.lock.unlock();
		}
	}

	private void end(int counted) {
		this.lock.lock();
		try {
			this.threads.remove(Thread.currentThread());
			this.excused.remove(Thread.currentThread());
			this.live--;
			this.limited -= counted;
			this.ended.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Exclude a thread from waiting, because it waits for the end of the others itself.
	 * @param thread the thread; threads that are not of this object are ignored
	 */
	void excuse(Thread thread) {
		this.lock.lock();
		try {
			if (this.threads.contains(thread)) {
				this.excused.add(thread);
				this.ended.signalAll();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wait until all threads have ended, but for excused ones.
	 * @param limit the maximum time to wait
	 * @return whether they have ended
	 */
	boolean await(Duration limit) {
		long end = System.nanoTime() + limit.toNanos();
		this.lock.lock();
		try {
			while (this.live > this.excused.size()) {
				long left = end - System.nanoTime();
				if (left <= 0) {
					return false;
				}
				this.threads.stream().filter(ServingThreads::waitsForExit).forEach(this.excused::add);
				this.ended.awaitNanos(Math.min(left, LOOK_NANOS));
			}
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
		finally {
			this.lock.unlock();
		}
	}

	// System.exit does not return: it waits for the shutdown hook, which stops the
	// application.
	private static boolean waitsForExit(Thread thread) {
		return Stream.of(thread.getStackTrace()).anyMatch((frame) -> frame.getClassName().equals("java.lang.Shutdown"));
	}

	void interrupt() {
		this.lock.lock();
		try {
			this.threads.stream().filter((thread) -> !this.excused.contains(thread)).forEach(Thread::interrupt);
		}
		finally {
			this.lock.unlock();
		}
	}

}
