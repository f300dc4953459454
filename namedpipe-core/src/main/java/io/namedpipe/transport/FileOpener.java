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
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * Opens files by names that clients have sent, with the identity of the calling thread.
 * <p>
 * Only regular files are opened: opening a FIFO or a device can wait for ever, or act.
 * And on Linux nothing below {@code /proc}: there are the server's own memory map and
 * open files, which the kernel shows to every thread of the process, whoever the thread
 * acts as. Thread-safe.
 *
 * @see PipeTransport#fileOpener()
 */
public abstract class FileOpener {

	/**
	 * For implementations.
	 */
	protected FileOpener() {
	}

	/**
	 * An opener that needs nothing but the JDK. It first looks at a file and then opens
	 * what has the same name, so that a client which swaps the one for the other in
	 * between can have something else opened.
	 * @return the opener
	 */
	public static FileOpener portable() {
		return PortableFileOpener.INSTANCE;
	}

	/**
	 * Open a file.
	 * @param name the name of the file
	 * @return the bytes of the file, to be closed by the caller, in any identity
	 * @throws java.nio.file.NoSuchFileException if there is no such file
	 * @throws java.nio.file.AccessDeniedException if it may not be read
	 * @throws FileSystemException if it is no regular file, or cannot be opened for
	 * another reason
	 * @throws IOException if reading begins with an error
	 */
	public abstract InputStream open(Path name) throws IOException;

	/**
	 * What to say of something that is no regular file.
	 * @param name what the client called it
	 * @param directory whether it is a directory
	 * @return the exception to throw
	 */
	protected static FileSystemException notRegular(Path name, boolean directory) {
		return new FileSystemException(name.toString(), null, directory ? "is a directory" : "is not a regular file");
	}

}
