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
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import com.sun.jna.Native;
import org.jspecify.annotations.Nullable;

/**
 * Further channels for one listening Unix-domain socket.
 * <p>
 * The JDK lets one thread at a time wait in a channel's {@code accept}, and others queue
 * for its place: two threads have to be woken for a client, one after the other. With a
 * channel for each waiting thread the kernel wakes one. In paired rounds with four and 16
 * clients that send small requests, a server without copies answers 0.82 and 0.84 of what
 * it answers with them.
 *
 * @since 0.1.0
 */
public final class ListenerCopies implements AutoCloseable {

	/** Each copy is a file descriptor. Threads beyond that wait for one of them. */
	static final int MAX_COPIES = 8;

	private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

	private static final short AF_UNIX = 1;

	private static final int SOCK_STREAM = 1;

	/** {@code struct sockaddr_un}, and a zero in any case. */
	private static final int ADDRESS_BYTES = 111;

	private final int original;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition given = this.lock.newCondition();

	// Guarded by the lock.
	private final Set<ServerSocketChannel> copies = new HashSet<>();

	// Guarded by the lock. The last one that was used goes first.
	private final Deque<ServerSocketChannel> free = new ArrayDeque<>();

	// Guarded by the lock.
	private boolean closed;

	private ListenerCopies(int original) {
		this.original = original;
	}

	/**
	 * Prepare copies of a listening channel.
	 * @param channel the channel, bound to a path; it has to be in blocking mode, which
	 * its copies share, before they are used, and to stay open until they are closed
	 * @return the copies, or {@code null} if there are none to be had: not on Linux,
	 * without JNA, or with another socket that listens at the same path
	 */
	public static @Nullable ListenerCopies of(ServerSocketChannel channel) {
		if (!Descriptors.isUsable()) {
			return null;
		}
		try {
			ListenerCopies copies = new ListenerCopies(descriptor(path(channel)));
			copies.free.push(copies.add());
			return copies;
		}
		catch (IOException | UnsupportedOperationException ex) {
			return null;
		}
	}

	private ServerSocketChannel add() throws IOException {
		ServerSocketChannel copy = copy(this.original);
		this.copies.add(copy);
		return copy;
	}

	/**
	 * Make a channel for a listening socket that this process has inherited. The
	 * descriptor stays open: when the channel is closed, another one can be made of it.
	 * @param descriptor the descriptor
	 * @return the channel, whose local address is another one than that of the socket
	 * @throws IOException if the descriptor is no listening Unix-domain socket of
	 * streams, or if there are no descriptors left or no temporary directory
	 * @throws JnaUnavailableException if JNA is missing or does not load
	 */
	public static ServerSocketChannel inherited(int descriptor) throws IOException {
		Jna.require();
		if (Descriptors.socketOption(descriptor, Descriptors.SO_DOMAIN) != AF_UNIX
				|| Descriptors.socketOption(descriptor, Descriptors.SO_TYPE) != SOCK_STREAM
				|| Descriptors.socketOption(descriptor, Descriptors.SO_ACCEPTCONN) != 1) {
			throw new IOException("descriptor %d is no listening Unix-domain socket of streams".formatted(descriptor));
		}
		return copy(descriptor);
	}

	// The JDK accepts on a bound channel only. A client that finds this socket in the
	// moment that it has a name is sent away when its descriptor is replaced.
	private static ServerSocketChannel copy(int original) throws IOException {
		ServerSocketChannel copy = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
		try {
			copy.bind(null, 1);
			int descriptor = descriptor(path(copy));
			Files.deleteIfExists(path(copy));
			Descriptors.duplicatePrivately(original, descriptor);
			return copy;
		}
		catch (IOException | RuntimeException | Error ex) {
			copy.close();
			throw ex;
		}
	}

	private static Path path(ServerSocketChannel channel) throws IOException {
		return ((UnixDomainSocketAddress) channel.getLocalAddress()).getPath();
	}

	// A connection has the name of the socket that has accepted it, but does not listen.
	// Two sockets have one name if the first one's file has been removed.
	static int descriptor(Path path) throws IOException {
		int found = -1;
		try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
			for (Path each : descriptors) {
				int descriptor = Integer.parseInt(each.getFileName().toString());
				if (Descriptors.socketOption(descriptor, Descriptors.SO_ACCEPTCONN) == 1
						&& path.toString().equals(path(descriptor))) {
					if (found >= 0) {
						throw new IOException("More than one socket of this process listens at " + path);
					}
					found = descriptor;
				}
			}
		}
		if (found < 0) {
			throw new IOException("No socket of this process listens at " + path);
		}
		return found;
	}

	private static String path(int descriptor) {
		byte[] address = new byte[ADDRESS_BYTES];
		if (LibC.getsockname(descriptor, address, new int[] { ADDRESS_BYTES - 1 }) != 0
				|| ByteBuffer.wrap(address).order(ByteOrder.nativeOrder()).getShort() != AF_UNIX) {
			return "";
		}
		return Native.toString(Arrays.copyOfRange(address, Short.BYTES, ADDRESS_BYTES), FileCalls.FILE_NAMES);
	}

	/**
	 * Wait for a connection. An interrupt of the calling thread ends its wait alone; a
	 * connection that comes in the same moment is lost, and never answered (the JDK
	 * forgets it).
	 * @return the connection, in blocking mode
	 * @throws ClosedByInterruptException if the calling thread is interrupted; its
	 * interrupt status stays set
	 * @throws ClosedChannelException if the copies are closed
	 * @throws IOException if no connection can be accepted
	 */
	public SocketChannel accept() throws IOException {
		ServerSocketChannel copy = take();
		try {
			return copy.accept();
		}
		finally {
			giveBack(copy);
		}
	}

	private ServerSocketChannel take() throws IOException {
		this.lock.lock();
		try {
			while (!this.closed) {
				ServerSocketChannel copy = this.free.poll();
				if (copy != null) {
					return copy;
				}
				if (this.copies.size() < MAX_COPIES) {
					return add();
				}
				this.given.await();
			}
			throw new ClosedChannelException();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new ClosedByInterruptException();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void giveBack(ServerSocketChannel copy) {
		this.lock.lock();
		try {
			if (copy.isOpen()) {
				this.free.push(copy);
			}
			else {
				this.copies.remove(copy);
			}
			this.given.signal();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Close the copies. Ends every wait in them.
	 */
	@Override
	public void close() throws IOException {
		this.lock.lock();
		try {
			this.closed = true;
			this.given.signalAll();
			for (ServerSocketChannel copy : this.copies) {
				copy.close();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

}
