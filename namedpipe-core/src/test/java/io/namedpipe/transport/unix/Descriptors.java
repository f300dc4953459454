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

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Takes all file descriptors of a process, which should have a low limit and be alone.
 */
final class Descriptors implements Closeable {

	private final Deque<Closeable> files = new ArrayDeque<>();

	Descriptors() {
		try {
			while (true) {
				this.files.push(FileChannel.open(Path.of("/dev/null")));
			}
		}
		catch (IOException ex) {
			// As many as there are.
		}
	}

	// Give some back.
	void release(int count) throws IOException {
		for (int i = 0; i < count; i++) {
			this.files.pop().close();
		}
	}

	@Override
	public void close() throws IOException {
		release(this.files.size());
	}

}
