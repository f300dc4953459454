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

package io.namedpipe.transport;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * Opens files by names that clients have sent, with the rights of the calling thread or
 * of a client.
 * <p>
 * It opens regular files only, since opening a FIFO or a device can wait forever or have
 * an effect. On Linux it opens nothing below {@code /proc}, where the kernel shows the
 * server's memory map and open files to every thread of the process, also to one that
 * acts as a client. Thread-safe.
 *
 * @since 0.1.0
 * @see PipeListener#fileOpener()
 */
public abstract class FileOpener {

	/**
	 * An opener that needs nothing but the JDK. It looks at a file first and opens the
	 * name afterwards: a client that swaps the file in between can have another file
	 * opened.
	 * @return the opener
	 */
	public static FileOpener portable() {
		return PortableFileOpener.INSTANCE;
	}

	/**
	 * Open a file with the rights of the calling thread.
	 * @param name the name of the file
	 * @return the bytes of the file, to be closed by the caller, in any identity
	 * @throws java.nio.file.NoSuchFileException if there is no such file
	 * @throws java.nio.file.AccessDeniedException if it may not be read
	 * @throws FileSystemException if it is not a regular file, or cannot be opened for
	 * another reason
	 * @throws IOException if reading begins with an error
	 */
	public final OpenedFile open(Path name) throws IOException {
		return open(name, ClientRights.ofThread());
	}

	/**
	 * Open a file with the rights of a client. On Linux only the kernel's calls run with
	 * these rights, and nothing of the JDK.
	 * @param name the name of the file
	 * @param rights whose rights are checked
	 * @return the bytes of the file, to be closed by the caller, in any identity
	 * @throws PipeImpersonationException if the client's identity cannot be taken on
	 * @throws IOException as {@link #open(Path)}
	 */
	public abstract OpenedFile open(Path name, ClientRights rights) throws IOException;

	/**
	 * The files below a folder.
	 * @param folder the folder, which may not exist yet
	 * @return the files
	 */
	public abstract FileRoot root(Path folder);

	/**
	 * Create the exception for something that is not a regular file.
	 * @param name the name that the client sent
	 * @param directory whether it is a directory
	 * @return the exception to throw
	 */
	protected static FileSystemException notRegular(String name, boolean directory) {
		return new FileSystemException(name, null, directory ? "is a directory" : "is not a regular file");
	}

}
