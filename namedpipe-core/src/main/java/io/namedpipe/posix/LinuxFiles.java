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
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

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

	private static final int STATX_MODE = 28;

	private static final int STATX_SIZE = 40;

	private static final long PROC_SUPER_MAGIC = 0x9fa0;

	private static final long FUSE_SUPER_MAGIC = 0x65735546;

	private static final long O_NOCTTY = 0x100;

	private static final long O_NONBLOCK = 0x800;

	private static final long O_CLOEXEC = 0x80000;

	private static final long O_PATH = 0x200000;

	private static final long RESOLVE_NO_MAGICLINKS = 0x02;

	private static final ThreadLocal<CallMemory> MEMORY = ThreadLocal.withInitial(CallMemory::new);

	private static final ReentrantLock LOCK = new ReentrantLock();

	private static @Nullable LinuxFiles instance;

	private final NativeMemory hold = how(O_PATH | O_CLOEXEC, RESOLVE_NO_MAGICLINKS);

	private final NativeMemory read = how(O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);

	private final NativeMemory emptyPath = new NativeMemory(1);

	/** The directory of the descriptors of this process, held as long as it lives. */
	private final int descriptors;

	private LinuxFiles() throws FileSystemException {
		this.descriptors = open(AT_FDCWD, "/proc/self/fd", how(O_PATH | O_CLOEXEC, 0), "/proc/self/fd");
	}

	/**
	 * The calls of this machine.
	 * @return the calls
	 * @throws JnaUnavailableException if JNA is missing or does not load
	 * @throws UnsupportedOperationException if this is not Linux on x86-64 or aarch64
	 * @throws FileSystemException if the kernel does not have {@code openat2}, or
	 * {@code /proc} is not mounted
	 */
	public static LinuxFiles load() throws FileSystemException {
		SystemCall.requireKnown();
		Jna.require();
		LOCK.lock();
		try {
			if (instance == null) {
				instance = new LinuxFiles();
			}
			return instance;
		}
		finally {
			LOCK.unlock();
		}
	}

	// A struct open_how: flags, mode, resolve.
	private static NativeMemory how(long flags, long resolve) {
		NativeMemory how = new NativeMemory(3 * Long.BYTES);
		how.buffer().putLong(0, flags).putLong(2 * Long.BYTES, resolve);
		return how;
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
		return open(AT_FDCWD, name, this.hold, name);
	}

	/**
	 * Open what is held for reading, without waiting for another process.
	 * @param held the descriptor that {@link #hold} returned
	 * @param name the name, for messages
	 * @return another descriptor, to be closed by the caller
	 * @throws FileSystemException if the file may not be read
	 */
	public int open(int held, String name) throws FileSystemException {
		return open(this.descriptors, Integer.toString(held), this.read, name);
	}

	private static int open(long directory, String path, NativeMemory how, String name) throws FileSystemException {
		long address = MEMORY.get().encode(path);
		long result;
		do {
			result = LibC.syscall(SystemCall.OPENAT2.number(), directory, address, how.address(), how.size(), 0);
		}
		while (result < 0 && Errno.EINTR.isLast());
		return (int) check(result, name);
	}

	/**
	 * The status of a file.
	 * @param descriptor the file
	 * @param name the name, for messages
	 * @return the status
	 * @throws FileSystemException if it cannot be read
	 */
	public Status status(int descriptor, String name) throws FileSystemException {
		NativeMemory memory = MEMORY.get().status;
		check(LibC.syscall(SystemCall.STATX.number(), descriptor, this.emptyPath.address(),
				AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE_AND_SIZE, memory.address()), name);
		int mode = memory.buffer().getShort(STATX_MODE);
		long size = memory.buffer().getLong(STATX_SIZE);
		check(LibC.fstatfs(descriptor, memory.address()), name);
		return new Status(mode, size, FileSystem.of(memory.buffer().getLong(0)));
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
		OTHER;

		// A struct statfs begins with the type.
		static FileSystem of(long type) {
			if (type == PROC_SUPER_MAGIC) {
				return PROC;
			}
			return (type == FUSE_SUPER_MAGIC) ? FUSE : OTHER;
		}

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

	/**
	 * What the kernel reads and writes in calls of one thread.
	 */
	private static final class CallMemory {

		/** The limit of the kernel, with the zero at the end. */
		private static final int PATH_MAX = 4096;

		/** {@code struct statx}; a {@code struct statfs} is smaller. */
		private static final int STATUS_BYTES = 256;

		private final CharsetEncoder encoder = FILE_NAMES.newEncoder();

		private final NativeMemory path = new NativeMemory(PATH_MAX);

		private final NativeMemory status = new NativeMemory(STATUS_BYTES);

		// The address of the name as the kernel takes it.
		long encode(String name) throws FileSystemException {
			ByteBuffer bytes = this.path.buffer().clear().limit(PATH_MAX - 1);
			CoderResult result = this.encoder.reset().encode(CharBuffer.wrap(name), bytes, true);
			if (result.isOverflow()) {
				throw new FileSystemException(name, null, "is too long for a file name");
			}
			// The JDK puts the unknown character into names that are not text: it alone
			// knows their bytes.
			if (result.isError() || name.indexOf(UNKNOWN) >= 0) {
				throw new FileSystemException(name, null, "cannot be written as a file name in " + FILE_NAMES);
			}
			bytes.limit(PATH_MAX).put((byte) 0);
			return this.path.address();
		}

	}

}
