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

package io.namedpipe.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import io.namedpipe.platform.OperatingSystem;
import io.namedpipe.transport.ClientRights;
import io.namedpipe.transport.FileInfo;
import io.namedpipe.transport.FileOpener;
import io.namedpipe.transport.FileRoot;
import io.namedpipe.transport.NewFile;
import io.namedpipe.transport.OpenedFile;

/**
 * Files of some folders for the clients of a pipe, with the rights of the caller
 * ({@code PipeSecurityContext.getClientRights()}).
 * <p>
 * A name is relative to the first folder, or absolute and in one of them; its parts are
 * separated by {@code /}, on Windows also by a backslash. Nothing outside of the folders
 * can be reached. Names with {@code ..}, names of other machines, of devices and of
 * alternate streams, and links that lead out of a folder are refused, also links that are
 * put in place at the last moment (on Linux, by {@code openat2} with
 * {@code RESOLVE_BENEATH}). Only regular files are opened.
 * <p>
 * Failures are a {@link java.nio.file.NoSuchFileException}, a
 * {@link java.nio.file.AccessDeniedException}, or another
 * {@link java.nio.file.FileSystemException} for a request that cannot be fulfilled. If a
 * handler lets them pass, clients get NOT_FOUND, ACCESS_DENIED and BAD_REQUEST.
 * Thread-safe.
 *
 * @since 0.1.0
 * @see io.namedpipe.transport.PipeListener#fileOpener()
 */
public final class FileService {

	/** The most entries of a folder that are listed. */
	public static final int MAX_ENTRIES = 10_000;

	private static final int BUFFER = 64 * 1024;

	private final FileNames names;

	private final List<FileRoot> roots;

	/**
	 * Create a service.
	 * @param opener opens the files
	 * @param folders the folders that are served; relative ones are relative to the
	 * working folder
	 */
	public FileService(FileOpener opener, Path... folders) {
		if (folders.length == 0) {
			throw new IllegalArgumentException("No folder is served");
		}
		List<Path> absolute = Stream.of(folders).map((each) -> each.toAbsolutePath().normalize()).toList();
		this.names = new FileNames(OperatingSystem.isWindows(), absolute.stream().map(Path::toString).toList());
		this.roots = absolute.stream().map(opener::root).toList();
	}

	/**
	 * Open a file for reading.
	 * @param name the name
	 * @param rights the caller's rights
	 * @return the file, to be closed
	 * @throws IOException if it cannot be opened
	 */
	public OpenedFile open(String name, ClientRights rights) throws IOException {
		FileNames.Located located = this.names.locateFile(name);
		return this.roots.get(located.root()).open(located.relative(), rights);
	}

	/**
	 * Look at a file or folder.
	 * @param name the name
	 * @param rights the caller's rights
	 * @return what is known of it
	 * @throws IOException if the caller may not see it
	 */
	public FileInfo stat(String name, ClientRights rights) throws IOException {
		FileNames.Located located = this.names.locate(name);
		return this.roots.get(located.root()).stat(located.relative(), rights);
	}

	/**
	 * List a folder.
	 * @param name the name; empty for the first folder itself
	 * @param rights the caller's rights
	 * @return its entries by name, at most {@link #MAX_ENTRIES}
	 * @throws IOException if it cannot be listed, or has more entries
	 */
	public List<FileInfo> list(String name, ClientRights rights) throws IOException {
		FileNames.Located located = this.names.locate(name);
		return this.roots.get(located.root())
			.list(located.relative(), MAX_ENTRIES, rights)
			.stream()
			.sorted(Comparator.comparing(FileInfo::name))
			.toList();
	}

	/**
	 * Write a new file, or replace one. The file appears when it is complete: until then
	 * it has no name, or a temporary one, and the former file stays. If the content
	 * breaks off, the new file is removed.
	 * @param name the name; its folder must exist
	 * @param content the content, which is not closed
	 * @param rights the rights of the caller, who then owns the file
	 * @return what is known of the file
	 * @throws IOException if it cannot be written
	 */
	public FileInfo write(String name, InputStream content, ClientRights rights) throws IOException {
		FileNames.Located located = this.names.locateFile(name);
		FileRoot root = this.roots.get(located.root());
		try (NewFile file = root.create(located.relative(), rights)) {
			byte[] buffer = new byte[BUFFER];
			int count = content.read(buffer);
			while (count >= 0) {
				file.write(buffer, 0, count);
				count = content.read(buffer);
			}
			file.complete();
		}
		return root.stat(located.relative(), rights);
	}

}
