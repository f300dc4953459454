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

package io.namedpipe.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@link LoadWorker} of one user, seen from the process that counts.
 */
final class LoadClients implements AutoCloseable {

	private final Process process;

	private final PrintStream questions;

	private final BufferedReader answers;

	/**
	 * Start the process.
	 * @param user the number of the user, and of its group, or nothing for the own user
	 * @throws IOException if it does not start
	 */
	LoadClients(String user) throws IOException {
		List<String> command = new ArrayList<>();
		if (!user.isEmpty()) {
			command.addAll(List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups"));
		}
		command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), LoadWorker.class.getName()));
		this.process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		this.questions = new PrintStream(this.process.getOutputStream(), true, StandardCharsets.UTF_8);
		this.answers = this.process.inputReader(StandardCharsets.UTF_8);
	}

	LoadResult run(Path socket, Path file, int clients, long millis) throws IOException {
		this.questions.println(String.join("\t", socket.toString(), file.toString(), Integer.toString(clients),
				Long.toString(millis)));
		String line = this.answers.readLine();
		if (line == null) {
			throw new IOException("the process of the clients has ended");
		}
		return LoadResult.parse(line);
	}

	@Override
	public void close() {
		this.questions.close();
		this.process.destroy();
	}

}
