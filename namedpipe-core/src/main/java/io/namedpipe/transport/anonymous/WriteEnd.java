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

package io.namedpipe.transport.anonymous;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeResetException;

/**
 * The end of an operating system's pipe that is written to: directly, where closing it
 * ends a write, or by a {@link WriteBehind} otherwise and from the first time-out on.
 */
final class WriteEnd implements PipeSink {

	private final WritableByteChannel end;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile @Nullable WriteBehind behind;

	private volatile Duration timeout = Duration.ZERO;

	private volatile boolean closed;

	WriteEnd(WritableByteChannel end) {
		this.end = end;
		if (!ReadEnd.isDirect(end)) {
			this.behind = new WriteBehind(end);
		}
	}

	@Override
	public void write(ByteBuffer source) {
		this.lock.lock();
		try {
			if (this.closed) {
				throw PipeClosedException.ofChannel(null);
			}
			WriteBehind behind = this.behind;
			if (behind != null) {
				behind.write(source, this.timeout);
				return;
			}
			// A close may end a write without an exception: the next one reports it.
			while (source.hasRemaining()) {
				this.end.write(source);
			}
			if (this.closed) {
				throw PipeClosedException.ofChannel(null);
			}
		}
		catch (ClosedChannelException ex) {
			throw PipeClosedException.ofChannel(ex);
		}
		catch (IOException ex) {
			throw PipeResetException.ofWrite(ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void setWriteTimeout(Duration timeout) {
		if (!timeout.isZero() && this.behind == null) {
			if (!this.lock.tryLock()) {
				throw ReadEnd.inUse();
			}
			try {
				if (this.behind == null && !this.closed) {
					this.behind = new WriteBehind(this.end);
				}
			}
			finally {
				this.lock.unlock();
			}
		}
		this.timeout = timeout;
	}

	@Override
	public void close() {
		this.closed = true;
		WriteBehind behind = this.behind;
		try {
			if (behind != null) {
				behind.close();
			}
			else {
				this.end.close();
			}
		}
		catch (IOException ex) {
			throw new PipeException("The pipe channel could not be closed", ex);
		}
	}

}
