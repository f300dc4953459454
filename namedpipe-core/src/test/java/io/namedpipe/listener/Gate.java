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

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import io.namedpipe.protocol.PipeExchange;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.testing.Background;

/**
 * A handler that waits until a test releases it.
 */
final class Gate implements ContainerFixture.Handler {

	private final Semaphore entered = new Semaphore(0);

	private final CountDownLatch opened = new CountDownLatch(1);

	@Override
	public PipeReply handle(PipeExchange context) throws InterruptedException {
		this.entered.release();
		String text = context.request().body().text();
		if (text.startsWith("wait")) {
			this.opened.await();
		}
		return PipeReply.of("done " + context.request().body().text());
	}

	void awaitEntered(int requests) throws InterruptedException {
		if (!this.entered.tryAcquire(requests, Background.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
			throw new IllegalStateException("The handler was not called");
		}
	}

	/**
	 * Whether a request is in the handler that was not waited for.
	 */
	boolean isEntered() {
		return this.entered.availablePermits() > 0;
	}

	void open() {
		this.opened.countDown();
	}

}
