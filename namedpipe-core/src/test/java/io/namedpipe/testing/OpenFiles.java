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

package io.namedpipe.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The file descriptors of this process, without those that the JVM opens whenever it
 * loads a class from another jar. Linux alone.
 */
public final class OpenFiles {

	/** The JVM opens a file of its own now and then, for a look-up. */
	public static final int JVM_FILES = 5;

	private OpenFiles() {
	}

	public static long count() throws IOException {
		try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
			return files.filter((file) -> !isJar(file)).count();
		}
	}

	public static long count(Path opened) throws IOException {
		try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
			return files.filter((file) -> target(file).equals(opened.toString())).count();
		}
	}

	private static boolean isJar(Path file) {
		return target(file).endsWith(".jar");
	}

	private static String target(Path file) {
		try {
			return Files.readSymbolicLink(file).toString();
		}
		catch (IOException ex) {
			// Closed meanwhile, as that of the listing is.
			return "";
		}
	}

}
