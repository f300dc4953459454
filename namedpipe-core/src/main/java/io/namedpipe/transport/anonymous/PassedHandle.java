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

package io.namedpipe.transport.anonymous;

import io.namedpipe.platform.OperatingSystem;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.windows.InheritedPipe;

/**
 * The end of a pipe that the parent has passed by its number.
 */
interface PassedHandle {

	PipeSource openSource();

	PipeSink openSink();

	/**
	 * Read the number; nothing is opened yet.
	 * @param text the number, in decimal
	 * @param forReading whether the end is wanted for reading, otherwise for writing
	 * @return the handle
	 * @throws PipeAddressException if it is no number of a handle
	 */
	static PassedHandle of(String text, boolean forReading) {
		try {
			if (OperatingSystem.isWindows()) {
				long number = Long.parseLong(text.strip());
				if (number > 0) {
					return new WindowsHandle(number, forReading);
				}
			}
			else {
				int number = Integer.parseInt(text.strip());
				if (number >= 0) {
					return new UnixHandle(number, forReading);
				}
			}
		}
		catch (NumberFormatException ex) {
			// Reported below.
		}
		throw new PipeAddressException(text,
				"a handle is the decimal number of " + (OperatingSystem.isWindows() ? "one" : "a file descriptor"));
	}

	/**
	 * A handle of Windows.
	 *
	 * @param number its number
	 * @param forReading whether it is wanted for reading
	 */
	record WindowsHandle(long number, boolean forReading) implements PassedHandle {

		@Override
		public PipeSource openSource() {
			return new ReadEnd(InheritedPipe.of(this.number, this.forReading));
		}

		@Override
		public PipeSink openSink() {
			return new WriteEnd(InheritedPipe.of(this.number, this.forReading));
		}

	}

}
