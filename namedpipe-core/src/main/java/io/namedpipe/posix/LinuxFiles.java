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

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * The kernel's calls about files that the JDK has no methods for. Thread-safe.
 *
 * @since 0.1.0
 */
public final class LinuxFiles {

	private static final String DESCRIPTORS = "/proc/self/fd";

	static final String TOO_LONG = "is too long for a file name";

	private static final ReentrantLock LOCK = new ReentrantLock();

	private static @Nullable LinuxFiles instance;

	/** Taken and given back without a lock. */
	private final ConcurrentLinkedQueue<FileCalls> idle = new ConcurrentLinkedQueue<>();

	/** The directory of the descriptors of this process, held as long as it lives. */
	private final int descriptors;

	/** Whether the kernel tells what a mount is ({@code statmount}, Linux 6.8). */
	private boolean mountKnown;

	LinuxFiles(boolean statmount) throws IOException {
		try (FileCalls calls = new FileCalls(this)) {
			calls.encode(0, DESCRIPTORS);
			this.descriptors = (int) calls.open(FileCalls.WORKING_DIRECTORY, 0, FileCalls.HOLD, 0, 0);
			if (this.descriptors < 0) {
				throw failure(DESCRIPTORS, this.descriptors);
			}
			this.mountKnown = statmount && calls.readAttributes(this.descriptors) == 0 && calls.readMount() == 0
					&& calls.attributes().isOfProc();
		}
	}

	/**
	 * The calls of this machine.
	 * @return the calls
	 * @throws JnaUnavailableException if JNA is missing or does not load
	 * @throws UnsupportedOperationException if this is not Linux on x86-64 or aarch64
	 * @throws IOException if the kernel does not have {@code openat2}, or {@code /proc}
	 * is not mounted
	 */
	public static LinuxFiles load() throws IOException {
		SystemCall.requireKnown();
		Jna.require();
		LOCK.lock();
		try {
			if (instance == null) {
				instance = new LinuxFiles(true);
			}
			return instance;
		}
		finally {
			LOCK.unlock();
		}
	}

	/**
	 * Begin to make calls.
	 * @return the calls, to be closed
	 */
	public FileCalls begin() {
		FileCalls calls = this.idle.poll();
		return (calls != null) ? calls : new FileCalls(this);
	}

	void end(FileCalls calls) {
		this.idle.offer(calls);
	}

	/**
	 * The directory of the descriptors of this process.
	 * @return a descriptor that stays open
	 */
	public int descriptors() {
		return this.descriptors;
	}

	boolean isMountKnown() {
		return this.mountKnown;
	}

	/**
	 * Read from a file.
	 * @param descriptor the file
	 * @param buffer where the bytes go, from its start
	 * @param count the maximum number of bytes
	 * @param position where to read, in bytes from the start of the file
	 * @return the number of bytes, 0 at the end of the file
	 * @throws IOException if reading fails
	 */
	public int read(int descriptor, byte[] buffer, int count, long position) throws IOException {
		long result;
		do {
			result = LibC.pread(descriptor, buffer, count, position);
		}
		while (result < 0 && Errno.EINTR.isLast());
		if (result < 0) {
			throw failure("", -Errno.last());
		}
		return (int) result;
	}

	/**
	 * Read names from a directory, from where the last call has ended.
	 * @param directory the directory, open for reading
	 * @param entries where the names go
	 * @return whether there were any
	 * @throws IOException if reading fails
	 */
	public boolean read(int directory, DirectoryEntries entries) throws IOException {
		long result = LibC.syscall(SystemCall.GETDENTS64.number(), directory, entries.address(), entries.capacity(), 0,
				0);
		if (result < 0) {
			throw failure("", -Errno.last());
		}
		entries.reset((int) result);
		return result > 0;
	}

	/**
	 * Wait until the content of a file is on its device.
	 * @param descriptor the file
	 * @throws IOException if it cannot be written
	 */
	public void force(int descriptor) throws IOException {
		if (LibC.syscall(SystemCall.FSYNC.number(), descriptor, 0) < 0) {
			throw failure("", -Errno.last());
		}
	}

	/**
	 * Close a file.
	 * @param descriptor the file
	 */
	public void close(int descriptor) {
		LibC.close(descriptor);
	}

	/**
	 * Make an error the JDK's exception.
	 * @param name the name of the file
	 * @param error the negative error
	 * @return the exception
	 */
	public static IOException failure(String name, int error) {
		Errno known = Errno.of(-error);
		if (known == null) {
			return new FileSystemException(name, null, Errno.describe(-error));
		}
		return switch (known) {
			case ENOENT -> new NoSuchFileException(name);
			case ENOTDIR -> new NoSuchFileException(name, null, "is below a file that is no directory");
			case ENAMETOOLONG -> new FileSystemException(name, null, TOO_LONG);
			case EXDEV -> new AccessDeniedException(name, null, "leads out of its folder");
			// Not the fault of the client.
			case EIO, ENFILE, EMFILE, ENOSPC, EDQUOT -> new IOException(name + ": " + Errno.describe(-error));
			case EACCES, EPERM -> new AccessDeniedException(name);
			case ELOOP ->
				new FileSystemException(name, null, "leads through a link of /proc, or through too many links");
			case EAGAIN -> new FileSystemException(name, null, "is held by another program, try again");
			default -> new FileSystemException(name, null, Errno.describe(-error));
		};
	}

}
