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
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.namedpipe.platform.OperatingSystem;
import io.namedpipe.platform.PlatformThreads;
import io.namedpipe.transport.PipeChannel;
import io.namedpipe.transport.PipeClosedException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.windows.InheritedPipe;

/**
 * The end of an operating system's pipe that is read. A {@link FileChannel} on Unix and
 * an inherited handle on Windows are read directly, since closing them ends a read. A
 * thread reads ahead from every other end, which costs a change of threads for each read.
 * From the first time-out or the first check of the peer on, it does so for all ends,
 * since the JDK has no other means for these.
 */
final class ReadEnd implements PipeSource {

	private static final int AHEAD = 64 * 1024;

	private final ReadableByteChannel end;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile @Nullable PipeChannel ahead;

	private volatile boolean closed;

	ReadEnd(ReadableByteChannel end) {
		this.end = end;
		if (!isDirect(end)) {
			this.ahead = readAhead();
		}
	}

	// Whether closing the end ends a read or a write.
	static boolean isDirect(Channel end) {
		return end instanceof InheritedPipe || (end instanceof FileChannel && !OperatingSystem.isWindows());
	}

	@Override
	public int read(ByteBuffer destination) {
		this.lock.lock();
		try {
			PipeChannel ahead = this.ahead;
			if (ahead != null) {
				return ahead.read(destination);
			}
			return this.end.read(destination);
		}
		catch (ClosedChannelException ex) {
			throw PipeClosedException.ofChannel(ex);
		}
		catch (IOException ex) {
			// As with sockets: a peer that is gone is the end of what it sent.
			return -1;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void setReadTimeout(Duration timeout) {
		if (timeout.isZero() && this.ahead == null) {
			return;
		}
		PipeChannel ahead = this.ahead;
		if (ahead == null) {
			if (!this.lock.tryLock()) {
				throw inUse();
			}
			try {
				ahead = startReadAhead();
			}
			finally {
				this.lock.unlock();
			}
		}
		ahead.setReadTimeout(timeout);
	}

	@Override
	public boolean isPeerGone() {
		// A thread that reads learns it by itself.
		if (!this.lock.tryLock()) {
			return false;
		}
		try {
			return !this.closed && startReadAhead().isPeerGone();
		}
		finally {
			this.lock.unlock();
		}
	}

	private PipeChannel startReadAhead() {
		PipeChannel ahead = this.ahead;
		if (ahead == null) {
			ahead = readAhead();
			this.ahead = ahead;
			if (this.closed) {
				ahead.close();
			}
		}
		return ahead;
	}

	private PipeChannel readAhead() {
		PipePair pair = PipePair.open();
		PlatformThreads.daemon("namedpipe-read-ahead", () -> copy(pair.second())).start();
		return pair.first();
	}

	private void copy(PipeChannel target) {
		ByteBuffer buffer = ByteBuffer.allocateDirect(AHEAD);
		try (target) {
			while (this.end.read(buffer.clear()) >= 0) {
				target.write(buffer.flip());
			}
		}
		catch (IOException | PipeException ex) {
			// Closed at this end, or at the other, which is the end of what it sent.
		}
	}

	@Override
	public void close() {
		this.closed = true;
		PipeChannel ahead = this.ahead;
		if (ahead != null) {
			ahead.close();
		}
		try {
			this.end.close();
		}
		catch (IOException ex) {
			throw new PipeException("The pipe channel could not be closed", ex);
		}
	}

	static IllegalStateException inUse() {
		return new IllegalStateException("The first time-out of a channel must be set while no thread reads or writes");
	}

}
