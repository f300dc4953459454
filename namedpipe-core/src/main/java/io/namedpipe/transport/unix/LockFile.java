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
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A locked file. The lock ends with the process, whatever way it ends. POSIX drops the
 * locks of a process on a file when the process closes any descriptor of that file: so a
 * file that this JVM has locked is never opened a second time.
 */
final class LockFile {

	/**
	 * Locked files are recorded in the system properties, which all class loaders share.
	 */
	private static final String PROPERTY_PREFIX = "io.namedpipe.locked.";

	/**
	 * Servers that start and stop on one name at the same time may need a few attempts.
	 */
	private static final int ATTEMPTS = 5;

	private final Path path;

	private final String property;

	private final FileChannel channel;

	private final FileStatus status;

	private LockFile(Path path, String property, FileChannel channel, FileStatus status) {
		this.path = path;
		this.property = property;
		this.channel = channel;
		this.status = status;
	}

	/**
	 * Lock a file, which is created if it does not exist.
	 * @param path the file
	 * @param self the user of this process, who must own the file
	 * @return the locked file, or {@code null} if it is locked already, here or by
	 * another process
	 * @throws NotALockFileException if there is something else at the path
	 * @throws IOException if the file cannot be created or locked
	 */
	static @Nullable LockFile acquire(Path path, int self) throws IOException {
		String property = property(path);
		if (System.getProperties().putIfAbsent(property, path.toString()) != null) {
			return null;
		}
		LockFile result = null;
		try {
			for (int attempt = 0; attempt < ATTEMPTS && result == null; attempt++) {
				result = tryAcquire(path, property, self);
			}
			return result;
		}
		finally {
			if (result == null) {
				System.getProperties().remove(property);
			}
		}
	}

	// The same for all names of the directory.
	private static String property(Path path) throws IOException {
		Path parent = path.resolveSibling("");
		FileStatus directory = FileStatus.read(parent.toRealPath());
		if (directory == null) {
			throw new NoSuchFileException(parent.toString());
		}
		return PROPERTY_PREFIX + directory.key() + path.getFileName();
	}

	private static @Nullable LockFile tryAcquire(Path path, String property, int self) throws IOException {
		FileStatus before = FileStatus.read(path);
		FileChannel channel = (before != null) ? open(path, before, self) : create(path);
		if (channel == null) {
			return null;
		}
		LockFile result = null;
		try {
			FileLock lock = channel.tryLock();
			// The former holder removes its file before it lets go: a lock on a file that
			// is not at the path any more is worth nothing.
			FileStatus after = FileStatus.read(path);
			if (lock != null && after != null && (before == null || before.key().equals(after.key()))) {
				result = new LockFile(path, property, channel, after);
			}
			return result;
		}
		catch (OverlappingFileLockException ex) {
			return null;
		}
		finally {
			if (result == null) {
				channel.close();
			}
		}
	}

	private static @Nullable FileChannel create(Path path) throws IOException {
		try {
			return FileChannel.open(path,
					Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
					PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
		}
		catch (FileAlreadyExistsException ex) {
			return null;
		}
	}

	// Opening a FIFO for reading and writing does not wait for another process.
	private static @Nullable FileChannel open(Path path, FileStatus status, int self) throws IOException {
		if (!status.isRegularFile()) {
			throw new NotALockFileException(path, "is " + status.description());
		}
		if (status.uid() != self) {
			throw new NotALockFileException(path, "belongs to uid " + UnixIds.format(status.uid()));
		}
		if (status.links() != 1) {
			throw new NotALockFileException(path, "has %d names".formatted(status.links()));
		}
		try {
			return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
		}
		catch (NoSuchFileException ex) {
			return null;
		}
	}

	/**
	 * Remove the file if it is still the locked one, and let go of it.
	 * @throws IOException if the file cannot be removed
	 */
	void release() throws IOException {
		try (this.channel) {
			if (this.status.isAt(this.path)) {
				Files.deleteIfExists(this.path);
			}
		}
		finally {
			System.getProperties().remove(this.property);
		}
	}

	/**
	 * Thrown when the file at the path of a lock file is not a lock file.
	 */
	static final class NotALockFileException extends IOException {

		NotALockFileException(Path path, String reason) {
			super("the lock file '%s' %s; remove it, or use another directory".formatted(path, reason));
		}

	}

}
