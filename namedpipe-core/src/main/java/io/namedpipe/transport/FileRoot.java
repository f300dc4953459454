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
import java.util.List;

/**
 * The files below one folder, by names relative to it, with the rights of clients. A name
 * that leads out of the folder, for instance by a link, is refused. The folder itself is
 * looked up with the client's rights too, each time. Thread-safe.
 * <p>
 * Names have {@code /} between their parts, no part is empty, {@code .} or {@code ..}; an
 * empty name is the folder itself. {@code io.namedpipe.file.FileService} checks names and
 * is what applications use.
 *
 * @since 0.1.0
 */
public interface FileRoot {

	/**
	 * Open a regular file.
	 * @param name the name
	 * @param rights whose rights are checked
	 * @return the file
	 * @throws java.nio.file.NoSuchFileException if there is no such file
	 * @throws java.nio.file.AccessDeniedException if the client may not read it, or it is
	 * not below the folder
	 * @throws IOException if it is not a regular file, or another reason
	 */
	OpenedFile open(String name, ClientRights rights) throws IOException;

	/**
	 * Look at a file.
	 * @param name the name
	 * @param rights whose rights are checked
	 * @return what is known of it
	 * @throws IOException as {@link #open}
	 */
	FileInfo stat(String name, ClientRights rights) throws IOException;

	/**
	 * List a folder.
	 * @param name the name of the folder
	 * @param limit how many entries it may have
	 * @param rights whose rights are checked
	 * @return the entries, in no order
	 * @throws IOException as {@link #open}, or if there are more
	 */
	List<FileInfo> list(String name, int limit, ClientRights rights) throws IOException;

	/**
	 * Begin to write a file.
	 * @param name the name
	 * @param rights whose rights are checked, now and until the file is complete
	 * @return the file, to be completed and closed
	 * @throws IOException as {@link #open}; a file of that name must be writable
	 */
	NewFile create(String name, ClientRights rights) throws IOException;

}
