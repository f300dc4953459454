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
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Semaphore;

import org.jspecify.annotations.Nullable;

/**
 * Where threads wait for clients: one at a time accepts, the others wait for its place.
 * <p>
 * Waking a thread takes longer than serving a short request. So a thread that serves the
 * only client there is keeps the place; when it is back soon, nobody had to be woken, and
 * it looks for the next client for a moment before it goes to sleep. If it is not,
 * {@link KeptPlace} lets another thread have the place.
 */
final class AcceptQueue implements AutoCloseable {

	private final ServerSocketChannel channel;

	private final Siblings siblings;

	private final Semaphore place = new Semaphore(1);

	private final KeptPlace kept = new KeptPlace(this::letGo);

	AcceptQueue(ServerSocketChannel channel, Siblings siblings) {
		this.channel = channel;
		this.siblings = siblings;
	}

	SocketChannel accept() throws IOException {
		boolean hadKept = this.kept.takeBack();
		if (!hadKept) {
			this.place.acquireUninterruptibly();
		}
		boolean keep = false;
		try {
			SocketChannel client = hadKept ? look() : null;
			if (client == null) {
				// Does nothing but after a look.
				this.channel.configureBlocking(true);
				client = this.channel.accept();
			}
			keep = this.siblings.hasOneClient();
			return client;
		}
		finally {
			if (keep) {
				this.kept.keep();
			}
			else {
				this.place.release();
			}
		}
	}

	private @Nullable SocketChannel look() throws IOException {
		this.channel.configureBlocking(false);
		SocketChannel client = this.channel.accept();
		if (client != null) {
			// It came while this thread was away, and others may have come with it.
			this.siblings.crowd();
			return client;
		}
		Look look = new Look(Siblings.LONG_LOOK_NANOS);
		while (client == null && look.again()) {
			client = this.channel.accept();
		}
		return client;
	}

	// A thread that is away for so long is slow to serve, and must not keep others
	// waiting again at once.
	private void letGo() {
		this.siblings.forget();
		this.place.release();
	}

	// The channel is closed before: whoever gets the place now finds that.
	@Override
	public void close() {
		this.kept.close();
	}

}
