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
import java.lang.ref.Cleaner;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Path;

import io.namedpipe.posix.FileAttributes;
import io.namedpipe.posix.FileCalls;
import io.namedpipe.posix.LinuxFiles;
import io.namedpipe.transport.ClientRights;
import io.namedpipe.transport.FileOpener;
import io.namedpipe.transport.OpenedFile;

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
		try (FileCalls calls = this.files.begin()) {
			Opening opening = new Opening(calls, true);
			calls.encode(0, "/");
			opening.run();
			if (opening.error < 0) {
				throw FileCalls.failure("/", opening.error);
			}
			int opened = calls.openHeld(this.files.descriptors(), FileCalls.READ);
			calls.close(opened);
			if (opened < 0) {
				throw FileCalls.failure("/proc", opened);
			}
			if (!calls.attributes().isDirectory() || calls.attributes().isOfProc()) {
				throw new FileSystemException("/", null, "does not look like a directory");
			}
			// Failures need classes too.
			calls.encode(0, "");
			opening.run();
		}
	}

	@Override
	public OpenedFile open(Path name, ClientRights rights) throws IOException {
		if (name.getFileSystem() != FileSystems.getDefault()) {
			// Not a file of the operating system, such as an entry of an archive.
			return portable().open(name, rights);
		}
		try (FileCalls calls = this.files.begin()) {
			Opening opening = new Opening(calls, this.fuseAllowed);
			calls.encode(0, name.toAbsolutePath().toString());
			try {
				rights.run(opening);
				if (opening.error < 0) {
					throw FileCalls.failure(name.toString(), opening.error);
				}
				check(name, calls.attributes());
				OpenedFile file = new DescriptorInputStream(this.files, opening.opened, calls.attributes(), CLEANER);
				opening.opened = -1;
				return file;
			}
			finally {
				calls.close(opening.opened);
			}
		}
	}

	private void check(Path name, FileAttributes attributes) throws FileSystemException {
		if (!attributes.isRegularFile()) {
			throw notRegular(name, attributes.isDirectory());
		}
		if (attributes.isOfProc()) {
			throw new AccessDeniedException(name.toString());
		}
		if (attributes.isOfFuse() && !this.fuseAllowed) {
			throw new AccessDeniedException(name.toString(), null,
					"is on a FUSE file system; set 'namedpipe.unix.allow-fuse' to open such files");
		}
	}

	private static final class Opening extends KernelCalls {

		private final boolean fuseAllowed;

		private int opened = -1;

		Opening(FileCalls calls, boolean fuseAllowed) {
			super(calls);
			this.fuseAllowed = fuseAllowed;
		}

		@Override
		public void run() {
			int held = this.calls.open(FileCalls.WORKING_DIRECTORY, 0, FileCalls.HOLD, 0, FileCalls.NO_MAGIC_LINKS);
			this.error = (held < 0) ? held : this.calls.readAttributes(held);
			if (this.error == 0 && isOpened(this.calls.attributes())) {
				this.opened = this.calls.openHeld(held, FileCalls.READ);
				this.error = Math.min(0, this.opened);
			}
			this.calls.close(held);
		}

		// The caller says why nothing else is opened.
		private boolean isOpened(FileAttributes attributes) {
			return attributes.isRegularFile() && !attributes.isOfProc() && (this.fuseAllowed || !attributes.isOfFuse());
		}

	}

}
