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
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

import io.namedpipe.posix.Errno;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeDirectoryException;
import io.namedpipe.transport.PipeException;

/**
 * Says what is wrong when a socket or its lock file cannot be created.
 */
final class SocketFailures {

	private final PipeAddress address;

	private final Path socket;

	private final Path directory;

	private final String otherDirectory;

	SocketFailures(PipeAddress address, Path socket) {
		this(address, socket, address.name().startsWith("/") ? "or use a path in another directory"
				: other("namedpipe.unix.directory"));
	}

	private SocketFailures(PipeAddress address, Path socket, String otherDirectory) {
		this.address = address;
		this.socket = socket;
		this.directory = socket.resolveSibling("");
		this.otherDirectory = otherDirectory;
	}

	/**
	 * Failures where a setting chooses the directory.
	 * @param address the pipe
	 * @param socket the path of its socket
	 * @param setting the name of the setting
	 * @return the failures
	 */
	static SocketFailures of(PipeAddress address, Path socket, String setting) {
		return new SocketFailures(address, socket, other(setting));
	}

	private static String other(String setting) {
		return "or set '%s' to another directory".formatted(setting);
	}

	PipeException translate(IOException ex) {
		if (ex instanceof NotDirectoryException) {
			return directory("is not a directory", "Name a directory,", ex);
		}
		if (ex instanceof NoSuchFileException || Errno.ENOENT.isCauseOf(ex)) {
			return Files.isDirectory(this.directory)
					? directory("takes no new files", "Use one of an ordinary file system,", ex)
					: directory("does not exist", "Create it, as the server's user,", ex);
		}
		if (ex instanceof AccessDeniedException || Errno.EACCES.isCauseOf(ex) || Errno.EPERM.isCauseOf(ex)) {
			return new PipeAccessDeniedException(
					("The pipe '%s' cannot be created: no permission to write '%s' in the directory '%s'. "
							+ "Let the server's user write there, " + this.otherDirectory)
						.formatted(this.address, this.socket.getFileName(), this.directory),
					ex);
		}
		if (Errno.EROFS.isCauseOf(ex)) {
			return directory("is on a read-only file system", "Mount it writable,", ex);
		}
		if (Errno.ENOSPC.isCauseOf(ex) || Errno.EDQUOT.isCauseOf(ex)) {
			return directory("is on a file system without space left", "Make room,", ex);
		}
		if (ex instanceof FileSystemLoopException) {
			return directory("leads through too many symbolic links", "Name the directory itself,", ex);
		}
		return failed("The pipe '%s' cannot be created at '%s'".formatted(this.address, this.socket), ex);
	}

	static boolean isNoDescriptors(IOException ex) {
		return Errno.EMFILE.isCauseOf(ex) || Errno.ENFILE.isCauseOf(ex);
	}

	// The failure of an operation, as the system reports it.
	static PipeException failed(String what, IOException ex) {
		return new PipeException(isNoDescriptors(ex)
				? "%s: no file descriptors are left (%s). Close files and connections, or raise the limit (ulimit -n, LimitNOFILE)"
					.formatted(what, reason(ex))
				: "%s: %s".formatted(what, reason(ex)), ex);
	}

	private PipeDirectoryException directory(String problem, String action, IOException ex) {
		return new PipeDirectoryException("The pipe '%s' cannot be created: the directory '%s' %s"
			.formatted(this.address, this.directory, problem), this.directory, action + " " + this.otherDirectory, ex);
	}

	private static String reason(IOException ex) {
		return String.valueOf(ex.getMessage());
	}

}
