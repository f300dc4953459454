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

package io.namedpipe.posix;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The wait of one thread for a connection. An interrupt and {@link #close()} end it, and
 * a wait that has ended so is of no more use.
 */
final class ConnectionWait extends AbstractInterruptibleChannel {

	private static final int CLOSE_ON_EXEC = 0x80000;

	private static final int EPOLL_CTL_ADD = 1;

	private static final int EPOLLIN = 1;

	private static final int EPOLLEXCLUSIVE = 1 << 28;

	/** {@code struct epoll_event} in the larger of its two layouts. */
	private static final int EVENT_BYTES = 16;

	/** What is added to the counter of an eventfd, which is eight bytes long. */
	private static final byte[] ONE = { 1, 1, 1, 1, 1, 1, 1, 1 };

	private final NativeMemory event = new NativeMemory(EVENT_BYTES);

	private final ReentrantLock lock = new ReentrantLock();

	// Readable when the wait is closed, until its thread has seen it.
	private final int closing;

	private final int epoll;

	// Guarded by the lock.
	private boolean inUse;

	// Guarded by the lock.
	private boolean released;

	ConnectionWait(int listening) throws IOException {
		this.closing = call(SystemCall.EVENTFD2, 0, CLOSE_ON_EXEC);
		try {
			this.epoll = call(SystemCall.EPOLL_CREATE1, CLOSE_ON_EXEC, 0);
		}
		catch (IOException ex) {
			LibC.close(this.closing);
			throw ex;
		}
		try {
			add(listening, EPOLLIN | EPOLLEXCLUSIVE);
			add(this.closing, EPOLLIN);
		}
		catch (IOException ex) {
			release();
			throw ex;
		}
	}

	private void add(int descriptor, int events) throws IOException {
		this.event.buffer().putInt(0, events);
		if (LibC.syscall(SystemCall.EPOLL_CTL.number(), this.epoll, EPOLL_CTL_ADD, descriptor, this.event.address(),
				0) < 0) {
			throw lastFailure();
		}
	}

	private static int call(SystemCall call, long first, long second) throws IOException {
		long result = LibC.syscall(call.number(), first, second);
		if (result < 0) {
			throw lastFailure();
		}
		return (int) result;
	}

	private static IOException lastFailure() {
		return new IOException(LibC.strerror(Errno.last()));
	}

	/**
	 * Wait until there seems to be a connection.
	 * @throws ClosedChannelException if the wait is closed or its thread interrupted,
	 * perhaps when the kernel had told this thread alone of a connection
	 * @throws IOException if the kernel refuses
	 */
	void await() throws IOException {
		boolean told = false;
		try {
			begin();
			enter();
			long count = LibC.syscall(SystemCall.EPOLL_PWAIT.number(), this.epoll, this.event.address(), 1, -1, 0);
			if (count < 0 && !Errno.EINTR.isLast()) {
				throw lastFailure();
			}
			told = isOpen();
		}
		finally {
			leave();
			end(told);
		}
	}

	private void enter() throws ClosedChannelException {
		this.lock.lock();
		try {
			if (!isOpen()) {
				throw new ClosedChannelException();
			}
			this.inUse = true;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void leave() {
		this.lock.lock();
		try {
			this.inUse = false;
			if (!isOpen()) {
				release();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	// The thread that waits gives the descriptors back itself: a number that is closed
	// under it may be another file's a moment later.
	@Override
	protected void implCloseChannel() {
		this.lock.lock();
		try {
			if (this.inUse) {
				LibC.write(this.closing, ONE, ONE.length);
			}
			else {
				release();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void release() {
		if (!this.released) {
			this.released = true;
			LibC.close(this.epoll);
			LibC.close(this.closing);
		}
	}

}
