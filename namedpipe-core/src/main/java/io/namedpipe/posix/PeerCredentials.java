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
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.SocketChannel;

import org.jspecify.annotations.Nullable;

/**
 * What Linux's kernel says of the process at the other end of a Unix-domain socket, as it
 * was when that process connected or began to listen ({@code SO_PEERCRED},
 * {@code SO_PEERGROUPS}).
 *
 * @param pid the process id
 * @param uid the effective user
 * @param gid the effective group
 * @param groups the supplementary groups, or {@code null} if the kernel does not say
 * (before Linux 4.13)
 * @since 0.1.0
 */
public record PeerCredentials(int pid, int uid, int gid, int @Nullable [] groups) {

	private static final int SOL_SOCKET = 1;

	private static final int SO_PEERCRED = 17;

	private static final int SO_PEERGROUPS = 59;

	private static final ThreadLocal<Buffer> BUFFERS = ThreadLocal.withInitial(Buffer::new);

	/**
	 * Means to read the credentials. Needs JNA, and the file descriptor of a channel,
	 * which the JDK gives only if it is started with
	 * {@code --add-exports java.base/sun.nio.ch=ALL-UNNAMED}.
	 * @return the reader, or {@code null} if there is none to be had
	 */
	public static @Nullable Reader reader() {
		try {
			SystemCall.requireKnown();
			MethodHandle descriptor = MethodHandles.lookup()
				.findVirtual(Class.forName("sun.nio.ch.SelChImpl"), "getFDVal", MethodType.methodType(int.class));
			// Last, since loading JNA costs more than a whole exchange.
			return Jna.isUsable() ? (channel) -> read(descriptor(descriptor, channel)) : null;
		}
		catch (ReflectiveOperationException | UnsupportedOperationException ex) {
			return null;
		}
	}

	private static int descriptor(MethodHandle method, SocketChannel channel) {
		try {
			return (int) method.invoke(channel);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static PeerCredentials read(int socket) throws IOException {
		Buffer buffer = BUFFERS.get();
		if (buffer.get(socket, SO_PEERCRED) != 0) {
			throw new IOException("SO_PEERCRED: " + Errno.describe(Errno.last()));
		}
		return new PeerCredentials(buffer.value(0), buffer.value(1), buffer.value(2), groups(socket, buffer));
	}

	private static int @Nullable [] groups(int socket, Buffer buffer) throws IOException {
		if (buffer.get(socket, SO_PEERGROUPS) != 0) {
			if (Errno.ENOPROTOOPT.isLast()) {
				return null;
			}
			if (!Errno.ERANGE.isLast()) {
				throw new IOException("SO_PEERGROUPS: " + Errno.describe(Errno.last()));
			}
			buffer = new Buffer(buffer.length());
			if (buffer.get(socket, SO_PEERGROUPS) != 0) {
				throw new IOException("SO_PEERGROUPS: " + Errno.describe(Errno.last()));
			}
		}
		int[] groups = new int[buffer.length() / Integer.BYTES];
		for (int i = 0; i < groups.length; i++) {
			groups[i] = buffer.value(i);
		}
		return groups;
	}

	/**
	 * Reads the credentials of the peer of a channel.
	 *
	 * @since 0.1.0
	 */
	@FunctionalInterface
	public interface Reader {

		/**
		 * Read the credentials. A descriptor that another thread closes meanwhile may
		 * belong to another connection already: only the thread that has just opened a
		 * channel may ask.
		 * @param channel the channel, which no other thread knows
		 * @return what the kernel says
		 * @throws IOException if the kernel does not say
		 */
		PeerCredentials read(SocketChannel channel) throws IOException;

	}

	/**
	 * Memory for the value of an option, after that for its length.
	 */
	private static final class Buffer {

		private static final int USUAL_BYTES = 64 * Integer.BYTES;

		private final int capacity;

		private final NativeMemory memory;

		Buffer() {
			this(USUAL_BYTES);
		}

		Buffer(int capacity) {
			this.capacity = capacity;
			this.memory = new NativeMemory(capacity + Integer.BYTES);
		}

		int get(int socket, int option) {
			this.memory.buffer().putInt(this.capacity, this.capacity);
			return LibC.getsockopt(socket, SOL_SOCKET, option, this.memory.address(),
					this.memory.address() + this.capacity);
		}

		int length() {
			return this.memory.buffer().getInt(this.capacity);
		}

		int value(int index) {
			return this.memory.buffer().getInt(index * Integer.BYTES);
		}

	}

}
