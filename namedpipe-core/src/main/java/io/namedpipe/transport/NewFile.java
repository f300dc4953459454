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
import java.io.OutputStream;

/**
 * A file that is being written. Until it is complete it has no name, or a temporary one
 * where the system has no files without a name; if it is closed before, it is removed.
 * Not thread-safe.
 *
 * @since 0.1.0
 */
public abstract class NewFile extends OutputStream {

	/**
	 * Complete the file, and give it its name, in place of a file that had this name.
	 * Nothing can be written afterwards.
	 * @throws IOException if it cannot be moved; it is removed by {@link #close()} then
	 */
	public abstract void complete() throws IOException;

	@Override
	public void write(int value) throws IOException {
		write(new byte[] { (byte) value }, 0, 1);
	}

}
