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
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

/**
 * Whether another user can replace a file in a directory: the directory, every directory
 * above it and every symbolic link on the way must belong to root or to this process's
 * user, and no other user may write there, unless the directory is sticky. An access list
 * that lets another user write shows in the permissions of the group.
 */
final class SocketDirectory {

	/** The limit of the kernel. */
	private static final int MAX_LINKS = 40;

	private final int self;

	private final Deque<String> names = new ArrayDeque<>();

	private Path current = Path.of("/");

	private int links;

	private SocketDirectory(int self) {
		this.self = self;
	}

	/**
	 * Find out whether a directory is safe.
	 * @param directory the directory, as it was configured
	 * @param self the user of this process
	 * @return why not, or {@code null} if it is safe
	 * @throws IOException if the directory cannot be examined
	 */
	static @Nullable String problem(Path directory, int self) throws IOException {
		return new SocketDirectory(self).walk(directory);
	}

	private @Nullable String walk(Path directory) throws IOException {
		prepend(directory.toAbsolutePath());
		String problem = problem(this.current, status(this.current));
		while (problem == null && !this.names.isEmpty()) {
			problem = step(this.names.pop());
		}
		return problem;
	}

	private @Nullable String step(String name) throws IOException {
		if (name.equals(".")) {
			return null;
		}
		if (name.equals("..")) {
			// The current directory is free of links.
			Path parent = this.current.getParent();
			this.current = (parent != null) ? parent : this.current;
			return null;
		}
		Path next = this.current.resolve(name);
		FileStatus status = status(next);
		if (status.isSymbolicLink()) {
			if (++this.links > MAX_LINKS) {
				throw new FileSystemLoopException(next.toString());
			}
			prepend(Files.readSymbolicLink(next));
			return status.isOwnedByAny(UnixIds.ROOT, this.self) ? null
					: belongsToAnother("symbolic link", next, status);
		}
		this.current = next;
		return problem(next, status);
	}

	private void prepend(Path path) {
		if (path.isAbsolute()) {
			this.current = Path.of("/");
		}
		for (int i = path.getNameCount() - 1; i >= 0; i--) {
			this.names.push(path.getName(i).toString());
		}
	}

	private @Nullable String problem(Path directory, FileStatus status) throws IOException {
		if (!status.isDirectory()) {
			throw new NotDirectoryException(directory.toString());
		}
		if (!status.isOwnedByAny(UnixIds.ROOT, this.self)) {
			return belongsToAnother("directory", directory, status);
		}
		if (status.isSticky()) {
			return null;
		}
		if (status.isWritableByOthers()) {
			return "the directory '%s' can be written by every user and is not sticky".formatted(directory);
		}
		return status.isGroupWritable()
				? "the directory '%s' can be written by a group or by an access list".formatted(directory) : null;
	}

	private static String belongsToAnother(String what, Path path, FileStatus status) {
		return "the %s '%s' belongs to uid %s".formatted(what, path, UnixIds.format(status.uid()));
	}

	private static FileStatus status(Path path) throws IOException {
		FileStatus status = FileStatus.read(path);
		if (status == null) {
			throw new NoSuchFileException(path.toString());
		}
		return status;
	}

}
