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

package io.namedpipe.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The content of a reply, which gives its connection back at its end or when it is
 * closed, once. After that it does not touch the connection, which may serve another
 * request.
 */
final class ReleasingStream extends InputStream {

	private final InputStream content;

	private final Runnable release;

	private final AtomicBoolean released = new AtomicBoolean();

	private boolean ended;

	private volatile boolean closed;

	ReleasingStream(InputStream content, Runnable release) {
		this.content = content;
		this.release = release;
	}

	@Override
	public int read() throws IOException {
		byte[] single = new byte[1];
		return (read(single, 0, 1) < 0) ? -1 : single[0] & 0xff;
	}

	@Override
	public int read(byte[] target, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(offset, length, target.length);
		if (this.closed) {
			throw new IOException("The content of the reply is closed");
		}
		if (this.ended || length == 0) {
			return this.ended ? -1 : 0;
		}
		int count = this.content.read(target, offset, length);
		if (count < 0) {
			this.ended = true;
			release();
		}
		return count;
	}

	@Override
	public void close() throws IOException {
		this.closed = true;
		if (!this.released.get()) {
			try {
				this.content.close();
			}
			finally {
				release();
			}
		}
	}

	private void release() {
		if (this.released.compareAndSet(false, true)) {
			this.release.run();
		}
	}

}
