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
import java.nio.file.FileSystemException;

/**
 * Calls of the kernel about files, with the memory that they need. Names are encoded
 * before, and failures are made exceptions afterwards; the calls themselves allocate
 * nothing, throw nothing and return the negative number of an error, so that they can be
 * made while the thread acts as a client. For one thread at a time.
 *
 * @since 0.1.0
 */
public final class FileCalls implements AutoCloseable {

	/** Stands for the working directory where a directory is expected. */
	public static final int WORKING_DIRECTORY = -100;

	/** Open for reading ({@code O_RDONLY}). */
	public static final long READ = 0;

	/** Hold what has a name, without opening it ({@code O_PATH}). */
	public static final long HOLD = 0x200000;

	/**
	 * Do not follow the links below {@code /proc} that stand for open files
	 * ({@code RESOLVE_NO_MAGICLINKS}).
	 */
	public static final long NO_MAGIC_LINKS = 0x02;

	/**
	 * Do not leave the directory ({@code RESOLVE_BENEATH}), nor by
	 * {@link #NO_MAGIC_LINKS}.
	 */
	public static final long BENEATH = 0x08 | NO_MAGIC_LINKS;

	/**
	 * Do not ask a file system about a name, as FUSE asks its program
	 * ({@code RESOLVE_CACHED}, Linux 5.12).
	 */
	private static final long CACHED = 0x20;

	/** Open nothing but a directory ({@code O_DIRECTORY}). */
	public static final long DIRECTORY = SystemCall.isArm() ? 0x4000 : 0x10000;

	/** Do not follow a link that the name itself is ({@code O_NOFOLLOW}). */
	public static final long NO_FOLLOW = SystemCall.isArm() ? 0x8000 : 0x20000;

	/** Open for writing ({@code O_WRONLY}). */
	public static final long WRITE = 1;

	/** Create a new file for writing ({@code O_WRONLY|O_CREAT|O_EXCL|O_NOFOLLOW}). */
	public static final long CREATE = WRITE | 0x40 | 0x80 | NO_FOLLOW;

	/** Create a file without a name ({@code O_WRONLY|O_TMPFILE}). */
	private static final long UNNAMED = WRITE | 0x400000 | DIRECTORY;

	/** The error of a file that does not exist. */
	public static final int NOT_FOUND = -2;

	/** The error of a file system that is full. */
	public static final int NO_SPACE = -28;

	/** The error of a file that the permissions forbid. */
	public static final int DENIED = -13;

	private static final int AGAIN = -11;

	private static final int UNKNOWN_FLAG = -22;

	static final Charset FILE_NAMES = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

	private static final char UNKNOWN = '\ufffd';

	private static final long AT_SYMLINK_NOFOLLOW = 0x100;

	private static final long AT_SYMLINK_FOLLOW = 0x400;

	private static final long AT_NO_AUTOMOUNT = 0x800;

	private static final long AT_EMPTY_PATH = 0x1000;

	/** Take what the kernel knows, and do not ask another machine or a process. */
	private static final long AT_STATX_DONT_SYNC = 0x4000;

	/** The type and the mode, the size, and the time of the last change. */
	private static final long STATX_WANTED = 0x243;

	/** {@code STATX_MNT_ID_UNIQUE}, Linux 6.8, and {@code STATX_MNT_ID}, Linux 5.8. */
	private static final long STATX_MOUNT = 0x4000 | 0x1000;

	private static final long O_NONBLOCK_NOCTTY = 0x800 | 0x100;

	private static final long O_CLOEXEC = 0x80000;

	/** The limit of the kernel, with the zero at the end. */
	static final int PATH_MAX = 4096;

	private static final int NAMES = 4;

	/** How often a name is tried that was renamed meanwhile. */
	private static final int ATTEMPTS = 32;

	/** More than the decimal digits of a descriptor, and the zero at the end. */
	private static final int DIGITS = 16;

	private final LinuxFiles files;

	private final CharsetEncoder encoder = FILE_NAMES.newEncoder();

	private final NativeMemory names = new NativeMemory(NAMES * PATH_MAX);

	private final NativeMemory digits = new NativeMemory(DIGITS);

	/** A {@code struct open_how}: flags, mode, resolve. */
	private final NativeMemory how = new NativeMemory(3 * Long.BYTES);

	private final FileAttributes attributes = new FileAttributes();

	private final PathWalk walk = new PathWalk(this);

	FileCalls(LinuxFiles files) {
		this.files = files;
	}

