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
import java.nio.file.Files;
import java.nio.file.Path;

import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAddress;

/**
 * Whether strangers can put something else where a socket was made. Permissions are set
 * by path: in a directory where somebody else can swap the socket for a link, opening the
 * socket to others would open whatever the link points at.
 */
final class SocketDirectory {

	private static final int OTHERS_WRITE = 02;

	private static final int STICKY = 01000;

	private SocketDirectory() {
	}

	static void requireSafe(PipeAddress address, Path socket, int self) throws IOException {
		Path parent = socket.toAbsolutePath().getParent();
		for (Path directory = (parent != null) ? parent.toRealPath() : null; directory != null; directory = directory
			.getParent()) {
			int mode = (Integer) Files.getAttribute(directory, "unix:mode");
			int owner = (Integer) Files.getAttribute(directory, "unix:uid");
			if ((owner != self && owner != UnixIds.ROOT) || (mode & (OTHERS_WRITE | STICKY)) == OTHERS_WRITE) {
				throw new PipeAccessDeniedException(
						("The pipe '%s' cannot be opened to other users: the directory '%s' belongs to somebody else or "
								+ "can be written by all; use a directory of root or of the server's user")
							.formatted(address, directory));
			}
		}
	}

}
