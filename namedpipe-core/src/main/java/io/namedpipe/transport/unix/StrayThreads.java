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

package io.namedpipe.transport.unix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.LogText;
import io.namedpipe.transport.PipeImpersonationException;

/**
 * Finds threads of this process that act as another user, although they are in no scope.
 */
final class StrayThreads {

	/** A thread can enter or leave a scope while it is looked at; a stray stays one. */
	private static final int LOOKS = 20;

	private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	/** In the line of a status: after the real, the effective and the saved user. */
	private static final int FILE_SYSTEM_USER = 3;

	private final LinuxCredentials credentials;

	private final Path tasks;

	StrayThreads(LinuxCredentials credentials) {
		this(credentials, Path.of("/proc/self/task"));
	}

	StrayThreads(LinuxCredentials credentials, Path tasks) {
		this.credentials = credentials;
		this.tasks = tasks;
	}

	/**
	 * Look at all threads.
	 * @return the name and the number of a stray, or {@code null} if there is none
	 * @throws PipeImpersonationException if the threads cannot be looked at
	 */
	@Nullable String find() {
		try (DirectoryStream<Path> all = Files.newDirectoryStream(this.tasks)) {
			for (Path task : all) {
				if (isStray(task)) {
					return "'%s' (task %s)".formatted(name(task), task.getFileName());
				}
			}
			return null;
		}
		catch (IOException ex) {
			throw new PipeImpersonationException(
					"It is not known whether a thread was started with a client's identity: " + ex.getMessage(), ex,
					true);
		}
	}

	private boolean isStray(Path task) throws IOException {
		int threadId = UnixIds.parse(task.getFileName().toString());
		for (int i = 0; i < LOOKS; i++) {
			if (this.credentials.isActing(threadId) || !isSwitched(task)) {
				return false;
			}
			LockSupport.parkNanos(PAUSE_NANOS);
		}
		return true;
	}

	private boolean isSwitched(Path task) throws IOException {
		String uids = field(task, "Uid:");
		return !uids.isEmpty() && UnixIds.parse(uids.split("\\s+")[FILE_SYSTEM_USER]) != this.credentials.self();
	}

	private static String name(Path task) throws IOException {
		return LogText.of(field(task, "Name:"));
	}

	// Empty for a thread that has ended meanwhile.
	private static String field(Path task, String name) throws IOException {
		try {
			List<String> lines = Files.readAllLines(task.resolve("status"), StandardCharsets.ISO_8859_1);
			return UnixProcess.field(lines, name).orElse("");
		}
		catch (IOException ex) {
			if (Files.notExists(task)) {
				return "";
			}
			throw ex;
		}
	}

}
