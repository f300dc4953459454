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
import java.nio.file.FileSystemException;

import com.sun.jna.Native;
import org.jspecify.annotations.Nullable;

import io.namedpipe.platform.OperatingSystem;

/**
 * The failures that the kernel reports, by their names.
 *
 * @since 0.1.0
 */
public enum Errno {

	/** The operation is not permitted, whatever the permissions of the file are. */
	EPERM("Operation not permitted", 1, 1),

	/** There is no such file. */
	ENOENT("No such file or directory", 2, 2),

	/** The device has failed. */
	EIO("Input/output error", 5, 5),

	/** A signal interrupted the call. */
	EINTR("Interrupted system call", 4, 4),

	/** The operation would have to wait. */
	EAGAIN("Resource temporarily unavailable", 11, 35),

	/** The permissions of a file forbid the operation. */
	EACCES("Permission denied", 13, 13),

	/** The path leads out of the directory that it must stay beneath. */
	EXDEV("Invalid cross-device link", 18, 18),

	/** A part of the path is not a directory. */
	ENOTDIR("Not a directory", 20, 20),

	/** A part of a name is longer than the file system takes. */
	ENAMETOOLONG("File name too long", 36, 63),

	/** The machine has no file descriptors left. */
	ENFILE("Too many open files in system", 23, 23),

	/** The process has no file descriptors left. */
	EMFILE("Too many open files", 24, 24),

	/** The file system is full. */
	ENOSPC("No space left on device", 28, 28),

	/** The file system is mounted read-only. */
	EROFS("Read-only file system", 30, 30),

	/** The buffer is too small. */
	ERANGE("Numerical result out of range", 34, 34),

	/** The path leads through too many symbolic links. */
	ELOOP("Too many levels of symbolic links", 40, 62),

	/** There is no such socket option. */
	ENOPROTOOPT("Protocol not available", 92, 42),

	/** The user's share of the file system is used up. */
	EDQUOT("Disk quota exceeded", 122, 69);

	private final String text;

	private final int number;

	Errno(String text, int linux, int mac) {
		this.text = text;
		this.number = OperatingSystem.isLinux() ? linux : mac;
	}

	// The error of the calling thread's last native call.
	static int last() {
		return Native.getLastError();
	}

	boolean isLast() {
		return last() == this.number;
	}

	static @Nullable Errno of(int number) {
		for (Errno each : values()) {
			if (each.number == number) {
				return each;
			}
		}
		return null;
	}

	static String describe(int number) {
		return "%s (error %d)".formatted(LibC.strerror(number), number);
	}

	/**
	 * Whether this is what the JDK has thrown an exception for. The JDK gives the words
	 * of the C library and no number; words of another language than English are
	 * recognized if JNA is usable.
	 * @param exception the exception
	 * @return {@code true} if the exception has the words of this error
	 */
	public boolean isCauseOf(IOException exception) {
		String words = (exception instanceof FileSystemException failure) ? failure.getReason()
				: exception.getMessage();
		return words != null
				&& (words.endsWith(this.text) || (Jna.isLoaded() && words.endsWith(LibC.strerror(this.number))));
	}

}
