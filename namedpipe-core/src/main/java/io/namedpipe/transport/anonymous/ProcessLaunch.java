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
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.namedpipe.platform.OperatingSystem;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeNotFoundException;

/**
 * Starts a child with the pipes to it: {@link WindowsLaunch} for handles of Windows,
 * {@link UnixLaunch} for the rest.
 */
abstract class ProcessLaunch {

	/**
	 * ENOENT and ERROR_FILE_NOT_FOUND have the same number, which the JDK writes in two
	 * ways.
	 */
	private static final Pattern NOT_FOUND = Pattern.compile("error(=|: )2\\b");

	private static final String IN = "{in}";

	private static final String OUT = "{out}";

	private final ProcessBuilder builder;

	private final String program;

	private final boolean handles;

	private final boolean input;

	private final boolean output;

	ProcessLaunch(ProcessBuilder builder, boolean handles) {
		this.builder = builder;
		this.program = builder.command().get(0);
		this.handles = handles;
		this.input = !handles || mentions(IN) || !mentions(OUT);
		this.output = !handles || mentions(OUT) || !mentions(IN);
	}

	static ProcessLaunch of(ProcessBuilder builder, boolean handles) {
		if (builder.command().isEmpty() || builder.command().get(0).isEmpty()) {
			throw new IllegalStateException("The process builder has no program to start");
		}
		refuse(builder.redirectErrorStream(), "standard error to standard output");
		refuse(builder.redirectInput() != Redirect.PIPE, "standard input");
		refuse(builder.redirectOutput() != Redirect.PIPE, "standard output");
		if (builder.redirectError() == Redirect.PIPE) {
			// A pipe that nobody reads would block the child.
			builder.redirectError(Redirect.INHERIT);
		}
		return (handles && OperatingSystem.isWindows()) ? new WindowsLaunch(builder) : new UnixLaunch(builder, handles);
	}

	private static void refuse(boolean redirected, String what) {
		if (redirected) {
			throw new IllegalStateException(
					"The process builder redirects %s, which the pipe needs; redirect standard error alone"
						.formatted(what));
		}
	}

	/**
	 * Start the child.
	 * @return the child and the channel to it
	 * @throws IOException if it cannot be started
	 */
	abstract Started start() throws IOException;

	final ProcessBuilder builder() {
		return this.builder;
	}

	final boolean handles() {
		return this.handles;
	}

	/**
	 * Whether the child reads from this process.
	 * @return {@code false} if its arguments name the other pipe alone
	 */
	final boolean hasInput() {
		return this.input;
	}

	final boolean hasOutput() {
		return this.output;
	}

	private boolean mentions(String placeholder) {
		return this.builder.command().stream().skip(1).anyMatch((argument) -> argument.contains(placeholder));
	}

	/**
	 * Tell the child its handles, in the arguments and in the environment.
	 * @param in the handle that it reads, {@code null} for none
	 * @param out the handle that it writes to, {@code null} for none
	 */
	final void tell(@Nullable String in, @Nullable String out) {
		ParentVariable.set(this.builder.environment(),
				this.handles ? ParentVariable.handles(in, out) : ParentVariable.STANDARD_STREAMS);
		if (this.handles) {
			replace((argument) -> argument.replace(IN, (in != null) ? in : "").replace(OUT, (out != null) ? out : ""));
		}
	}

	private void replace(UnaryOperator<String> change) {
		List<String> command = this.builder.command();
		command.subList(1, command.size()).replaceAll(change);
	}

	/**
	 * Start the process itself.
	 * @return the process
	 * @throws PipeNotFoundException if there is no such program
	 */
	final Process startProcess() {
		try {
			return this.builder.start();
		}
		catch (IOException ex) {
			throw failed(this.program, this.builder.directory(), ex);
		}
	}

	static PipeException failed(String program, @Nullable File directory, IOException ex) {
		if (directory != null && !directory.isDirectory()) {
			return new PipeNotFoundException(
					"The program '%s' cannot be started: there is no directory '%s'".formatted(program, directory), ex);
		}
		if (NOT_FOUND.matcher(String.valueOf(ex.getMessage())).find()) {
			return new PipeNotFoundException("There is no program '%s'".formatted(program), ex);
		}
		return new PipeException("The program '%s' cannot be started: %s".formatted(program, ex.getMessage()), ex);
	}

	/**
	 * A child and the channel to it.
	 *
	 * @param process the child
	 * @param channel the channel
	 */
	record Started(Process process, AnonymousPipeChannel channel) {

		Started(Process process, @Nullable PipeSource source, @Nullable PipeSink sink) {
			this(process, new AnonymousPipeChannel(source, sink, ProcessIdentity.of(process.pid())));
		}

	}

}
