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
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.namedpipe.platform.PlatformThreads;
import io.namedpipe.posix.ListenerCopies;
import io.namedpipe.transport.PipeException;

/**
 * A listening socket, which accepts connections for any number of threads.
 * <p>
 * The JDK closes a channel when a thread is interrupted in its {@code accept}, which
 * would end the listening. So threads wait in {@link ListenerCopies}; where there are
 * none, one at a time in a selector.
 */
final class Acceptor implements AutoCloseable {

	/**
	 * Clients that wait to be accepted. They are accepted in their order, so a user that
	 * connects again and again makes others wait behind that number of connections. The
	 * kernel may lower the number (net.core.somaxconn).
	 */
	private static final int BACKLOG = 256;

	private final ServerSocketChannel channel;

	private final Selector selector;

	private final ReentrantLock turn = new ReentrantLock();

	/** Whether the first thread has come, which decides how threads wait. */
	private volatile boolean decided;

	private volatile @Nullable ListenerCopies copies;

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
		this.channel.bind(UnixDomainSocketAddress.of(path), BACKLOG);
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
		if (!this.decided) {
			decide();
		}
		ListenerCopies copies = this.copies;
		if (copies == null) {
			return acceptInTurn();
		}
		try {
			return copies.accept();
		}
		catch (ClosedByInterruptException ex) {
			throw interrupted(ex);
		}
	}

	// All threads of a container are of one kind. In a channel that blocks, a virtual
	// thread would lose a client when it is interrupted.
	private void decide() throws IOException {
		takeTurn();
		try {
			if (!this.decided && !PlatformThreads.isVirtual(Thread.currentThread())) {
				useCopies(ListenerCopies.of(this.channel));
			}
			this.decided = true;
		}
		finally {
			this.turn.unlock();
		}
	}

	private void useCopies(@Nullable ListenerCopies copies) throws IOException {
		if (copies == null) {
			return;
		}
		this.copies = copies;
		try {
			this.selector.close();
			this.channel.configureBlocking(true);
		}
		catch (IOException ex) {
			// This acceptor was closed meanwhile, perhaps without a look at the copies.
			copies.close();
			throw ex;
		}
	}

	private SocketChannel acceptInTurn() throws IOException {
		takeTurn();
		try {
			SocketChannel accepted = this.channel.accept();
			while (accepted == null) {
				select();
				accepted = this.channel.accept();
			}
			return accepted;
		}
		finally {
			this.turn.unlock();
		}
	}

	// An interrupted thread may still take a client that is there.
	private void takeTurn() {
		if (this.turn.tryLock()) {
			return;
		}
		try {
			this.turn.lockInterruptibly();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw interrupted(ex);
		}
	}

	private void select() throws IOException {
		if (Thread.currentThread().isInterrupted()) {
			throw interrupted(null);
		}
		try {
			this.selector.select();
			this.selector.selectedKeys().clear();
		}
		catch (ClosedSelectorException ex) {
			throw new ClosedChannelException();
		}
	}

	private static PipeException interrupted(@Nullable Exception cause) {
		return new PipeException("Waiting for a client was interrupted", cause);
	}

	boolean isOpen() {
		return this.channel.isOpen();
	}

	/**
	 * Stop listening. Ends every wait.
	 */
	@Override
	public void close() throws IOException {
		// First, so that none is made of a number that soon is another file's.
		closeCopies();
		try {
			this.channel.close();
			this.selector.close();
		}
		finally {
			closeCopies();
		}
	}

	private void closeCopies() throws IOException {
		ListenerCopies copies = this.copies;
		if (copies != null) {
			copies.close();
		}
	}

}
