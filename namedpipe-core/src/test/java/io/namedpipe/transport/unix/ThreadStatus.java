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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The calling thread's credentials as {@code /proc} shows them.
 */
final class ThreadStatus {

	private static final List<String> FIELDS = List.of("Uid:", "Gid:", "Groups:", "CapPrm:", "CapEff:");

	private ThreadStatus() {
	}

	static String read() throws IOException {
		return String.join(" ",
				Files.readAllLines(Path.of("/proc/thread-self/status"))
					.stream()
					.filter((line) -> FIELDS.stream().anyMatch(line::startsWith))
					.map((line) -> line.replaceAll("\\s+", " ").trim())
					.toList());
	}

}
