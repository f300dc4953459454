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

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.namedpipe.transport.PipeTransport;

/**
 * A separate JVM, for tests that need another process: a lock that another process holds,
 * an environment, a crash. It runs a class of the tests with the library's transports,
 * and nothing else, on its class path.
 */
public final class ChildJvm implements AutoCloseable {

	private final Process process;

	private final BufferedReader output;

	private ChildJvm(Process process) {
		this.process = process;
		this.output = process.inputReader();
	}

	public static ChildJvm start(Class<?> main, Map<String, String> environment, String... arguments)
			throws IOException {
		return start(main, environment, List.of(), location(PipeTransport.class) + File.pathSeparator + location(main),
				arguments);
	}

	public static ChildJvm start(Class<?> main, Map<String, String> environment, List<String> prefix, String classPath,
			String... arguments) throws IOException {
		List<String> command = new ArrayList<>(prefix);
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx64m", "-cp", classPath, main.getName()));
		command.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
		builder.environment().putAll(environment);
		return new ChildJvm(builder.start());
	}

	private static String location(Class<?> type) {
		return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString())).toString();
	}

	/**
	 * Wait for a line of its output.
	 * @return the line, empty at the end of the output
	 */
	public String readLine() throws IOException {
		String line = this.output.readLine();
		return (line != null) ? line : "";
	}

	/**
	 * The lines of its output, to the end of it.
	 * @return the lines that were not read yet
	 */
	public Stream<String> lines() {
		return this.output.lines();
	}

	/**
	 * Wait for its end.
	 */
	public int exitCode() throws InterruptedException {
		if (!this.process.waitFor(Background.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
			throw new IllegalStateException("The child JVM does not end");
		}
		return this.process.exitValue();
	}

	/**
	 * End it as {@code kill -9} does.
	 */
	public void kill() throws InterruptedException {
		this.process.destroyForcibly();
		if (!this.process.waitFor(Background.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
			throw new IllegalStateException("The child JVM does not end");
		}
	}

	@Override
	public void close() throws InterruptedException {
		kill();
	}

}
