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

package io.namedpipe.testing;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Runs parts of a test on other threads. A part that never ends fails its test and keeps
 * no JVM alive.
 */
public final class Background {

	/** Long enough for a slow machine, short enough to notice a hang. */
	public static final int PATIENCE_SECONDS = 30;

	private Background() {
	}

	public static <T> CompletableFuture<T> run(Callable<T> body) {
		return run("test-background", body);
	}

	/**
	 * Run a part in a thread of its own.
	 * @param <T> the type of the result
	 * @param threadName the name of the thread
	 * @param body the part
	 * @return its result
	 */
	public static <T> CompletableFuture<T> run(String threadName, Callable<T> body) {
		CompletableFuture<T> future = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				future.complete(body.call());
			}
			catch (Throwable ex) {
				future.completeExceptionally(ex);
			}
		}, threadName);
		thread.setDaemon(true);
		thread.start();
		return future;
	}

	public static <T> T get(CompletableFuture<T> future) throws Exception {
		try {
			return future.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof Exception cause) {
				throw cause;
			}
			throw ex;
		}
	}

}