	/**
	 * Encode a name as the kernel takes it.
	 * @param slot where to keep it, 0 to 3
	 * @param name the name
	 * @throws FileSystemException if it cannot be the name of a file
	 */
	public void encode(int slot, String name) throws FileSystemException {
		ByteBuffer bytes = this.names.buffer().clear();
		bytes.position(slot * PATH_MAX).limit((slot + 1) * PATH_MAX - 1);
		CoderResult result = this.encoder.reset().encode(CharBuffer.wrap(name), bytes, true);
		if (result.isOverflow()) {
			throw new FileSystemException(name, null, LinuxFiles.TOO_LONG);
		}
		// The JDK puts the unknown character into names that are not text: it alone
		// knows their bytes.
		if (result.isError() || name.indexOf(UNKNOWN) >= 0) {
			throw new FileSystemException(name, null, "cannot be written as a file name in " + FILE_NAMES);
		}
		bytes.limit((slot + 1) * PATH_MAX).put((byte) 0);
	}

	/**
	 * Open a name ({@code openat2}, Linux 5.6), without waiting for another process.
	 * @param directory the directory of a relative name, or {@link #WORKING_DIRECTORY}
	 * @param slot the name
	 * @param flags further flags, such as {@link #HOLD}
	 * @param mode the permissions of a file that is created
	 * @param resolve what is not followed, such as {@link #NO_MAGIC_LINKS}
	 * @return a descriptor, to be closed by the caller, or a negative error
	 */
	public int open(int directory, int slot, long flags, int mode, long resolve) {
		return open(directory, this.names.address() + slot * PATH_MAX, flags, mode, resolve);
	}

	/**
	 * Hold what a name leads to ({@link #HOLD}). No program of a FUSE file system is
	 * asked, since it may never answer: a name that leads into one, or into
	 * {@code /proc}, gives the place where it does, which the caller recognizes by its
	 * attributes.
	 * @param directory the directory of a relative name, or {@link #WORKING_DIRECTORY}
	 * for an absolute one
	 * @param slot the name
	 * @param flags further flags, such as {@link #DIRECTORY}
	 * @param resolve {@link #NO_MAGIC_LINKS} or {@link #BENEATH}
	 * @param fuse whether names may lead into FUSE file systems
	 * @return a descriptor, to be closed by the caller, or a negative error
	 */
	public int hold(int directory, int slot, long flags, long resolve, boolean fuse) {
		if (fuse) {
			return open(directory, slot, HOLD | flags, 0, resolve);
		}
		int held = open(directory, slot, HOLD | flags, 0, resolve | CACHED);
		return (held == AGAIN || held == UNKNOWN_FLAG)
				? this.walk.hold(directory, this.names.buffer(), slot * PATH_MAX, flags, resolve) : held;
	}

	/**
	 * Open what is held, without waiting for another process.
	 * @param held a descriptor that was opened with {@link #HOLD}
	 * @param flags how to open it, such as {@link #READ}
	 * @return another descriptor, to be closed by the caller, or a negative error
	 */
	public int openHeld(int held, long flags) {
		return open(this.files.descriptors(), digits(held), flags, 0, 0);
	}

	/**
	 * Create a file without a name, which is gone when it is closed.
	 * @param directory the directory that is to have it, held
	 * @param mode its permissions
	 * @return a descriptor, to be closed by the caller, or a negative error, such as that
	 * the file system has no files without a name
	 */
	public int create(int directory, int mode) {
		return open(this.files.descriptors(), digits(directory), UNNAMED, mode, 0);
	}

	/**
	 * Give a file without a name one.
	 * @param descriptor the file
	 * @param directory the directory that it was created for
	 * @param slot the name, which nothing else has
	 * @return 0, or a negative error
	 */
	public int link(int descriptor, int directory, int slot) {
		return result(LibC.syscall(SystemCall.LINKAT.number(), this.files.descriptors(), digits(descriptor), directory,
				this.names.address() + slot * PATH_MAX, AT_SYMLINK_FOLLOW));
	}

	// The name of a descriptor among those of this process.
	private long digits(int descriptor) {
		ByteBuffer text = this.digits.buffer();
		int start = DIGITS - 1;
		int rest = descriptor;
		do {
			start--;
			text.put(start, (byte) ('0' + rest % 10));
			rest /= 10;
		}
		while (rest > 0);
		return this.digits.address() + start;
	}

	int open(int directory, long path, long flags, int mode, long resolve) {
		// O_PATH goes with few other flags.
		long all = O_CLOEXEC | flags | (((flags & HOLD) != 0) ? 0 : O_NONBLOCK_NOCTTY);
		this.how.buffer().putLong(0, all).putLong(Long.BYTES, mode).putLong(2 * Long.BYTES, resolve);
		int attempts = ((resolve & (BENEATH | CACHED)) == BENEATH) ? ATTEMPTS : 1;
		long result;
		do {
			result = LibC.syscall(SystemCall.OPENAT2.number(), directory, path, this.how.address(), this.how.size(), 0);
		}
		while (result < 0 && (Errno.EINTR.isLast() || (Errno.EAGAIN.isLast() && --attempts > 0)));
		return result(result);
	}

