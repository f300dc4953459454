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
import java.io.InputStream;
import java.lang.ref.Cleaner;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;

import io.namedpipe.posix.LinuxFiles;
import io.namedpipe.posix.LinuxFiles.FileSystem;
import io.namedpipe.posix.LinuxFiles.Status;
import io.namedpipe.transport.FileOpener;

/**
 * Holds what a name leads to, examines that, and only then opens it: replacing one file
 * by another meanwhile has no effect, and nothing is opened that could wait or act. Links
 * below {@code /proc} that stand for open files are not followed.
 */
final class LinuxFileOpener extends FileOpener {

	// One thread, started now: later it might inherit the identity of a client.
	private static final Cleaner CLEANER = Cleaner.create();

	private final LinuxFiles files;

	private final boolean fuseAllowed;

	/**
	 * Create an opener.
	 * @param files the kernel's calls
	 * @param fuseAllowed whether files of FUSE file systems are opened. The kernel checks
	 * the rights to these by the user of the process, which is not the client
	 */
	LinuxFileOpener(LinuxFiles files, boolean fuseAllowed) {
		this.files = files;
		this.fuseAllowed = fuseAllowed;
	}

	/**
	 * Open a file as every other one is opened, which loads what that needs.
	 * @throws IOException if the kernel does not have the calls, or {@code /proc} is not
	 * mounted
	 */
	void verify() throws IOException {
		int held = this.files.hold("/");
		try {
			Status status = this.files.status(held, "/");
			if (!status.isDirectory() || status.fileSystem() == FileSystem.PROC) {
				throw new FileSystemException("/", null, "does not look like a directory");
			}
			this.files.close(this.files.open(held, "/"));
		}
		finally {
			this.files.close(held);
		}
	}

	@Override
	public InputStream open(Path name) throws IOException {
		if (name.getFileSystem() != FileSystems.getDefault()) {
			// Not a file of the operating system, such as an entry of an archive.
			return Files.newInputStream(name);
		}
		String text = name.toString();
		int held = this.files.hold(name.toAbsolutePath().toString());
		try {
			Status status = this.files.status(held, text);
			check(name, status);
			int opened = this.files.open(held, text);
			return new DescriptorInputStream(this.files, opened, status.size(), CLEANER);
		}
		finally {
			this.files.close(held);
		}
	}

	private void check(Path name, Status status) throws FileSystemException {
		if (!status.isRegularFile()) {
			throw notRegular(name, status.isDirectory());
		}
		if (status.fileSystem() == FileSystem.PROC) {
			throw new AccessDeniedException(name.toString());
		}
		if (status.fileSystem() == FileSystem.FUSE && !this.fuseAllowed) {
			throw new AccessDeniedException(name.toString(), null,
					"is on a FUSE file system; set 'namedpipe.unix.allow-fuse' to open such files");
		}
	}

}
