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

package io.namedpipe.demo.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.namedpipe.client.PipeOperations;
import io.namedpipe.transport.PipeException;

/**
 * Several clients at once that ask for the same file.
 */
class FileFetcher {

	private final PipeOperations pipe;

	FileFetcher(PipeOperations pipe) {
		this.pipe = pipe;
	}

	/**
	 * Fetch the file.
	 * @param file the file
	 * @param clients the number of clients at once
	 * @return the text, which all of them got
	 * @throws InterruptedException if the wait is interrupted
	 * @throws IllegalStateException if two clients got different texts
	 */
	String fetch(String file, int clients) throws InterruptedException {
		ExecutorService executor = Executors.newFixedThreadPool(clients);
		try {
			List<Future<String>> replies = new ArrayList<>();
			for (int i = 0; i < clients; i++) {
				replies.add(executor.submit(() -> this.pipe.requestFile(file)));
			}
			String text = get(replies.get(0));
			for (Future<String> reply : replies) {
				if (!get(reply).equals(text)) {
					throw new IllegalStateException("two clients got different texts");
				}
			}
			return text;
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static String get(Future<String> reply) throws InterruptedException {
		try {
			return reply.get();
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof PipeException failure) {
				throw failure;
			}
			throw new IllegalStateException(ex.getCause());
		}
	}

}
