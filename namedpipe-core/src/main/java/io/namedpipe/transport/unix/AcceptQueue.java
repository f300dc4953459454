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
import java.lang.System.Logger.Level;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PlatformThreads;

/**
 * Where threads wait for clients: in the kernel, which wakes one thread for each client.
 * <p>
 * The JDK lets one thread at a time into {@code accept}, and others queue for its place:
 * then two threads have to be woken for a client, one after the other. So each waiting
 * thread has a channel of its own to the same socket, where {@link ListenerCopies} can
 * make them. Where not, and for virtual threads, whose waiting the JDK does, the queue is
 * the JDK's.
 */
final class AcceptQueue implements AutoCloseable {

	private static final System.Logger logger = System.getLogger(AcceptQueue.class.getName());

	/** Each is a file descriptor. Threads beyond that queue for one of them. */
	static final int COPIES = 8;

	private final ServerSocketChannel channel;

	private final ReentrantLock lock = new ReentrantLock();

	// Guarded by the lock.
	private final List<ServerSocketChannel> copies = new ArrayList<>();

	// Guarded by the lock. The last one that was used goes first.
	private final Deque<ServerSocketChannel> free = new ArrayDeque<>();

	AcceptQueue(ServerSocketChannel channel) {
		this(channel, ListenerCopies.arePossible() ? COPIES : 0);
	}

	AcceptQueue(ServerSocketChannel channel, int copies) {
		this.channel = channel;
		boolean possible = true;
		for (int i = 0; i < copies && possible; i++) {
			possible = addCopy();
		}
	}

	private boolean addCopy() {
		try {
			ServerSocketChannel copy = ListenerCopies.copy(this.channel);
			this.copies.add(copy);
			this.free.push(copy);
			return true;
		}
		catch (IOException | RuntimeException | LinkageError ex) {
			logger.log(Level.DEBUG, "No more channels for one socket", ex);
			return false;
		}
	}

	/**
	 * Wait for a client.
	 * @return the connection
	 * @throws java.nio.channels.ClosedChannelException if the queue is closed, or the
	 * calling thread interrupted
	 * @throws IOException if no client can be accepted
	 */
	SocketChannel accept() throws IOException {
		ServerSocketChannel own = take();
		ServerSocketChannel listener = (own != null) ? own : shared();
		try {
			return listener.accept();
		}
		finally {
			leave(listener, own != null);
		}
	}

	private @Nullable ServerSocketChannel take() {
		if (PlatformThreads.isVirtual(Thread.currentThread())) {
			return null;
		}
		this.lock.lock();
		try {
			return this.free.poll();
		}
		finally {
			this.lock.unlock();
		}
	}

	// Where there are copies, nobody waits in the original, which an interrupt would
	// close.
	private ServerSocketChannel shared() {
		this.lock.lock();
		try {
			return this.copies.isEmpty() ? this.channel : this.copies.get(0);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void leave(ServerSocketChannel listener, boolean taken) {
		this.lock.lock();
		try {
			if (!listener.isOpen()) {
				replace(listener);
			}
			else if (taken) {
				this.free.push(listener);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	// An interrupt closes the channel that the thread waits in, perhaps with others.
	private void replace(ServerSocketChannel closed) {
		if (this.copies.remove(closed) && this.channel.isOpen()) {
			this.free.remove(closed);
			addCopy();
		}
	}

	boolean isOpen() {
		return this.channel.isOpen();
	}

	/**
	 * Stop listening. Ends every wait.
	 */
	@Override
	public void close() throws IOException {
		this.lock.lock();
		try (this.channel) {
			closeAll(this.copies.iterator());
		}
		finally {
			this.lock.unlock();
		}
	}

	private static void closeAll(Iterator<ServerSocketChannel> channels) throws IOException {
		if (channels.hasNext()) {
			try (ServerSocketChannel channel = channels.next()) {
				closeAll(channels);
			}
		}
	}

}
