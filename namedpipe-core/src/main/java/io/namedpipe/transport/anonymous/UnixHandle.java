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

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import io.namedpipe.posix.Descriptors;
import io.namedpipe.posix.Jna;
import io.namedpipe.transport.PipeException;

/**
 * An inherited file descriptor that is the end of a pipe. It is opened a second time,
 * since the JDK does not take numbers, and then closed: without JNA it stays open, and
 * the parent sees the end of the stream when this process ends and not before.
 *
 * @param number the number of the descriptor
 * @param forReading whether it is wanted for reading
 */
record UnixHandle(int number, boolean forReading) implements PassedHandle {

	/** {@code S_IFMT} and {@code S_IFIFO} of {@code sys/stat.h}. */
	private static final int FILE_TYPE = 0170000;

	private static final int FIFO = 0010000;

	/** {@code O_ACCMODE} of {@code fcntl.h}, with 0 for reading and 1 for writing. */
	private static final int ACCESS_MODE = 3;

	private static final int LAST_STANDARD_NUMBER = 2;

	@Override
	public PipeSource openSource() {
		return (this.number == 0) ? StandardStreams.takeInput() : new ReadEnd(open(StandardOpenOption.READ));
	}

	@Override
	public PipeSink openSink() {
		return (this.number == 1) ? StandardStreams.takeOutput() : new WriteEnd(open(StandardOpenOption.WRITE));
	}

	private FileChannel open(StandardOpenOption option) {
		Path file = Path.of("/dev/fd/" + this.number);
		try {
			if (((int) Files.getAttribute(file, "unix:mode") & FILE_TYPE) != FIFO) {
				throw new PipeException("The file descriptor %d is no pipe; pass the one that the parent has made"
					.formatted(this.number));
			}
			checkDirection();
			FileChannel channel = FileChannel.open(file, option);
			if (this.number > LAST_STANDARD_NUMBER && Jna.isUsable()) {
				Descriptors.close(this.number);
			}
			return channel;
		}
		catch (NoSuchFileException ex) {
			throw new PipeException(
					"The file descriptor %d is not open: the parent has not passed it, or it has been taken already"
						.formatted(this.number),
					ex);
		}
		catch (AccessDeniedException ex) {
			throw new PipeException(
					("The file descriptor %d is the pipe of another user, which cannot be opened by its number; "
							+ "use the standard streams")
						.formatted(this.number),
					ex);
		}
		catch (IOException ex) {
			throw new PipeException("The file descriptor %d cannot be used: %s".formatted(this.number, ex.getMessage()),
					ex);
		}
	}

	// Linux would turn the end to read into one to write.
	private void checkDirection() throws IOException {
		Path info = Path.of("/proc/self/fdinfo/" + this.number);
		if (!Files.exists(info)) {
			return;
		}
		int flags = Files.readAllLines(info)
			.stream()
			.filter((line) -> line.startsWith("flags:"))
			.map((line) -> Integer.parseInt(line.substring("flags:".length()).strip(), 8))
			.findFirst()
			.orElseThrow();
		if ((flags & ACCESS_MODE) != (this.forReading ? 0 : 1)) {
			throw new PipeException(
					"The file descriptor %d is the end of a pipe for %s, and is wanted for %s".formatted(this.number,
							this.forReading ? "writing" : "reading", this.forReading ? "reading" : "writing"));
		}
	}

}
