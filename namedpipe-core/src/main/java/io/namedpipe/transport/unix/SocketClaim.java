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
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeInUseException;

/**
 * The right to listen at a socket path. A lock file beside the socket keeps the servers
 * of this library apart, also while one of them starts; a socket without a lock, such as
 * a .NET server's, is found alive by connecting to it. Only a dead socket is ever
 * replaced.
 * <p>
 * The socket is bound under a temporary name and gets its permissions there; then it is
 * given its name, in one step that also replaces a dead socket. So no client meets a
 * socket with other permissions, and a crash does not leave the name free.
 */
final class SocketClaim {

	private static final System.Logger logger = System.getLogger(SocketClaim.class.getName());

	private final PipeAddress address;

	private final Path socket;

	private final SocketFailures failures;

	private final LockFile lock;

	private final boolean safeDirectory;

	private @Nullable FileStatus bound;

	/** The directory and those above it. */
	private final Map<Path, FileStatus> directories = new LinkedHashMap<>();

	private SocketClaim(PipeAddress address, Path socket, LockFile lock, boolean safeDirectory) {
		this.address = address;
		this.socket = socket;
		this.failures = new SocketFailures(address, socket);
		this.lock = lock;
		this.safeDirectory = safeDirectory;
	}

	/**
	 * Claim a path.
	 * @param address the pipe
	 * @param socket the path, which is absolute
	 * @param access the access rules of the pipe
	 * @return the claim
	 * @throws PipeInUseException if another server has the path
	 * @throws PipeAccessDeniedException if the directory may not be written, or other
	 * users could replace a socket that is open to other users
	 */
	static SocketClaim take(PipeAddress address, Path socket, UnixAccess access) {
		int self = UnixProcess.self().euid();
		try {
			boolean safe = isSafe(address, socket.resolveSibling(""), access, self);
			LockFile lock = LockFile.acquire(sibling(socket, ".lock"), self);
			if (lock == null) {
				throw inUse(address, socket, "another server listens on it");
			}
			return new SocketClaim(address, socket, lock, safe);
		}
		catch (LockFile.NotALockFileException ex) {
			throw inUse(address, socket, String.valueOf(ex.getMessage()));
		}
		catch (IOException ex) {
			throw new SocketFailures(address, socket).translate(ex);
		}
	}

	private static boolean isSafe(PipeAddress address, Path directory, UnixAccess access, int self) throws IOException {
		String problem = SocketDirectory.problem(directory, self);
		if (problem == null) {
			return true;
		}
		if (!access.isOwnerOnly()) {
			throw new PipeAccessDeniedException(
					("The pipe '%s' cannot be opened to other users: %s. Use a directory that only root and the "
							+ "server's user can write")
						.formatted(address, problem));
		}
		logger.log(Level.WARNING, "Other users can replace the socket of the pipe ''{0}'': {1}", address, problem);
		return false;
	}

	private static Path sibling(Path socket, String suffix) {
		return socket.resolveSibling(socket.getFileName() + suffix);
	}

	Acceptor bind(UnixAccess access) {
		try {
			FileStatus dead = requireFree(this.socket);
			Path temporary = temporary();
			if (requireFree(temporary) != null) {
				Files.deleteIfExists(temporary);
			}
			Acceptor acceptor = new Acceptor();
			try {
				acceptor.listen(temporary);
				permit(temporary, access);
				FileStatus permitted = FileStatus.read(temporary);
				publish(temporary, dead);
				this.bound = permitted;
				rememberDirectories();
				return acceptor;
			}
			catch (IOException | RuntimeException | Error ex) {
				acceptor.close();
				throw ex;
			}
			finally {
				Files.deleteIfExists(temporary);
			}
		}
		catch (IOException ex) {
			throw this.failures.translate(ex);
		}
	}

	// The same each time, so that a name that a crash has left is found. It fits wherever
	// the path of a name fits.
	private Path temporary() {
		Path hidden = this.socket.resolveSibling("." + this.socket.getFileName());
		return (hidden.toString().getBytes(StandardCharsets.UTF_8).length <= PipeAddress.MAX_SOCKET_PATH_BYTES) ? hidden
				: this.socket.resolveSibling(".np%08x".formatted(this.socket.getFileName().hashCode()));
	}

