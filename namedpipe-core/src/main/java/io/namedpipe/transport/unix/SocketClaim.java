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
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeInUseException;

/**
 * The right to listen at a socket path. A lock file beside the socket tells the servers
 * of this library apart, also while one of them starts; a socket without a lock, such as
 * a .NET server's, is found alive by connecting to it. Nothing but a dead socket is ever
 * removed.
 */
final class SocketClaim {

	private static final int SOCKET_FILE_TYPE = 0140000;

	private static final int FILE_TYPE_MASK = 0170000;

	/** Servers that start and stop on one name at the same moment meet a few times. */
	private static final int LOCK_ATTEMPTS = 5;

	private final PipeAddress address;

	private final Path socket;

	private final Path lockFile;

	private final FileChannel lockChannel;

	private @Nullable Object boundKey;

	private SocketClaim(PipeAddress address, Path socket, Path lockFile, FileChannel lockChannel) {
		this.address = address;
		this.socket = socket;
		this.lockFile = lockFile;
		this.lockChannel = lockChannel;
	}

	static SocketClaim take(PipeAddress address, Path socket) {
		Path lockFile = socket.resolveSibling(socket.getFileName() + ".lock");
		try {
			for (int attempt = 0; attempt < LOCK_ATTEMPTS; attempt++) {
				FileChannel channel = lock(lockFile);
				if (channel != null) {
					return new SocketClaim(address, socket, lockFile, channel);
				}
			}
		}
		catch (AccessDeniedException ex) {
			throw accessDenied(address, socket, ex);
		}
		catch (NoSuchFileException ex) {
			throw new PipeException("The pipe '%s' cannot be created: the directory '%s' does not exist"
				.formatted(address, socket.getParent()), ex);
		}
		catch (IOException ex) {
			throw failed(address, socket, ex);
		}
		throw inUse(address, socket, "another server listens on it");
	}

	private static @Nullable FileChannel lock(Path lockFile) throws IOException {
		Object before = null;
		FileChannel channel;
		try {
			channel = FileChannel.open(lockFile,
					Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
					PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
		}
		catch (FileAlreadyExistsException ex) {
			before = fileKey(lockFile);
			if (before == null) {
				return null;
			}
			try {
				channel = FileChannel.open(lockFile, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
			}
			catch (NoSuchFileException gone) {
				return null;
			}
		}
		boolean locked = false;
		try {
			FileLock lock = channel.tryLock();
			// The former holder removes its file before it lets go: a lock on a file
			// that is not at the path any more is worth nothing.
			Object after = fileKey(lockFile);
			locked = lock != null && after != null && (before == null || before.equals(after));
			return locked ? channel : null;
		}
		catch (OverlappingFileLockException ex) {
			return null;
		}
		finally {
			if (!locked) {
				channel.close();
			}
		}
	}

	Acceptor bind(UnixAccess access) {
		try {
			removeDeadSocket();
			ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
			try {
				// The kernel lowers this to its own limit (net.core.somaxconn).
				channel.bind(UnixDomainSocketAddress.of(this.socket), Integer.MAX_VALUE);
				this.boundKey = fileKey(this.socket);
				permit(access);
				return new Acceptor(channel);
			}
			catch (IOException | RuntimeException ex) {
				channel.close();
				removeSocket();
				throw ex;
			}
		}
		catch (AccessDeniedException ex) {
			throw accessDenied(this.address, this.socket, ex);
		}
		catch (IOException ex) {
			if (fileKeyOrNull(this.socket) != null) {
				throw inUse(this.address, this.socket, "it was taken a moment ago");
			}
			throw failed(this.address, this.socket, ex);
		}
	}

	private void permit(UnixAccess access) throws IOException {
		if (!access.isOwnerOnly()) {
			SocketDirectory.requireSafe(this.address, this.socket, UnixProcess.self().euid());
		}
		Integer group = access.socketGroup();
		boolean grouped = group != null && changeGroup(group);
		Files.setPosixFilePermissions(this.socket, access.permissions(grouped));
	}

	private boolean changeGroup(int group) {
		try {
			Files.setAttribute(this.socket, "unix:gid", group, LinkOption.NOFOLLOW_LINKS);
			return true;
		}
		catch (IOException ex) {
			// Only root and members of a group can give a file to it. The check of each
			// peer lets in the same users then, behind an open socket.
			return false;
		}
	}

	private void removeDeadSocket() throws IOException {
		Object key = fileKey(this.socket);
		if (key == null) {
			return;
		}
		if (!isSocket(this.socket)) {
			throw inUse(this.address, this.socket, "a file that is not a socket stands there, and is left alone");
		}
		try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
			probe.configureBlocking(false);
			probe.connect(UnixDomainSocketAddress.of(this.socket));
			throw inUse(this.address, this.socket, "another server listens on it");
		}
		catch (ConnectException ex) {
			if (Objects.equals(key, fileKey(this.socket))) {
				Files.deleteIfExists(this.socket);
			}
		}
		catch (IOException ex) {
			// A full backlog, or no permission to connect: not proven dead.
			throw inUse(this.address, this.socket, "a socket that may be alive stands there (" + ex.getMessage() + ")");
		}
	}

	static boolean isSocket(Path path) throws IOException {
		int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
		return (mode & FILE_TYPE_MASK) == SOCKET_FILE_TYPE;
	}

	void removeSocket() throws IOException {
		// Another process may have removed the path and bound a socket of its own there.
		Object key = this.boundKey;
		if (key != null && key.equals(fileKey(this.socket))) {
			Files.deleteIfExists(this.socket);
		}
	}

	void close() {
		try (this.lockChannel) {
			Files.deleteIfExists(this.lockFile);
		}
		catch (IOException ex) {
			throw new PipeException("The lock file '%s' could not be removed".formatted(this.lockFile), ex);
		}
	}

	private static @Nullable Object fileKey(Path path) throws IOException {
		try {
			return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
		}
		catch (NoSuchFileException ex) {
			return null;
		}
	}

	private static @Nullable Object fileKeyOrNull(Path path) {
		try {
			return fileKey(path);
		}
		catch (IOException ex) {
			return null;
		}
	}

	private static PipeInUseException inUse(PipeAddress address, Path socket, String reason) {
		return new PipeInUseException("The pipe '%s' (%s) is in use: %s".formatted(address, socket, reason));
	}

	private static PipeAccessDeniedException accessDenied(PipeAddress address, Path socket, IOException cause) {
		return new PipeAccessDeniedException(
				"The pipe '%s' cannot be created: no permission to write '%s' in the directory '%s'".formatted(address,
						socket.getFileName(), socket.getParent()),
				cause);
	}

	private static PipeException failed(PipeAddress address, Path socket, IOException cause) {
		return new PipeException(
				"The pipe '%s' cannot be created at '%s': %s".formatted(address, socket, cause.getMessage()), cause);
	}

}
