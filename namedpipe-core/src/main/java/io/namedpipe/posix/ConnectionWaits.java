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
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

import com.sun.jna.Native;
import org.jspecify.annotations.Nullable;

/**
 * Lets any number of threads wait for the connections of one listening Unix-domain
 * socket, of which the kernel wakes one for each connection ({@code EPOLLEXCLUSIVE},
 * Linux 4.5). No thread has to wake the next one, which would cost about a fifth of the
 * exchanges of small requests. Each waiting thread takes two file descriptors.
 *
 * @since 0.1.0
 */
public final class ConnectionWaits implements AutoCloseable {

	private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

	private static final int SOL_SOCKET = 1;

	private static final int SO_ACCEPTCONN = 30;

	private static final short AF_UNIX = 1;

	/** {@code struct sockaddr_un}, and a zero in any case. */
	private static final int ADDRESS_BYTES = 111;

	private final int listening;

	private final ReentrantLock lock = new ReentrantLock();

	// Guarded by the lock. The last one that was used goes first.
	private final Deque<ConnectionWait> idle = new ArrayDeque<>();

	// Guarded by the lock.
	private final Set<ConnectionWait> inUse = new HashSet<>();

	// Guarded by the lock.
	private boolean closed;

	private ConnectionWaits(int listening) {
		this.listening = listening;
	}

	/**
	 * Find the descriptor of a listening channel.
	 * @param channel the channel, non-blocking and bound to a path; it has to stay open
	 * until the waits are closed
	 * @return the waits, or {@code null} if there are none to be had: not on Linux,
	 * without JNA, or with another socket that listens at the same path
	 */
	public static @Nullable ConnectionWaits on(ServerSocketChannel channel) {
		if (!Jna.isUsable()) {
			return null;
		}
		try {
			SystemCall.requireKnown();
			int descriptor = descriptor(((UnixDomainSocketAddress) channel.getLocalAddress()).getPath());
			if (descriptor < 0) {
				return null;
			}
			ConnectionWaits waits = new ConnectionWaits(descriptor);
			// An older kernel does not know what is asked of it.
			waits.idle.push(new ConnectionWait(descriptor));
			return waits;
		}
		catch (IOException | UnsupportedOperationException ex) {
			return null;
		}
	}

	static int descriptor(Path path) throws IOException {
		int found = -1;
		try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
			for (Path each : descriptors) {
				int descriptor = Integer.parseInt(each.getFileName().toString());
				if (isListening(descriptor) && path.toString().equals(path(descriptor))) {
					if (found >= 0) {
						return -1;
					}
					found = descriptor;
				}
			}
		}
		return found;
	}

	private static boolean isListening(int descriptor) {
		NativeMemory memory = new NativeMemory(2 * Integer.BYTES);
		memory.buffer().putInt(Integer.BYTES, Integer.BYTES);
		return LibC.getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, memory.address(),
				memory.address() + Integer.BYTES) == 0 && memory.buffer().getInt(0) != 0;
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
	 * Wait until there seems to be a connection, which another thread may take first.
	 * @throws ClosedByInterruptException if the calling thread is interrupted; its
	 * interrupt status stays set. The kernel may have told this thread alone of a
	 * connection, so the caller has to look for one.
	 * @throws ClosedChannelException if the waits are closed
	 * @throws IOException if there are no file descriptors left
	 */
	public void await() throws IOException {
		ConnectionWait wait = take();
		try {
			wait.await();
		}
		finally {
			giveBack(wait);
		}
	}

	private ConnectionWait take() throws IOException {
		this.lock.lock();
		try {
			if (this.closed) {
				throw new ClosedChannelException();
			}
			ConnectionWait wait = this.idle.poll();
			if (wait == null) {
				wait = new ConnectionWait(this.listening);
			}
			this.inUse.add(wait);
			return wait;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void giveBack(ConnectionWait wait) {
		this.lock.lock();
		try {
			this.inUse.remove(wait);
			if (wait.isOpen()) {
				this.idle.push(wait);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * End every wait.
	 */
	@Override
	public void close() throws IOException {
		this.lock.lock();
		try {
			this.closed = true;
			for (ConnectionWait wait : this.idle) {
				wait.close();
			}
			for (ConnectionWait wait : this.inUse) {
				wait.close();
			}
			this.idle.clear();
		}
		finally {
			this.lock.unlock();
		}
	}

}
