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

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

import io.namedpipe.security.PipeThread;

/**
 * The threads of one run of a container: platform threads, or virtual ones.
 */
final class ServingThreads {

	private final String prefix;

	private final @Nullable SimpleAsyncTaskExecutor virtualThreads;

	private final AtomicInteger number = new AtomicInteger();

	private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

	ServingThreads(String prefix, boolean virtual) {
		this.prefix = prefix;
		this.virtualThreads = virtual ? virtualThreads(prefix) : null;
	}

	private static SimpleAsyncTaskExecutor virtualThreads(String prefix) {
		SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor(prefix + "-");
		executor.setVirtualThreads(true);
		return executor;
	}

	void start(Runnable body) {
		Runnable tracked = () -> {
			this.threads.add(Thread.currentThread());
			try {
				body.run();
			}
			finally {
				this.threads.remove(Thread.currentThread());
			}
		};
		if (this.virtualThreads != null) {
			this.virtualThreads.execute(tracked);
			return;
		}
		new PipeThread(tracked, this.prefix + "-" + this.number.incrementAndGet()).start();
	}

	void interrupt() {
		this.threads.forEach(Thread::interrupt);
	}

}
