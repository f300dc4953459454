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
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;

/**
 * Makes further channels for a listening socket: the JDK lets one thread at a time wait
 * in each.
 */
final class ListenerCopies {

	private static final int O_CLOEXEC = 0x80000;

	private ListenerCopies() {
	}

	static boolean arePossible() {
		return UnixProcess.isLinux() && SystemUserGroups.isJnaPresent() && Descriptors.areTold();
	}

	/**
	 * Make another channel for the same socket. The channels are opened and closed each
	 * by itself; the mode of blocking is the socket's.
	 * @param original the channel, which nobody closes meanwhile
	 * @return the other channel
	 * @throws IOException if there is none to be had
	 */
	static ServerSocketChannel copy(ServerSocketChannel original) throws IOException {
		ServerSocketChannel copy = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
		try {
			// The JDK accepts on a bound channel only. Whoever finds this socket in the
			// moment that it has a name is sent away when the descriptor is replaced.
			Path name = ((UnixDomainSocketAddress) copy.bind(null, 1).getLocalAddress()).getPath();
			Files.deleteIfExists(name);
			if (Library.dup3(Descriptors.of(original), Descriptors.of(copy), O_CLOEXEC) < 0) {
				throw new IOException("dup3 has failed (error %d)".formatted(Native.getLastError()));
			}
			return copy;
		}
		catch (IOException | RuntimeException | Error ex) {
			copy.close();
			throw ex;
		}
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

	}

}