	// In a directory where another user can replace the file, permissions are not set by
	// its name. The socket then has those of the umask, and the check of each peer alone
	// keeps others out.
	private void permit(Path path, UnixAccess access) throws IOException {
		if (!this.safeDirectory) {
			return;
		}
		Integer group = access.socketGroup();
		boolean grouped = group != null && changeGroup(path, group);
		Files.setPosixFilePermissions(path, access.permissions(grouped));
	}

	private static boolean changeGroup(Path path, int group) {
		try {
			Files.setAttribute(path, "unix:gid", group, LinkOption.NOFOLLOW_LINKS);
			return true;
		}
		catch (IOException ex) {
			// Only root and members of a group can give a file to it. The check of each
			// peer lets in the same users then, behind an open socket.
			return false;
		}
	}

	private void publish(Path temporary, @Nullable FileStatus dead) throws IOException {
		if (dead != null && dead.isAt(this.socket)) {
			Files.move(temporary, this.socket, StandardCopyOption.ATOMIC_MOVE);
			return;
		}
		try {
			// Unlike a move, a link never replaces what another process has put there.
			Files.createLink(this.socket, temporary);
		}
		catch (FileSystemException | UnsupportedOperationException ex) {
			if (FileStatus.read(this.socket) != null) {
				throw inUse(this.address, this.socket, "it was taken a moment ago");
			}
			// A file system without links.
			Files.move(temporary, this.socket, StandardCopyOption.ATOMIC_MOVE);
		}
	}

	Path socket() {
		return this.socket;
	}

	// The dead socket at the path, or null if there is nothing.
	private @Nullable FileStatus requireFree(Path path) throws IOException {
		FileStatus status = FileStatus.read(path);
		if (status == null) {
			return null;
		}
		if (!status.isSocket()) {
			throw inUse(this.address, path, "%s stands there, and is left alone".formatted(status.description()));
		}
		try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
			probe.configureBlocking(false);
			probe.connect(UnixDomainSocketAddress.of(path));
			throw inUse(this.address, path, "another server listens on it");
		}
		catch (ConnectException ex) {
			return status;
		}
		catch (IOException ex) {
			if (SocketFailures.isNoDescriptors(ex)) {
				throw ex;
			}
			// A full backlog, or no permission to connect: not proven dead.
			throw inUse(this.address, path, "a socket that may be alive stands there (" + ex.getMessage() + ")");
		}
	}

	private boolean isAtPath() {
		try {
			return this.bound != null && this.bound.isAt(this.socket);
		}
		catch (IOException ex) {
			return false;
		}
	}

	private void rememberDirectories() throws IOException {
		Path each = this.socket.resolveSibling("").toRealPath();
		while (each != null) {
			FileStatus status = FileStatus.read(each);
			if (status != null) {
				this.directories.put(each, status);
			}
			each = each.getParent();
		}
	}

	// Whether clients that use the path reach the socket, all that could at first.
	boolean isReachable() {
		try {
			boolean reachable = this.bound != null && isAtPath() && permitsAsBefore(this.socket, this.bound);
			for (Map.Entry<Path, FileStatus> each : this.directories.entrySet()) {
				reachable &= permitsAsBefore(each.getKey(), each.getValue());
			}
			return reachable;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static boolean permitsAsBefore(Path path, FileStatus before) throws IOException {
		FileStatus now = FileStatus.read(path);
		return now != null && now.permitsAll(before);
	}

	void removeSocket() throws IOException {
		// Another process may have removed the path and bound a socket of its own there.
		if (isAtPath()) {
			Files.deleteIfExists(this.socket);
		}
	}

	void close() {
		try {
			this.lock.release();
		}
		catch (IOException ex) {
			throw new PipeException(
					"The lock file of the pipe '%s' could not be removed: %s".formatted(this.address, ex.getMessage()),
					ex);
		}
	}

	private static PipeInUseException inUse(PipeAddress address, Path socket, String reason) {
		return new PipeInUseException("The pipe '%s' (%s) is in use: %s".formatted(address, socket, reason));
	}

}
