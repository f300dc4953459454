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
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The process of a {@link BenchmarkServer}, seen from the one that counts.
 */
final class HttpRival implements AutoCloseable {

	private final String kind;

	private final Path socket;

	private final Process process;

	private final PrintStream questions;

	private final BufferedReader answers;

	HttpRival(String kind, Path folder) throws IOException {
		this.kind = kind;
		this.socket = folder.resolve(kind);
		List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), BenchmarkServer.class.getName(), kind, this.socket.toString());
		this.process = new ProcessBuilder(command).redirectError(Redirect.to(folder.resolve(kind + ".log").toFile()))
			.start();
		this.questions = new PrintStream(this.process.getOutputStream(), true, StandardCharsets.UTF_8);
		this.answers = this.process.inputReader(StandardCharsets.UTF_8);
		String line = this.answers.readLine();
		if (line == null) {
			throw new IOException("%s has not started, see %s".formatted(kind, folder.resolve(kind + ".log")));
		}
	}

	Path socket() {
		return this.socket;
	}

	HttpCaller connect(boolean json, byte[] content) throws IOException {
		return switch (this.kind) {
			case "floor" -> HttpCaller.floor(this.socket, content);
			case "grpc" -> HttpCaller.grpc(this.socket, content);
			default -> HttpCaller.http(this.socket, json ? "/json" : "/echo",
					json ? "application/json" : "text/plain;charset=UTF-8", content);
		};
	}

	/**
	 * The bytes that its threads have allocated.
	 * @return the number
	 * @throws IOException if the server has gone
	 */
	long allocated() throws IOException {
		this.questions.println();
		return Long.parseLong(this.answers.readLine());
	}

	/**
	 * The processor time that it took.
	 * @return the nanoseconds
	 */
	long cpu() {
		return this.process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
	}

	@Override
	public void close() {
		this.questions.close();
		this.process.destroy();
	}

}
