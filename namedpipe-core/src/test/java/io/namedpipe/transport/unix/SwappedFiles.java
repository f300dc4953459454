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

package io.namedpipe.transport.unix;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.namedpipe.testing.Background;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reads a file again and again while it is replaced by others.
 */
public final class SwappedFiles {

	// With -Dio.namedpipe.swap-rounds=100000 it takes minutes.
	private static final int ROUNDS = Integer.getInteger("io.namedpipe.swap-rounds", 5000);

	private static final int SWAPS = 100;

	private SwappedFiles() {
	}

	/**
	 * Assert that only the file that reads {@code harmless} is ever read.
	 * @param read reads the file
	 * @param swap puts something in its place, and the file back
	 */
	public static void assertAlwaysHarmless(Callable<String> read, Swap swap) throws Exception {
		AtomicBoolean over = new AtomicBoolean();
		AtomicInteger swaps = new AtomicInteger();
		CompletableFuture<Void> swapping = Background.run(() -> {
			while (!over.get()) {
				swap.run();
				swaps.incrementAndGet();
			}
			return null;
		});
		int successes = 0;
		try {
			for (int i = 0; (i < ROUNDS || swaps.get() < SWAPS || successes == 0) && !swapping.isDone(); i++) {
				try {
					// Without what it is: the environment may hold secrets.
					assertThat(read.call().equals("harmless")).as("only the harmless file is read").isTrue();
					successes++;
				}
				catch (FileSystemException ex) {
					// It is not there at this moment, or what is there is refused.
				}
			}
		}
		finally {
			over.set(true);
		}
		Background.get(swapping);
		assertThat(successes).isPositive();
	}

	/**
	 * What a client does to its files.
	 */
	@FunctionalInterface
	public interface Swap {

		void run() throws IOException;

	}

}
