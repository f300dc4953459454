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

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.jspecify.annotations.Nullable;

import io.namedpipe.platform.OperatingSystem;
import io.namedpipe.posix.Descriptors;
import io.namedpipe.posix.Jna;

/**
 * Takes the standard streams of this process away from everything else that may use them.
 * On Unix the numbers 0 and 1 get another meaning, so that native code, and Java code
 * that has kept {@code System.out}, do no harm: their output goes to standard error with
 * JNA, and is lost without. On Windows, and where standard input or output is a file, a
 * socket or the pipe of another user, only code that reads {@code System.out} later is
 * kept away.
 */
final class StandardStreams {

	static final String STDIN = "0";

	static final String STDOUT = "1";

	private static final Path STDIN_FILE = Path.of("/dev/fd/0");

	private static final Path STDOUT_FILE = Path.of("/dev/fd/1");

	private static final int STDERR_NUMBER = 2;

	private static final int STDOUT_NUMBER = 1;

	private StandardStreams() {
	}

	static PipeSource takeInput() {
		FileInputStream standard = new FileInputStream(FileDescriptor.in);
		ReadableByteChannel channel = reopen(STDIN_FILE, StandardOpenOption.READ);
		if (channel != null) {
			try {
				// The JDK opens the null device in its place.
				standard.close();
			}
			catch (IOException ex) {
				// Then others can still read what the parent writes.
			}
		}
		System.setIn(InputStream.nullInputStream());
		if (channel != null) {
			return new ReadEnd(channel);
		}
		boolean kept = OperatingSystem.isWindows() || Files.isRegularFile(STDIN_FILE);
		return new ReadEnd(kept ? Channels.newChannel(keepOpen(standard)) : standard.getChannel());
	}

	static void reserveOutput() {
		System.out.flush();
		System.setOut(System.err);
	}

	static PipeSink takeOutput() {
		System.out.flush();
		WritableByteChannel channel = reopen(STDOUT_FILE, StandardOpenOption.WRITE);
		FileOutputStream standard = new FileOutputStream(FileDescriptor.out);
		if (channel != null) {
			divert(standard);
		}
		System.setOut(System.err);
		if (channel != null) {
			return new WriteEnd(channel);
		}
		return new WriteEnd(standard.getChannel());
	}

	// On Windows a close waits for the read that is under way. A file may be one of the
	// JVM's own, which opens them under this number if standard input was closed.
	private static InputStream keepOpen(InputStream input) {
		return new FilterInputStream(input) {

			@Override
			public void close() {
			}

		};
	}

	private static @Nullable FileChannel reopen(Path file, StandardOpenOption option) {
		// A file would be read and written from its beginning.
		if (OperatingSystem.isWindows() || Files.isRegularFile(file)) {
			return null;
		}
		try {
			return FileChannel.open(file, option);
		}
		catch (IOException ex) {
			// A socket, or the pipe of another user.
			return null;
		}
	}

	private static void divert(FileOutputStream standard) {
		try {
			if (Jna.isUsable()) {
				Descriptors.duplicate(STDERR_NUMBER, STDOUT_NUMBER);
			}
			else {
				standard.close();
			}
		}
		catch (IOException ex) {
			// Standard error is closed: what is printed goes on to the parent.
		}
	}

}
