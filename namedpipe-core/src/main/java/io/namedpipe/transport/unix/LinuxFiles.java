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

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Map;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's calls about files that the JDK has no methods for. Failures are the JDK's
 * exceptions.
 */
final class LinuxFiles {

	/** The numbers of {@code statx}. */
	private static final Map<String, Long> STATX = Map.of("amd64", 332L, "aarch64", 291L);

	/** The number of {@code openat2}, the same everywhere. Linux 5.6. */
	private static final long OPENAT2 = 437;

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

	private static final int EPERM = 1;

	private static final int ENOENT = 2;

	private static final int EINTR = 4;

	private static final int EAGAIN = 11;

	private static final int EACCES = 13;

	private static final int ELOOP = 40;

	private final long statx;

	private LinuxFiles(long statx) {
		this.statx = statx;
	}

	// The calls of this machine, or null if its architecture is not known here.
	static @Nullable LinuxFiles load(String architecture) {
		Long statx = STATX.get(architecture);
		return (statx != null) ? new LinuxFiles(statx) : null;
	}

	// Of what has a name. Paths end with a zero.
	Status status(byte[] path) throws FileSystemException {
		return status(AT_FDCWD, path, 0);
	}

	// Of what is open.
	Status status(int descriptor) throws FileSystemException {
		return status(descriptor, EMPTY_PATH, AT_EMPTY_PATH);
	}

	private Status status(long directory, byte[] path, long flags) throws FileSystemException {
		byte[] status = new byte[STATX_BYTES];
		check(Library.syscall(this.statx, directory, path, flags, STATX_TYPE_AND_SIZE, status), path);
		ByteBuffer fields = ByteBuffer.wrap(status).order(ByteOrder.nativeOrder());
		return new Status(fields.getShort(STATX_MODE), fields.getLong(STATX_SIZE), fields.getInt(STATX_DEVICE_MAJOR));
	}

	// Open for reading, without waiting for anybody, and not through those links below
	// /proc that are no names.
	int open(byte[] path) throws FileSystemException {
		return (int) check(Library.syscall(OPENAT2, AT_FDCWD, path, HOW, HOW.length), path);
	}

	boolean isBelowProc(int descriptor) throws FileSystemException {
		byte[] status = new byte[STATFS_BYTES];
		check(Library.fstatfs(descriptor, status), EMPTY_PATH);
		return ByteBuffer.wrap(status).order(ByteOrder.nativeOrder()).getLong() == PROC_SUPER_MAGIC;
	}

	// Returns the number of bytes, 0 at the end of the file.
	int read(int descriptor, byte[] buffer, int count) throws FileSystemException {
		long result;
		do {
			result = Library.read(descriptor, buffer, count);
		}
		while (result < 0 && Native.getLastError() == EINTR);
		return (int) check(result, EMPTY_PATH);
	}

	void close(int descriptor) {
		Library.close(descriptor);
	}

	private static long check(long result, byte[] path) throws FileSystemException {
		if (result < 0) {
			throw failure(Native.toString(path, UnixProcess.FILE_NAMES), Native.getLastError());
		}
		return result;
	}

	private static FileSystemException failure(String name, int error) {
		return switch (error) {
			case ENOENT -> new NoSuchFileException(name);
			case EACCES, EPERM -> new AccessDeniedException(name);
			case ELOOP ->
				new FileSystemException(name, null, "leads through a link of /proc, or through too many links");
			case EAGAIN -> new FileSystemException(name, null, "is held by another program, try again");
			default -> new FileSystemException(name, null, Library.strerror(error));
		};
	}

	/**
	 * What {@code stat} says of a file.
	 *
	 * @param mode the type, and the permissions
	 * @param size the number of bytes
	 * @param deviceMajor the kind of device that the file is on, 0 for none, as of /proc
	 */
	record Status(int mode, long size, int deviceMajor) {

		private static final int TYPE = 0170000;

		private static final int DIRECTORY = 0040000;

		private static final int REGULAR = 0100000;

		boolean isDirectory() {
			return (this.mode & TYPE) == DIRECTORY;
		}

		boolean isRegularFile() {
			return (this.mode & TYPE) == REGULAR;
		}

		boolean isOnDevice() {
			return this.deviceMajor != 0;
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

		static native long syscall(long number, long directory, byte[] path, long flags, long mask, byte[] status);

		static native long syscall(long number, long directory, byte[] path, byte[] how, long size);

		static native int fstatfs(int descriptor, byte[] status);

		static native long read(int descriptor, byte[] buffer, long count);

		static native int close(int descriptor);

		static native String strerror(int error);

	}

}
