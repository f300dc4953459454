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

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;

/**
 * The kernel's calls about files that the JDK has no methods for. Failures are the JDK's
 * exceptions. Thread-safe.
 *
 * @since 0.1.0
 */
public final class LinuxFiles {

	private static final Charset FILE_NAMES = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

	private static final char UNKNOWN = '\ufffd';

	private static final long AT_FDCWD = -100;

	private static final long AT_EMPTY_PATH = 0x1000;

	/** Take what the kernel knows, and do not ask another machine or a process. */
	private static final long AT_STATX_DONT_SYNC = 0x4000;

	private static final long STATX_TYPE_AND_SIZE = 0x201;

	private static final int STATX_BYTES = 256;

	private static final int STATX_MODE = 28;

	private static final int STATX_SIZE = 40;

	/** More than any {@code struct statfs}, which begins with the type. */
	private static final int STATFS_BYTES = 256;

	private static final long PROC_SUPER_MAGIC = 0x9fa0;

	private static final long FUSE_SUPER_MAGIC = 0x65735546;

	private static final long O_NOCTTY = 0x100;

	private static final long O_NONBLOCK = 0x800;

	private static final long O_CLOEXEC = 0x80000;

	private static final long O_PATH = 0x200000;

	private static final long RESOLVE_NO_MAGICLINKS = 0x02;

	private static final byte[] HOLD = how(O_PATH | O_CLOEXEC, RESOLVE_NO_MAGICLINKS);

	private static final byte[] READ = how(O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);

	private static final byte[] EMPTY_PATH = new byte[1];

	private LinuxFiles() {
	}

	/**
	 * The calls of this machine.
	 * @return the calls
	 * @throws JnaUnavailableException if JNA is missing or does not load
	 * @throws UnsupportedOperationException if this is not Linux on x86-64 or aarch64
	 */
	public static LinuxFiles load() {
		SystemCall.requireKnown();
		Jna.require();
		return new LinuxFiles();
	}

	// A struct open_how: flags, mode, resolve.
	private static byte[] how(long flags, long resolve) {
		return ByteBuffer.allocate(3 * Long.BYTES)
			.order(ByteOrder.nativeOrder())
			.putLong(flags)
			.putLong(0)
			.putLong(resolve)
			.array();
	}

	/**
	 * Hold what has a name, without opening it ({@code O_PATH}). The links below
	 * {@code /proc} that stand for open files are not followed ({@code openat2}, Linux
	 * 5.6).
	 * @param name the name
	 * @return a descriptor, to be closed by the caller
	 * @throws FileSystemException if there is no such file, or it may not be reached
	 */
	public int hold(String name) throws FileSystemException {
		return open(encode(name), HOLD, name);
	}

	/**
	 * Open what is held for reading, without waiting for another process.
	 * @param held the descriptor that {@link #hold} returned
	 * @param name the name, for messages
	 * @return another descriptor, to be closed by the caller
	 * @throws FileSystemException if the file may not be read
	 */
	public int open(int held, String name) throws FileSystemException {
		return open(encode("/proc/self/fd/" + held), READ, name);
	}

	private static int open(byte[] path, byte[] how, String name) throws FileSystemException {
		long result;
		do {
			result = LibC.syscall(SystemCall.OPENAT2.number(), AT_FDCWD, path, how, how.length);
		}
		while (result < 0 && Errno.EINTR.isLast());
		return (int) check(result, name);
	}

	private static byte[] encode(String name) throws FileSystemException {
		// The JDK has put this character into names that are not text: it alone knows
		// their bytes.
		if (name.indexOf(UNKNOWN) < 0) {
			try {
				ByteBuffer bytes = FILE_NAMES.newEncoder().encode(CharBuffer.wrap(name + "\0"));
				return Arrays.copyOf(bytes.array(), bytes.limit());
			}
			catch (CharacterCodingException ex) {
				// Refused below.
			}
		}
		throw new FileSystemException(name, null, "cannot be written as a file name in " + FILE_NAMES);
	}

	/**
	 * The status of a file.
	 * @param descriptor the file
	 * @param name the name, for messages
	 * @return the status
	 * @throws FileSystemException if it cannot be read
	 */
	public Status status(int descriptor, String name) throws FileSystemException {
		byte[] status = new byte[STATX_BYTES];
		check(LibC.syscall(SystemCall.STATX.number(), descriptor, EMPTY_PATH, AT_EMPTY_PATH | AT_STATX_DONT_SYNC,
				STATX_TYPE_AND_SIZE, status), name);
		ByteBuffer fields = ByteBuffer.wrap(status).order(ByteOrder.nativeOrder());
		return new Status(fields.getShort(STATX_MODE), fields.getLong(STATX_SIZE), fileSystem(descriptor, name));
	}

	private static FileSystem fileSystem(int descriptor, String name) throws FileSystemException {
		byte[] status = new byte[STATFS_BYTES];
		check(LibC.fstatfs(descriptor, status), name);
		long type = ByteBuffer.wrap(status).order(ByteOrder.nativeOrder()).getLong();
		if (type == PROC_SUPER_MAGIC) {
			return FileSystem.PROC;
		}
		return (type == FUSE_SUPER_MAGIC) ? FileSystem.FUSE : FileSystem.OTHER;
	}

	/**
	 * Read from a file.
	 * @param descriptor the file
	 * @param buffer where the bytes go, from its start
	 * @param count the maximum number of bytes
	 * @return the number of bytes, 0 at the end of the file
	 * @throws FileSystemException if reading fails
	 */
	public int read(int descriptor, byte[] buffer, int count) throws FileSystemException {
		long result;
		do {
			result = LibC.read(descriptor, buffer, count);
		}
		while (result < 0 && Errno.EINTR.isLast());
		return (int) check(result, "");
	}

	/**
	 * Close a file.
	 * @param descriptor the file
	 */
	public void close(int descriptor) {
		LibC.close(descriptor);
	}

	private static long check(long result, String name) throws FileSystemException {
		if (result < 0) {
			throw failure(name, Errno.last());
		}
		return result;
	}

	private static FileSystemException failure(String name, int error) {
		Errno known = Errno.of(error);
		if (known == null) {
			return new FileSystemException(name, null, Errno.describe(error));
		}
		return switch (known) {
			case ENOENT -> new NoSuchFileException(name);
			case EACCES, EPERM -> new AccessDeniedException(name);
			case ELOOP ->
				new FileSystemException(name, null, "leads through a link of /proc, or through too many links");
			case EAGAIN -> new FileSystemException(name, null, "is held by another program, try again");
			default -> new FileSystemException(name, null, Errno.describe(error));
		};
	}

	/**
	 * Where a file is.
	 */
	public enum FileSystem {

		/** The kernel's own files about processes. */
		PROC,

		/** A file system that is a process of some user. */
		FUSE,

		/** Any other. */
		OTHER

	}

	/**
	 * The status of a file.
	 *
	 * @param mode the type, and the permissions
	 * @param size the number of bytes
	 * @param fileSystem where the file is
	 */
	public record Status(int mode, long size, FileSystem fileSystem) {

		private static final int TYPE = 0170000;

		private static final int DIRECTORY = 0040000;

		private static final int REGULAR = 0100000;

		/**
		 * Whether the file is a directory.
		 * @return {@code true} if it is
		 */
		public boolean isDirectory() {
			return (this.mode & TYPE) == DIRECTORY;
		}

		/**
		 * Whether the file is a regular one.
		 * @return {@code true} if it is
		 */
		public boolean isRegularFile() {
			return (this.mode & TYPE) == REGULAR;
		}

	}

}
