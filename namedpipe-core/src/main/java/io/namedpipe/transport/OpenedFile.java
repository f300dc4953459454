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
import java.nio.channels.WritableByteChannel;
import java.time.Instant;

/**
 * A file that is open for reading, with its own attributes: its name may lead to another
 * file by now. It is never opened again, so no rights are needed to read it.
 * {@link #skip} costs no reading.
 *
 * @since 0.1.0
 */
public abstract class OpenedFile extends InputStream {

	/**
	 * The number of bytes when the file was opened.
	 * @return the number
	 */
	public abstract long size();

	/**
	 * When the content was changed the last time, when the file was opened.
	 * @return the time
	 */
	public abstract Instant lastModified();

	/**
	 * Send the next bytes to a channel of the JDK, without reading them into this
	 * process, where the system can do that. Bytes that were sent count as read.
	 * @param count how many bytes at most
	 * @param target where to
	 * @return how many bytes were sent, 0 at the end of the file; negative if the system
	 * cannot do it for this file
	 * @throws IOException if it cannot be read or written
	 */
	public long sendTo(WritableByteChannel target, long count) throws IOException {
		return -1;
	}

}
