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

import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.namedpipe.transport.PipeClosedException;

/**
 * A channel to a peer that sends prepared pieces and takes some bytes, and then does
 * nothing more: reads and writes wait until the channel is closed.
 */
public class WaitingChannel extends ScriptedChannel {

	private final int taken;

	private final CountDownLatch closed = new CountDownLatch(1);

	/**
	 * Create the channel.
	 * @param taken after how many bytes a write waits
	 * @param pieces what the peer sends
	 */
	public WaitingChannel(int taken, ByteBuffer... pieces) {
		super(pieces);
		this.taken = taken;
	}

	@Override
	public int read(ByteBuffer destination) {
		int count = super.read(destination);
		if (count < 0) {
			awaitClose();
		}
		return count;
	}

	@Override
	public void write(ByteBuffer source) {
		if (written().length >= this.taken) {
			awaitClose();
		}
		super.write(source);
	}

	private void awaitClose() {
		try {
			if (!this.closed.await(Background.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
				throw new IllegalStateException("The channel is not closed");
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		throw new PipeClosedException("The channel is closed");
	}

	@Override
	public void close() {
		super.close();
		this.closed.countDown();
	}

}
