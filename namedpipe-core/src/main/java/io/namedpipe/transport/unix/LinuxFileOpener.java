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
import io.namedpipe.transport.FileRoot;
import io.namedpipe.transport.OpenedFile;

/**
 * Holds what a name leads to, examines that, and only then opens it: replacing one file
 * by another meanwhile has no effect, and nothing is opened that could wait or act. Links
 * below {@code /proc} that stand for open files are not followed.
 */
final class LinuxFileOpener extends FileOpener {

	private final LinuxFiles files;

	private final boolean fuseAllowed;

	// Its thread starts now, since later it might inherit the identity of a client, and
	// ends when this opener and its files are garbage.
	private final Cleaner cleaner = Cleaner.create();

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
	 * Open a directory as every file is opened, which loads what that needs.
	 * @throws IOException if the kernel does not have the calls, or {@code /proc} is not
	 * mounted
	 */
	void verify() throws IOException {
		Path root = Path.of("/");
		new LinuxFileRoot(this.files, root, true, this.cleaner).list("", Integer.MAX_VALUE, ClientRights.ofThread());
		try (FileCalls calls = this.files.begin()) {
			// Failures need classes too.
			calls.encode(Opening.NAME, "");
			new Opening(calls, Opening.FILE, true, false).run();
		}
	}

	@Override
	public OpenedFile open(Path name, ClientRights rights) throws IOException {
		if (name.getFileSystem() != FileSystems.getDefault()) {
			// Not a file of the operating system, such as an entry of an archive.
			return portable().open(name, rights);
		}
		try (FileCalls calls = this.files.begin()) {
			calls.encode(Opening.NAME, name.toAbsolutePath().toString());
			Opening opening = new Opening(calls, Opening.FILE, this.fuseAllowed, false);
			return open(this.files, opening, name.toString(), rights, this.fuseAllowed, this.cleaner);
		}
	}

	static OpenedFile open(LinuxFiles files, Opening opening, String name, ClientRights rights, boolean fuseAllowed,
			Cleaner cleaner) throws IOException {
		try {
			run(opening, name, rights);
			FileAttributes attributes = opening.calls.attributes();
			check(name, attributes, fuseAllowed);
			if (!attributes.isRegularFile()) {
				throw notRegular(name, attributes.isDirectory());
			}
			return new DescriptorInputStream(files, opening.take(), attributes, cleaner);
		}
		finally {
			opening.closeIfNotTaken();
		}
	}

	static void run(KernelCalls calls, String name, ClientRights rights) throws IOException {
		rights.run(calls);
		if (calls.error < 0) {
			throw LinuxFiles.failure(name, calls.error);
		}
	}

	static void check(String name, FileAttributes attributes, boolean fuseAllowed) throws FileSystemException {
		if (attributes.isOfProc()) {
			throw new AccessDeniedException(name);
		}
		if (attributes.isOfFuse() && !fuseAllowed) {
			throw new AccessDeniedException(name, null,
					"is on a FUSE file system; set 'namedpipe.unix.allow-fuse' to open such files");
		}
	}

	@Override
	public FileRoot root(Path folder) {
		return new LinuxFileRoot(this.files, folder, this.fuseAllowed, this.cleaner);
	}

}
