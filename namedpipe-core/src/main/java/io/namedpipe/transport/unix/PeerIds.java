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
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the kernel for the ids of a peer and nothing else, with one system call. The JDK
 * looks the names up too, every time, in ten more calls. Needs Linux, JNA, and the file
 * descriptor of a channel, which the JDK tells only where it is started with
 * {@code --add-exports java.base/sun.nio.ch=ALL-UNNAMED}.
 * <p>
 * A descriptor that another thread closes meanwhile may already be another connection's:
 * only the thread that has just opened a channel may ask.
 */
final class PeerIds {

	private static final int SOL_SOCKET = 1;

	private static final int SO_PEERCRED = 17;

	private static final int UCRED_BYTES = 12;

	private static final int UID_OFFSET = 4;

	private static final int GID_OFFSET = 8;

	private static final ThreadLocal<Buffer> BUFFERS = ThreadLocal.withInitial(Buffer::new);

	private final MethodHandle descriptor;

	private PeerIds(MethodHandle descriptor) {
		this.descriptor = descriptor;
	}

	// The means to ask, or null where the JDK keeps descriptors to itself.
	static @Nullable PeerIds load() {
		if (!UnixProcess.isLinux() || !SystemUserGroups.isJnaPresent()) {
			return null;
		}
		try {
			MethodHandle descriptor = MethodHandles.lookup()
				.findVirtual(Class.forName("sun.nio.ch.SelChImpl"), "getFDVal", MethodType.methodType(int.class));
			Library.load();
			return new PeerIds(descriptor);
		}
		catch (ReflectiveOperationException | LinkageError ex) {
			return null;
		}
	}

	// The uid in the upper half, the gid in the lower.
	long read(SocketChannel channel) throws IOException {
		Buffer buffer = BUFFERS.get();
		buffer.content.putInt(UCRED_BYTES, UCRED_BYTES);
		if (Library.getsockopt(descriptor(channel), SOL_SOCKET, SO_PEERCRED, buffer.address,
				buffer.address + UCRED_BYTES) != 0) {
			throw new IOException("the kernel does not tell (error %d)".formatted(Native.getLastError()));
		}
		return ids(buffer.content.getInt(UID_OFFSET), buffer.content.getInt(GID_OFFSET));
	}

	static long ids(int uid, int gid) {
		return (long) uid << Integer.SIZE | Integer.toUnsignedLong(gid);
	}

	private int descriptor(SocketChannel channel) {
		try {
			return (int) this.descriptor.invoke(channel);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * A {@code struct ucred}, and its length.
	 */
	private static final class Buffer {

		private final ByteBuffer content = ByteBuffer.allocateDirect(UCRED_BYTES + Integer.BYTES)
			.order(ByteOrder.nativeOrder());

		private final long address = Pointer.nativeValue(Native.getDirectBufferPointer(this.content));

	}

	/**
	 * The C library.
	 */
	private static final class Library {

		static {
			Native.register(Library.class, NativeLibrary.getInstance(Platform.C_LIBRARY_NAME));
		}

		private Library() {
		}

		static void load() {
			// Loading the class has done it.
		}

		static native int getsockopt(int socket, int level, int option, long value, long length);

	}

}
