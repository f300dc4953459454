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
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

import io.namedpipe.transport.PipeException;

/**
 * A listening socket, which accepts connections for any number of threads.
 * <p>
 * The JDK closes a channel when a thread is interrupted in its {@code accept}, which
 * would end the listening. So the channel is non-blocking, and one thread at a time waits
 * in a selector, which an interrupt only wakes up.
 */
final class Acceptor implements AutoCloseable {

	private final ServerSocketChannel channel;

	private final Selector selector;

	private final ReentrantLock lock = new ReentrantLock();

	/**
	 * Create a socket.
	 * @throws IOException if there are no file descriptors left
	 */
	Acceptor() throws IOException {
		this(ServerSocketChannel.open(StandardProtocolFamily.UNIX));
	}

	/**
	 * Take over a socket, which is closed if that fails.
	 * @param channel the socket
	 * @throws IOException if there are no file descriptors left
	 */
	Acceptor(ServerSocketChannel channel) throws IOException {
		this.channel = channel;
		Selector selector = null;
		try {
			selector = Selector.open();
			channel.configureBlocking(false);
			channel.register(selector, SelectionKey.OP_ACCEPT);
			this.selector = selector;
		}
		catch (IOException ex) {
			channel.close();
			if (selector != null) {
				selector.close();
			}
			throw ex;
		}
	}

	/**
	 * Listen.
	 * @param path the name that the socket gets
	 * @throws IOException if the socket cannot be made
	 */
	void listen(Path path) throws IOException {
		// The kernel lowers this to its own limit (net.core.somaxconn).
		this.channel.bind(UnixDomainSocketAddress.of(path), Integer.MAX_VALUE);
	}

	/**
	 * Wait for a connection.
	 * @return the connection, in blocking mode
	 * @throws ClosedChannelException if this acceptor is closed
	 * @throws PipeException if the calling thread is interrupted; its interrupt status
	 * stays set
	 * @throws IOException if no connection can be accepted
	 */
	SocketChannel accept() throws IOException {
		this.lock.lock();
		try {
			SocketChannel accepted = this.channel.accept();
			while (accepted == null) {
				await();
				accepted = this.channel.accept();
			}
			return accepted;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void await() throws IOException {
		if (Thread.currentThread().isInterrupted()) {
			throw new PipeException("Waiting for a client was interrupted");
		}
		try {
			this.selector.select();
			this.selector.selectedKeys().clear();
		}
		catch (ClosedSelectorException ex) {
			throw new ClosedChannelException();
		}
	}

	boolean isOpen() {
		return this.channel.isOpen() && this.selector.isOpen();
	}

	/**
	 * Stop listening. Ends every wait.
	 */
	@Override
	public void close() throws IOException {
		// The socket is released when the selector does not know it any more.
		try (this.selector) {
			this.channel.close();
		}
	}

}
