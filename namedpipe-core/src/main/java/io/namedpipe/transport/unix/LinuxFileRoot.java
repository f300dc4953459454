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
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.namedpipe.posix.DirectoryEntries;
import io.namedpipe.posix.FileAttributes;
import io.namedpipe.posix.FileCalls;
import io.namedpipe.posix.LinuxFiles;
import io.namedpipe.transport.ClientRights;
import io.namedpipe.transport.FileInfo;
import io.namedpipe.transport.FileInfo.Type;
import io.namedpipe.transport.FileRoot;
import io.namedpipe.transport.NewFile;
import io.namedpipe.transport.OpenedFile;

/**
 * The files below a folder, which the kernel does not let a name leave ({@code openat2}
 * with {@code RESOLVE_BENEATH}).
 */
final class LinuxFileRoot implements FileRoot {

	private final LinuxFiles files;

	private final String root;

	private final boolean fuseAllowed;

	private final Cleaner cleaner;

	LinuxFileRoot(LinuxFiles files, Path root, boolean fuseAllowed, Cleaner cleaner) {
		this.files = files;
		this.root = root.toAbsolutePath().toString();
		this.fuseAllowed = fuseAllowed;
		this.cleaner = cleaner;
	}

	@Override
	public OpenedFile open(String name, ClientRights rights) throws IOException {
		try (FileCalls calls = this.files.begin()) {
			return LinuxFileOpener.open(this.files, opening(calls, name, Opening.FILE), name, rights, this.fuseAllowed,
					this.cleaner);
		}
	}

	private Opening opening(FileCalls calls, String name, int wanted) throws FileSystemException {
		encode(calls, name);
		return new Opening(calls, wanted, this.fuseAllowed, true);
	}

	private void encode(FileCalls calls, String name) throws FileSystemException {
		calls.encode(Opening.NAME, name.isEmpty() ? "." : name);
		calls.encode(Opening.ROOT, this.root);
	}

	@Override
	public FileInfo stat(String name, ClientRights rights) throws IOException {
		try (FileCalls calls = this.files.begin()) {
			LinuxFileOpener.run(opening(calls, name, Opening.LOOK), name, rights);
			LinuxFileOpener.check(name, calls.attributes(), this.fuseAllowed);
			return info(name.substring(name.lastIndexOf('/') + 1), calls.attributes());
		}
	}

	private static FileInfo info(String name, FileAttributes attributes) {
		Type type = attributes.isRegularFile() ? Type.FILE
				: attributes.isDirectory() ? Type.FOLDER : attributes.isLink() ? Type.LINK : Type.OTHER;
		return new FileInfo(name, type, attributes.size(), attributes.lastModified());
	}

	@Override
	public List<FileInfo> list(String name, int limit, ClientRights rights) throws IOException {
		try (FileCalls calls = this.files.begin()) {
			Opening opening = opening(calls, name, Opening.FOLDER);
			try {
				LinuxFileOpener.run(opening, name, rights);
				LinuxFileOpener.check(name, calls.attributes(), this.fuseAllowed);
				if (!calls.attributes().isDirectory()) {
					throw new NotDirectoryException(name);
				}
				return list(calls, opening.descriptor(), name, limit, rights);
			}
			finally {
				opening.closeIfNotTaken();
			}
		}
	}

	private List<FileInfo> list(FileCalls calls, int directory, String name, int limit, ClientRights rights)
			throws IOException {
		List<FileInfo> all = new ArrayList<>();
		DirectoryEntries entries = new DirectoryEntries();
		Listing listing = new Listing(calls, directory, entries);
		while (this.files.read(directory, entries)) {
			LinuxFileOpener.run(listing, name, rights);
			entries.rewind();
			for (int i = 0; entries.next(); i++) {
				String each = entries.name();
				if (listing.exists(i) && !each.equals(".") && !each.equals("..")) {
					if (all.size() == limit) {
						throw new FileSystemException(name, null, "has more than %d entries".formatted(limit));
					}
					calls.attributes().restore(listing.saved, i * FileAttributes.SAVED);
					all.add(info(each, calls.attributes()));
				}
			}
		}
		return all;
	}

	@Override
	public NewFile create(String name, ClientRights rights) throws IOException {
		int slash = name.lastIndexOf('/');
		String last = name.substring(slash + 1);
		if (last.isEmpty()) {
			throw new FileSystemException(name, null, "is a directory");
		}
		String temporary = ".%s.part".formatted(UUID.randomUUID());
		try (FileCalls calls = this.files.begin()) {
			encode(calls, name.substring(0, Math.max(0, slash)));
			calls.encode(Creating.TARGET, last);
			calls.encode(Creating.TEMPORARY, temporary);
			Creating creating = new Creating(calls, this.fuseAllowed);
			try {
				LinuxFileOpener.run(creating, name, rights);
				if (creating.isOccupied()) {
					throw new FileSystemException(name, null,
							calls.attributes().isDirectory() ? "is a directory" : "is not a regular file");
				}
				return new DescriptorNewFile(this.files, creating.take(), last, temporary, creating.isNamed(), rights,
						this.cleaner);
			}
			finally {
				creating.closeIfNotTaken();
			}
		}
	}

	/**
	 * Looks at the entries of a directory.
	 */
	private static final class Listing extends KernelCalls {

		/** A mode without a type. */
		private static final long UNKNOWN = 1;

		private final int directory;

		private final DirectoryEntries entries;

		private final long[] saved = new long[DirectoryEntries.MAX_ENTRIES * FileAttributes.SAVED];

		Listing(FileCalls calls, int directory, DirectoryEntries entries) {
			super(calls);
			this.directory = directory;
			this.entries = entries;
		}

		@Override
		public void run() {
			this.entries.rewind();
			this.error = 0;
			for (int i = 0; this.error == 0 && this.entries.next(); i++) {
				int result = this.calls.readAttributes(this.directory, this.entries);
				if (result == 0) {
					this.calls.attributes().save(this.saved, i * FileAttributes.SAVED);
				}
				else {
					// Another user's mount, for instance, has a name but no attributes
					// here.
					saveName(i * FileAttributes.SAVED, result == FileCalls.DENIED);
					this.error = (result == FileCalls.NOT_FOUND || result == FileCalls.DENIED) ? 0 : result;
				}
			}
		}

		private void saveName(int index, boolean exists) {
			this.saved[index] = exists ? UNKNOWN : 0;
			for (int i = 1; i < FileAttributes.SAVED; i++) {
				this.saved[index + i] = 0;
			}
		}

		// A file may have been removed since the directory was read.
		boolean exists(int index) {
			return this.saved[index * FileAttributes.SAVED] != 0;
		}

	}

}
