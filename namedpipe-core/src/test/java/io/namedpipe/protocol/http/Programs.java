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

package io.namedpipe.protocol.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Programs in other languages that a test runs.
 */
final class Programs {

	private Programs() {
	}

	/**
	 * Copy a script of the tests into a folder.
	 */
	static String script(Path folder, String name) throws IOException {
		try (InputStream script = Programs.class.getResourceAsStream(name)) {
			Path file = folder.resolve(name);
			Files.copy(script, file);
			return file.toString();
		}
	}

	static void assumeInstalled(String... command) throws InterruptedException {
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
			assumeTrue(process.waitFor() == 0, () -> command[0] + " does not run here");
		}
		catch (IOException ex) {
			assumeTrue(false, () -> command[0] + " is not installed");
		}
	}

}
