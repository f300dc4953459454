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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;

/**
 * Makes further channels for a listening socket, since the JDK lets one thread at a time
 * wait in each. The JDK keeps descriptors to itself: that of a listening socket is found
 * by its name.
 */
final class ListenerCopies {

	private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

	private static final int AF_UNIX = 1;

	/** {@code struct sockaddr_un}: the family, and a name that ends with a zero. */
	private static final int ADDRESS_BYTES = 110;

	private static final int SOL_SOCKET = 1;

	private static final int SO_ACCEPTCONN = 30;

	private static final int O_CLOEXEC = 0x80000;

	private ListenerCopies() {
	}

	static boolean arePossible() {
		return UnixProcess.isLinux() && SystemUserGroups.isJnaPresent();
	}

	/**
	 * Make another channel for the same socket. The channels are opened and closed each
	 * by itself; the mode of blocking is the socket's.
	 * @param original the channel, which must not be closed meanwhile
	 * @return the other channel
	 * @throws IOException if there is none to be had
	 */
	static ServerSocketChannel copy(ServerSocketChannel original) throws IOException {
		ServerSocketChannel copy = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
		try {
			// The JDK accepts on a bound channel only. Whoever finds this socket in the
			// moment that it has a name is sent away when the descriptor is replaced.
			copy.bind(null, 1);
			Files.deleteIfExists(name(copy));
			if (Library.dup3(descriptor(original), descriptor(copy), O_CLOEXEC) < 0) {
				throw new IOException("dup3 has failed (error %d)".formatted(Native.getLastError()));
			}
			return copy;
		}
		catch (IOException | RuntimeException | Error ex) {
			copy.close();
			throw ex;
		}
	}

	private static Path name(ServerSocketChannel listener) throws IOException {
		return ((UnixDomainSocketAddress) listener.getLocalAddress()).getPath();
	}

	// A connection has the name of the socket that has accepted it, but does not listen.
	// Two sockets have one name if somebody has removed the first one's file.
	static int descriptor(ServerSocketChannel listener) throws IOException {
		String name = name(listener).toString();
		int found = -1;
		Path socket = null;
		try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
			for (Path path : descriptors) {
				int descriptor = Integer.parseInt(path.getFileName().toString());
				if (isListening(descriptor) && name.equals(name(descriptor))) {
					Path other = Files.readSymbolicLink(path);
					if (socket != null && !socket.equals(other)) {
						throw new IOException("More than one socket of this process listens at " + name);
					}
					found = descriptor;
					socket = other;
				}
			}
		}
		if (socket == null) {
			throw new IOException("No socket of this process listens at " + name);
		}
		return found;
	}

	private static boolean isListening(int descriptor) {
		int[] value = new int[1];
		return Library.getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, value, new int[] { Integer.BYTES }) == 0
				&& value[0] != 0;
	}

	private static String name(int descriptor) {
		byte[] address = new byte[ADDRESS_BYTES + 1];
		if (Library.getsockname(descriptor, address, new int[] { ADDRESS_BYTES }) != 0
				|| ByteBuffer.wrap(address).order(ByteOrder.nativeOrder()).getShort() != AF_UNIX) {
			return "";
		}
		return Native.toString(Arrays.copyOfRange(address, Short.BYTES, address.length), UnixProcess.FILE_NAMES);
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

		static native int dup3(int from, int to, int flags);

		static native int getsockopt(int socket, int level, int option, int[] value, int[] length);

		static native int getsockname(int socket, byte[] address, int[] length);

	}

}
