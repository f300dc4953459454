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

package io.namedpipe.demo.client;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.ParameterizedTypeReference;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

import io.namedpipe.client.PipeProgressListener;
import io.namedpipe.client.PipeTemplate;
import io.namedpipe.protocol.PipeNoReplyException;
import io.namedpipe.protocol.PipeReply;
import io.namedpipe.transport.LogText;

/**
 * The commands for the files of a server that speaks HTTP.
 */
@Command(name = "demo-client", synopsisSubcommandLabel = "COMMAND",
		description = { "Files of a server over a pipe.",
				"Without a command: fetches a text file as in .NET's example." },
		exitCodeListHeading = "Exit codes:%n",
		exitCodeList = { "0:done", "1:failed", "2:usage", "3:server not verified", "4:refused or not found",
				"5:no server, connection lost or time-out", "6:another error of the server" })
class FileCommands {

	private static final Set<String> NAMES = Set.of("get", "put", "ls", "stat");

	private final OutputStream out;

	@Option(names = "--pipe", defaultValue = "files", scope = ScopeType.INHERIT, description = "the pipe (files)")
	private String pipe = "files";

	@Option(names = "--server", defaultValue = ".", scope = ScopeType.INHERIT, description = "the machine (this one)")
	private String server = ".";

	@Option(names = "--help", usageHelp = true, scope = ScopeType.INHERIT, description = "print this")
	private boolean help;

	private List<String> springArguments = List.of();

	FileCommands(OutputStream out) {
		this.out = out;
	}

	static boolean isCommand(String... arguments) {
		return arguments.length > 0 && NAMES.contains(arguments[0]);
	}

	/**
	 * Run a command.
	 * @param arguments the command and its arguments
	 * @return the exit code
	 */
	int run(String... arguments) {
		this.springArguments = Stream.of(arguments).filter(ClientArguments::isSpring).toList();
		String[] own = Stream.of(arguments).filter((each) -> !ClientArguments.isSpring(each)).toArray(String[]::new);
		return new CommandLine(this).setExecutionExceptionHandler((ex, line, result) -> {
			Throwable cause = (ex instanceof BeansException || ex instanceof UncheckedIOException)
					? NestedExceptionUtils.getMostSpecificCause(ex) : ex;
			System.err.println("demo-client: " + cause.getMessage());
			// A server that refuses a request answers over HTTP.
			return (cause instanceof PipeNoReplyException) ? DemoClientApplication.NO_SERVER
					: DemoClientApplication.exitCode(ex);
		}).execute(own);
	}

	private int connect(PipeCall call) throws IOException {
		try (ConfigurableApplicationContext client = DemoClientApplication.startClient(this.server, this.pipe,
				this.springArguments, "--namedpipe.client.protocol=http")) {
			call.run(client.getBean(PipeTemplate.class));
			this.out.flush();
			return DemoClientApplication.DONE;
		}
	}

	@Command(description = "Fetch a file.")
	int get(@Parameters(paramLabel = "NAME") String name,
			@Option(names = "--output", paramLabel = "PATH|-",
					description = "where to, a file or a folder; - for standard output") @Nullable String output,
			@Option(names = "--resume", description = "go on where a former run has ended") boolean resume)
			throws IOException {
		return connect((template) -> {
			if ("-".equals(output)) {
				copy(template, name, this.out);
				return;
			}
			String last = name.substring(name.lastIndexOf('/') + 1);
			Path target = Path.of((output != null) ? output : last);
			if (Files.isDirectory(target)) {
				target = target.resolve(last);
			}
			if (Files.exists(target) && !Files.isRegularFile(target)) {
				// For instance /dev/null, which a file must not replace.
				try (OutputStream device = Files.newOutputStream(target)) {
					copy(template, name, device);
				}
				return;
			}
			try (Progress progress = new Progress("get " + name)) {
				template.route("read").query("name", name).resume(resume).progress(progress).download(target);
			}
		});
	}

	private static void copy(PipeTemplate template, String name, OutputStream target) throws IOException {
		try (InputStream content = template.route("read").query("name", name).body()) {
			content.transferTo(target);
		}
	}

	@Command(description = "Send a file.")
	int put(@Parameters(paramLabel = "LOCAL") Path local, @Parameters(paramLabel = "NAME") String name)
			throws IOException {
		if (!Files.exists(local)) {
			throw new FileNotFoundException("no such file: " + local);
		}
		if (Files.isDirectory(local)) {
			throw new FileNotFoundException("is a folder and no file: " + local);
		}
		return connect((template) -> {
			try (Progress progress = new Progress("put " + name)) {
				PipeReply reply = template.route("write").query("name", name).progress(progress).upload(local);
				try (InputStream answer = reply.body().stream()) {
					// A request is done when its answer is complete.
					answer.transferTo(OutputStream.nullOutputStream());
				}
			}
		});
	}

	@Command(description = "List a folder: type, size, time and name of each file.")
	int ls(@Parameters(paramLabel = "DIR", arity = "0..1", defaultValue = "") String folder) throws IOException {
		return connect((template) -> {
			List<Map<String, Object>> files = template.route("list")
				.query("name", folder)
				.retrieve(new ParameterizedTypeReference<>() {
				});
			for (Map<String, Object> each : (files != null) ? files : List.<Map<String, Object>>of()) {
				println("%-6s %12s %s %s".formatted(String.valueOf(each.get("type")).toLowerCase(Locale.ROOT),
						each.get("size"), each.get("lastModified"), LogText.of(String.valueOf(each.get("name")))));
			}
		});
	}

	@Command(description = "Print what is known of a file, as JSON.")
	int stat(@Parameters(paramLabel = "NAME") String name) throws IOException {
		return connect((template) -> println(
				String.valueOf(template.route("stat").query("name", name).retrieve(String.class))));
	}

	private void println(String line) {
		new PrintStream(this.out, true, StandardCharsets.UTF_8).println(line);
	}

	/**
	 * The requests of a command.
	 */
	@FunctionalInterface
	private interface PipeCall {

		void run(PipeTemplate template) throws IOException;

	}

	/**
	 * A bar on standard error, if that is a terminal.
	 */
	private static final class Progress implements PipeProgressListener, AutoCloseable {

		private final @Nullable ProgressBar bar;

		Progress(String task) {
			this.bar = (System.console() != null) ? new ProgressBarBuilder().setTaskName(task)
				.setInitialMax(-1)
				.setUnit(" MB", 1_000_000)
				.showSpeed()
				.build() : null;
		}

		@Override
		public void transferred(long bytes, long total, double bytesPerSecond) {
			if (this.bar != null) {
				this.bar.maxHint(total);
				this.bar.stepTo(bytes);
			}
		}

		@Override
		public void close() {
			if (this.bar != null) {
				this.bar.close();
			}
		}

	}

}
