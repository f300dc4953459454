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

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The command line of the client.
 *
 * @param pipe the pipe
 * @param server the machine
 * @param clients the number of clients at once
 * @param timeout how long to wait for the server, and for its reply
 * @param embedded whether to run the server too
 * @param file the file to ask for
 */
record ClientArguments(String pipe, String server, int clients, Duration timeout, boolean embedded, String file) {

	static final String DEFAULT_PIPE = "testpipe";

	static final String USAGE = """
			usage: demo-client get|put|ls|stat ..., see 'demo-client get --help'
			   or: demo-client [--pipe=NAME] [--server=.] [--clients=N] [--timeout=SECONDS] [--embedded] FILE
			  --pipe=NAME        the pipe (testpipe)
			  --server=.         the machine (this one)
			  --clients=N        clients at once, 1 to 1000 (4)
			  --timeout=SECONDS  how long to wait for the server, and for its reply (5)
			  --embedded         run the demo server in this process
			exit codes: 0 done, 1 failed, 2 usage, 3 server not verified, 4 refused or not found,
			  5 no server, connection lost or time-out""";

	private static final int MAX_CLIENTS = 1000;

	static ClientArguments parse(String... args) {
		Parser parser = new Parser();
		List<String> files = new ArrayList<>();
		boolean options = true;
		for (String arg : args) {
			if (options && arg.equals("--")) {
				options = false;
			}
			else if (options && arg.startsWith("--")) {
				parser.option(arg);
			}
			else {
				files.add(arg);
			}
		}
		if (files.size() != 1) {
			throw new IllegalArgumentException(
					files.isEmpty() ? "no file is named" : "more than one file is named: " + files);
		}
		return parser.build(files.get(0));
	}

	/**
	 * Whether an argument is one of Spring Boot's, such as
	 * {@code --logging.level.root=debug}, and not one of the client's.
	 * @param arg the argument
	 * @return {@code true} if it is Spring Boot's
	 */
	static boolean isSpring(String arg) {
		String name = arg.contains("=") ? arg.substring(0, arg.indexOf('=')) : arg;
		return arg.startsWith("--") && (name.contains(".") || name.equals("--debug") || name.equals("--trace"));
	}

	private static final class Parser {

		private String pipe = DEFAULT_PIPE;

		private String server = ".";

		private int clients = 4;

		private Duration timeout = Duration.ofSeconds(5);

		private boolean embedded;

		void option(String arg) {
			if (isSpring(arg)) {
				return;
			}
			int equals = arg.indexOf('=');
			String name = (equals < 0) ? arg : arg.substring(0, equals);
			String value = (equals < 0) ? null : arg.substring(equals + 1);
			switch (name) {
				case "--pipe":
					this.pipe = required(name, value);
					break;
				case "--server":
					this.server = required(name, value);
					break;
				case "--clients":
					this.clients = (int) number(name, value, MAX_CLIENTS);
					break;
				case "--timeout":
					this.timeout = Duration.ofMillis((long) (number(name, value, 86_400) * 1000));
					break;
				case "--embedded":
					this.embedded = embedded(value);
					break;
				default:
					throw new IllegalArgumentException("unknown option " + name);
			}
		}

		private static boolean embedded(@Nullable String value) {
			if (value != null) {
				throw new IllegalArgumentException("--embedded takes no value");
			}
			return true;
		}

		private static String required(String name, @Nullable String value) {
			if (value == null || value.isEmpty()) {
				throw new IllegalArgumentException(name + " needs a value, as in " + name + "=...");
			}
			return value;
		}

		private static double number(String name, @Nullable String value, int max) {
			try {
				double number = Double.parseDouble(required(name, value));
				boolean whole = name.equals("--timeout") || number == Math.rint(number);
				if (number > 0 && number <= max && whole) {
					return number;
				}
			}
			catch (NumberFormatException ex) {
				// Reported below, with the range.
			}
			throw new IllegalArgumentException("%s needs a number above 0 and up to %d".formatted(name, max));
		}

		ClientArguments build(String file) {
			// The server has a working directory of its own.
			String absolute = isWindowsPath(file) ? file : Path.of(file).toAbsolutePath().normalize().toString();
			return new ClientArguments(this.pipe, this.server, this.clients, this.timeout, this.embedded, absolute);
		}

		private static boolean isWindowsPath(String file) {
			return file.matches("^[A-Za-z]:[\\\\/].*") || file.startsWith("\\\\");
		}

	}

}
