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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeChannel;

/**
 * The channel to a real child, and the child's end of it. The child hands its end over to
 * the test, and lives on without it.
 *
 * @param process the child
 * @param parent the parent's end
 * @param child the child's end, opened as a Java child opens it
 */
record ProcessPair(Process process, PipeChannel parent, PipeChannel child) implements AutoCloseable {

	// The shell reads the byte that tells it to go on, and no further.
	private static final String SCRIPT = "read line; exec sleep 1000 </dev/null >/dev/null";

	static ProcessPair open(Function<ProcessBuilder, ProcessLaunch> launch) throws IOException {
		ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", SCRIPT);
		builder.redirectError(ProcessBuilder.Redirect.INHERIT);
		ProcessLaunch.Started started = launch.apply(builder).start();
		Path descriptors = Path.of("/proc/%d/fd".formatted(started.process().pid()));
		PipeChannel child = new AnonymousPipeChannel(
				new ReadEnd(await(started.process(),
						() -> FileChannel.open(descriptors.resolve("0"), StandardOpenOption.READ))),
				new WriteEnd(await(started.process(),
						() -> FileChannel.open(descriptors.resolve("1"), StandardOpenOption.WRITE))),
				ProcessIdentity.of(ProcessHandle.current().pid()));
		started.channel().write(ByteBuffer.wrap(new byte[] { '\n' }));
		await(started.process(), () -> {
			Path target = Files.readSymbolicLink(descriptors.resolve("1"));
			return target.equals(Path.of("/dev/null")) ? target : null;
		});
		return new ProcessPair(started.process(), started.channel(), child);
	}

	// A shell that starts, or that moves a descriptor, does not have it for a moment.
	private static <T> T await(Process process, Attempt<T> attempt) throws IOException {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
		while (process.isAlive() && System.nanoTime() < deadline) {
			try {
				T result = attempt.run();
				if (result != null) {
					return result;
				}
			}
			catch (NoSuchFileException ex) {
				// Not yet.
			}
			Thread.onSpinWait();
		}
		throw new AssertionError(process.isAlive() ? "The child does not give its end away"
				: "The child has ended with the exit code " + process.exitValue());
	}

	@Override
	public void close() {
		this.process.toHandle().destroyForcibly();
		this.parent.close();
		this.child.close();
	}

	private interface Attempt<T> {

		@Nullable T run() throws IOException;

	}

}
