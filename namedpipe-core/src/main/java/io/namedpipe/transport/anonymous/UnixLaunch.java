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

import java.io.File;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.namedpipe.posix.Descriptors;
import io.namedpipe.transport.PipeException;

/**
 * Starts a child on Unix. The JDK closes every descriptor of a child over 2, so the pipes
 * arrive as its standard streams; a shell then moves them to 3 and 4, where no output of
 * the program can reach them, and becomes the program. No other child can inherit them.
 * <p>
 * The pipes are made here where that is possible: reads and writes of the JDK's own
 * cannot be ended while the child lives.
 */
final class UnixLaunch extends ProcessLaunch {

	private static final Path SHELL = Path.of("/bin/sh");

	private static final String IN = "3";

	private static final String OUT = "4";

	private static final String DEV_FD = "/dev/fd/";

	private static final File NULL_DEVICE = new File("/dev/null");

	private final boolean ownPipes;

	UnixLaunch(ProcessBuilder builder, boolean handles) {
		this(builder, handles, Descriptors.isUsable() && Files.isDirectory(Path.of(DEV_FD)));
	}

	UnixLaunch(ProcessBuilder builder, boolean handles, boolean ownPipes) {
		super(builder, handles);
		this.ownPipes = ownPipes;
	}

	@Override
	Started start() throws IOException {
		boolean moved = handles() && Files.isExecutable(SHELL);
		tell(hasInput() ? (moved ? IN : StandardStreams.STDIN) : null,
				hasOutput() ? (moved ? OUT : StandardStreams.STDOUT) : null);
		if (moved) {
			ProgramPath.require(builder());
			List<String> command = new ArrayList<>(List.of(SHELL.toString(), "-c", carrierScript(), SHELL.toString()));
			command.addAll(builder().command());
			builder().command(command);
		}
		return this.ownPipes ? startWithOwnPipes() : startWithStreams();
	}

	private String carrierScript() {
		// Redirections of one exec happen from left to right. The second one keeps the
		// process: a shell in between would hold the pipes open.
		String redirections = (hasInput() ? IN + "<&0 " : "") + (hasOutput() ? OUT + ">&1 " : "");
		return "exec " + redirections + "0</dev/null 1>&2; exec \"$@\"";
	}

	private Started startWithOwnPipes() throws IOException {
		// Once the child has what it needs, nothing else may keep the pipes open.
		try (Descriptors.Pipe down = hasInput() ? Descriptors.pipe() : null;
				Descriptors.Pipe up = hasOutput() ? Descriptors.pipe() : null) {
			return startWith(down, up);
		}
	}

	private Started startWith(Descriptors.@Nullable Pipe down, Descriptors.@Nullable Pipe up) throws IOException {
		FileChannel sink = null;
		FileChannel source = null;
		try {
			if (down != null) {
				sink = FileChannel.open(Path.of(DEV_FD + down.writeEnd()), StandardOpenOption.WRITE);
			}
			if (up != null) {
				source = FileChannel.open(Path.of(DEV_FD + up.readEnd()), StandardOpenOption.READ);
			}
			builder().redirectInput((down != null) ? new File(DEV_FD + down.readEnd()) : NULL_DEVICE);
			builder().redirectOutput((up != null) ? new File(DEV_FD + up.writeEnd()) : NULL_DEVICE);
			Process process = startProcess();
			return new Started(process, (source != null) ? new ReadEnd(source) : null,
					(sink != null) ? new WriteEnd(sink) : null);
		}
		catch (IOException | PipeException ex) {
			for (FileChannel each : new FileChannel[] { sink, source }) {
				if (each != null) {
					each.close();
				}
			}
			throw ex;
		}
	}

	private Started startWithStreams() {
		if (!hasInput()) {
			builder().redirectInput(Redirect.from(NULL_DEVICE));
		}
		if (!hasOutput()) {
			builder().redirectOutput(Redirect.to(NULL_DEVICE));
		}
		Process process = startProcess();
		return new Started(process, hasOutput() ? new ReadEnd(Channels.newChannel(process.getInputStream())) : null,
				hasInput() ? new WriteEnd(Channels.newChannel(flushing(process.getOutputStream()))) : null);
	}

	// The JDK's stream has a buffer.
	private static OutputStream flushing(OutputStream stream) {
		return new FilterOutputStream(stream) {

			@Override
			public void write(byte[] bytes, int offset, int length) throws IOException {
				this.out.write(bytes, offset, length);
				flush();
			}

		};
	}

}
