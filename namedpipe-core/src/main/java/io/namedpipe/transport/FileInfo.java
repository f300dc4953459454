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

import java.time.Instant;

/**
 * The attributes of a file.
 *
 * @param name the name in its folder, without the folder
 * @param type the kind of file
 * @param size the number of bytes; of a folder or a link a number without meaning
 * @param lastModified when its content was changed the last time
 * @since 0.1.0
 */
public record FileInfo(String name, Type type, long size, Instant lastModified) {

	/**
	 * The kinds of files.
	 *
	 * @since 0.1.0
	 */
	public enum Type {

		/** A regular file. */
		FILE,

		/** A folder. */
		FOLDER,

		/** A symbolic link, in a list; it is not followed there. */
		LINK,

		/** A device, a FIFO, a socket: nothing that can be opened. */
		OTHER

	}

}
