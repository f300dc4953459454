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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeNotFoundException;

/**
 * Looks a program up on the path that the starting shell uses, since the shell reports a
 * missing program with an exit code only.
 */
final class ProgramPath {

	private ProgramPath() {
	}

	static void require(ProcessBuilder builder) {
		String program = builder.command().get(0);
		File directory = builder.directory();
		if (directory != null && !directory.isDirectory()) {
			throw ProcessLaunch.failed(program, directory, new IOException("no such directory"));
		}
		try {
			if (candidates(program, directory, builder.environment().get("PATH")).noneMatch(ProgramPath::isProgram)) {
				throw new PipeNotFoundException("There is no program '%s' that may be run".formatted(program));
			}
		}
		catch (InvalidPathException ex) {
			throw new PipeException(
					"The program '%s' has no possible file name: %s".formatted(program, ex.getMessage()), ex);
		}
	}

	private static Stream<Path> candidates(String program, @Nullable File directory, @Nullable String path) {
		Path base = (directory != null) ? directory.toPath() : Path.of("");
		if (program.indexOf('/') >= 0) {
			return Stream.of(base.resolve(program));
		}
		// The shell's own default, without one.
		String places = (path != null) ? path : "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
		return Stream.of(places.split(":", -1)).map((place) -> base.resolve(place).resolve(program));
	}

	private static boolean isProgram(Path file) {
		return Files.isRegularFile(file) && Files.isExecutable(file);
	}

}
