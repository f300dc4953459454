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
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

import com.sun.jna.Native;

/**
 * The kernel's calls about files that the JDK has no methods for. Failures are the JDK's
 * exceptions. Thread-safe.
 *
 * @since 0.1.0
 */
public final class LinuxFiles {

	private static final Charset FILE_NAMES = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

	private static final long AT_FDCWD = -100;

	private static final long AT_EMPTY_PATH = 0x1000;

	private static final long STATX_TYPE_AND_SIZE = 0x201;

	private static final int STATX_BYTES = 256;

	private static final int STATX_MODE = 28;

	private static final int STATX_SIZE = 40;

	private static final int STATX_DEVICE_MAJOR = 136;

	/** More than any {@code struct statfs}, which begins with the type. */
	private static final int STATFS_BYTES = 256;

	private static final long PROC_SUPER_MAGIC = 0x9fa0;

	private static final long O_NOCTTY = 0x100;

	private static final long O_NONBLOCK = 0x800;

	private static final long O_CLOEXEC = 0x80000;

	private static final long RESOLVE_NO_MAGICLINKS = 0x02;

	/** {@code struct open_how}: flags, mode, resolve. */
	private static final byte[] HOW = ByteBuffer.allocate(3 * Long.BYTES)
		.order(ByteOrder.nativeOrder())
		.putLong(O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
		.putLong(0)
		.putLong(RESOLVE_NO_MAGICLINKS)
		.array();

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

	/**
	 * A file name as the kernel takes it.
	 * @param name the name
	 * @return its bytes, and a zero
	 */
	public static byte[] encode(String name) {
		return (name + "\0").getBytes(FILE_NAMES);
	}

	/**
	 * The status of a file, links followed.
	 * @param path the path, as {@link #encode} gives it
	 * @return the status
	 * @throws FileSystemException if it cannot be read
	 */
	public Status status(byte[] path) throws FileSystemException {
		return status(AT_FDCWD, path, 0);
	}

	/**
	 * The status of an open file.
	 * @param descriptor the file
	 * @return the status
	 * @throws FileSystemException if it cannot be read
	 */
	public Status status(int descriptor) throws FileSystemException {
		return status(descriptor, EMPTY_PATH, AT_EMPTY_PATH);
	}

	private Status status(long directory, byte[] path, long flags) throws FileSystemException {
		byte[] status = new byte[STATX_BYTES];
		check(LibC.syscall(SystemCall.STATX.number(), directory, path, flags, STATX_TYPE_AND_SIZE, status), path);
		ByteBuffer fields = ByteBuffer.wrap(status).order(ByteOrder.nativeOrder());
		return new Status(fields.getShort(STATX_MODE), fields.getLong(STATX_SIZE), fields.getInt(STATX_DEVICE_MAJOR));
	}

	/**
	 * Open a file for reading, without waiting for another process, and without following
	 * the links below {@code /proc} that stand for open files ({@code openat2}, Linux
	 * 5.6).
	 * @param path the path, as {@link #encode} gives it
	 * @return the descriptor, to be closed by the caller
	 * @throws FileSystemException if the file cannot be opened
	 */
	public int open(byte[] path) throws FileSystemException {
		return (int) check(LibC.syscall(SystemCall.OPENAT2.number(), AT_FDCWD, path, HOW, HOW.length), path);
	}

	/**
	 * Whether a file is one of {@code /proc}.
	 * @param descriptor the file
	 * @return {@code true} if it is
	 * @throws FileSystemException if that cannot be found out
	 */
	public boolean isBelowProc(int descriptor) throws FileSystemException {
		byte[] status = new byte[STATFS_BYTES];
		check(LibC.fstatfs(descriptor, status), EMPTY_PATH);
		return ByteBuffer.wrap(status).order(ByteOrder.nativeOrder()).getLong() == PROC_SUPER_MAGIC;
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
		return (int) check(result, EMPTY_PATH);
	}

	/**
	 * Close a file.
	 * @param descriptor the file
	 */
	public void close(int descriptor) {
		LibC.close(descriptor);
	}

	private static long check(long result, byte[] path) throws FileSystemException {
		if (result < 0) {
			throw failure(Native.toString(path, FILE_NAMES), Errno.last());
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
	 * What {@code stat} says of a file.
	 *
	 * @param mode the type, and the permissions
	 * @param size the number of bytes
	 * @param deviceMajor the kind of device that the file is on, 0 for none, as of /proc
	 */
	public record Status(int mode, long size, int deviceMajor) {

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

		/**
		 * Whether the file is on a device.
		 * @return {@code false} for files that the kernel makes up
		 */
		public boolean isOnDevice() {
			return this.deviceMajor != 0;
		}

	}

}