	/**
	 * Look at a file.
	 * @param descriptor the file
	 * @return 0, or a negative error
	 * @see #attributes()
	 */
	public int readAttributes(int descriptor) {
		long result = LibC.syscall(SystemCall.STATX.number(), descriptor, this.digits.address() + DIGITS - 1,
				AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_WANTED | STATX_MOUNT, this.attributes.address());
		if (result < 0) {
			return -Errno.last();
		}
		return this.files.isMountKnown() ? readMount() : readFileSystem(descriptor);
	}

	// FUSE would ask its program in fstatfs, and makes handles by itself.
	private int readFileSystem(int descriptor) {
		long result = LibC.syscall(SystemCall.NAME_TO_HANDLE_AT.number(), descriptor,
				this.digits.address() + DIGITS - 1, this.attributes.handleAddress(),
				this.attributes.handleMountAddress(), AT_EMPTY_PATH);
		return (result == 0 && this.attributes.isHandleOfFuse()) ? 0
				: result(LibC.fstatfs(descriptor, this.attributes.fileSystemAddress()));
	}

	int readMount() {
		if (this.attributes.isMountRead()) {
			return 0;
		}
		long result = LibC.syscall(SystemCall.STATMOUNT.number(), this.attributes.mountRequestAddress(),
				this.attributes.fileSystemAddress(), this.attributes.fileSystemSize(), 0, 0);
		this.attributes.mountWasRead(result == 0);
		return result(result);
	}

	/**
	 * Read where a link leads.
	 * @param link the link, held
	 * @param address where the text goes
	 * @param size how much there is
	 * @return the number of bytes, or a negative error
	 */
	int readLink(int link, long address, int size) {
		return result(LibC.syscall(SystemCall.READLINKAT.number(), link, this.digits.address() + DIGITS - 1, address,
				size, 0));
	}

	/**
	 * Look at the present entry of a directory, at a link itself if it is one.
	 * @param directory the directory
	 * @param entries the entries
	 * @return 0, or a negative error
	 * @see #attributes()
	 */
	public int readAttributes(int directory, DirectoryEntries entries) {
		return result(LibC.syscall(SystemCall.STATX.number(), directory, entries.nameAddress(),
				AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC, STATX_WANTED, this.attributes.address()));
	}

	/**
	 * Write to a file.
	 * @param descriptor the file
	 * @param bytes the bytes, from the start of the array
	 * @param count the number of bytes
	 * @return the number of bytes that were written, or a negative error
	 */
	public int write(int descriptor, byte[] bytes, int count) {
		long result;
		do {
			result = LibC.write(descriptor, bytes, count);
		}
		while (result < 0 && Errno.EINTR.isLast());
		return result(result);
	}

	/**
	 * Set the permissions of a file.
	 * @param descriptor the file
	 * @param mode the permissions
	 * @return 0, or a negative error
	 */
	public int setMode(int descriptor, int mode) {
		return result(LibC.syscall(SystemCall.FCHMOD.number(), descriptor, mode));
	}

	/**
	 * Rename a file, in place of another one.
	 * @param directory the directory of both names
	 * @param from the slot of the present name
	 * @param to the slot of the new name
	 * @return 0, or a negative error
	 */
	public int rename(int directory, int from, int to) {
		return result(LibC.syscall(SystemCall.RENAMEAT2.number(), directory, this.names.address() + from * PATH_MAX,
				directory, this.names.address() + to * PATH_MAX, 0));
	}

	/**
	 * Remove a file that is no directory.
	 * @param directory its directory
	 * @param slot its name
	 * @return 0, or a negative error
	 */
	public int remove(int directory, int slot) {
		return result(
				LibC.syscall(SystemCall.UNLINKAT.number(), directory, this.names.address() + slot * PATH_MAX, 0, 0, 0));
	}

	private static int result(long result) {
		return (result < 0) ? -Errno.last() : (int) result;
	}

	/**
	 * What {@link #readAttributes} has read last.
	 * @return the attributes, the same object each time
	 */
	public FileAttributes attributes() {
		return this.attributes;
	}

	/**
	 * Close a file.
	 * @param descriptor the file; nothing happens if it is negative
	 */
	public void close(int descriptor) {
		if (descriptor >= 0) {
			LibC.close(descriptor);
		}
	}

	/**
	 * Let the memory be used for other calls.
	 */
	@Override
	public void close() {
		this.files.end(this);
	}

}
