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

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

import io.namedpipe.client.PipeOperations;
import io.namedpipe.client.PipeTemplate;
import io.namedpipe.client.PipeTemplateBuilder;
import io.namedpipe.demo.server.DemoServerApplication;
import io.namedpipe.protocol.PipeNoReplyException;
import io.namedpipe.protocol.PipeRemoteException;
import io.namedpipe.protocol.http.HttpProtocol;
import io.namedpipe.transport.PipeAccessDeniedException;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeAddressException;
import io.namedpipe.transport.PipeBusyException;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeMessageTooLargeException;
import io.namedpipe.transport.PipeNotFoundException;
import io.namedpipe.transport.PipeNotVerifiedException;
import io.namedpipe.transport.PipeResetException;
import io.namedpipe.transport.PipeTimeoutException;

/**
 * Fetches a file over a pipe and prints it.
 */
@SpringBootApplication
public class DemoClientApplication {

	private static final String FILES = "files";

	static final int DONE = 0;

	static final int FAILED = 1;

	static final int USAGE = 2;

	static final int NOT_VERIFIED = 3;

	static final int REFUSED = 4;

	static final int NO_SERVER = 5;

	static final int ERROR_ANSWER = 6;

	private static final int FORBIDDEN = 403;

	private static final int NOT_FOUND = 404;

	/**
	 * Run the client.
	 * @param args see {@link ClientArguments#USAGE}
	 */
	public static void main(String[] args) {
		System.exit(run(args, new FileOutputStream(FileDescriptor.out)));
	}

	static int run(String[] args, OutputStream out) {
		if (FileCommands.isCommand(args)) {
			return new FileCommands(out).run(args);
		}
		ClientArguments arguments;
		try {
			arguments = ClientArguments.parse(args);
			checkAddress(arguments);
		}
		catch (IllegalArgumentException | PipeAddressException ex) {
			System.err.println("demo-client: " + ex.getMessage());
			System.err.println(ClientArguments.USAGE);
			return USAGE;
		}
		List<String> springArguments = Stream.of(args).filter(ClientArguments::isSpring).toList();
		try (ConfigurableApplicationContext server = arguments.embedded() ? startServer(arguments) : null;
				ConfigurableApplicationContext client = startClient(arguments, springArguments)) {
			String text = new FileFetcher(client.getBean(PipeOperations.class)).fetch(arguments.file(),
					arguments.clients());
			// UTF-8 whatever the platform's encoding is: the same bytes everywhere.
			out.write(text.getBytes(StandardCharsets.UTF_8));
			out.flush();
			System.err.printf(Locale.ROOT, "demo-client: %d clients received %d characters of %s%n",
					arguments.clients(), text.length(), arguments.file());
			if (arguments.embedded()) {
				describe(arguments, client.getBean(PipeTemplateBuilder.class));
			}
			return DONE;
		}
		catch (InterruptedException | IOException | RuntimeException ex) {
			Throwable cause = (ex instanceof BeansException failure) ? failure.getMostSpecificCause() : ex;
			System.err.println("demo-client: " + cause.getMessage());
			return exitCode(cause);
		}
	}

	// The attributes of the same file, from the other pipe of the server.
	private static void describe(ClientArguments arguments, PipeTemplateBuilder builder) {
		try (PipeTemplate files = builder.address(PipeAddress.of(arguments.pipe() + FILES))
			.protocol(new HttpProtocol())
			.build()) {
			System.err.println("demo-client: over HTTP: "
					+ files.route("stat").query("name", arguments.file()).retrieve(String.class));
		}
		catch (PipeException ex) {
			// The file was fetched. A link to a file elsewhere can be, but is not served
			// here.
			System.err.println("demo-client: over HTTP: " + ex.getMessage());
		}
	}

	/**
	 * Start a client.
	 * @param server the machine
	 * @param pipe the pipe
	 * @param springArguments arguments of Spring Boot
	 * @param settings further settings, as arguments too
	 * @return the application, to be closed
	 */
	static ConfigurableApplicationContext startClient(String server, String pipe, List<String> springArguments,
			String... settings) {
		List<String> all = new ArrayList<>(
				List.of("--namedpipe.client.server=" + server, "--namedpipe.client.default-pipe=" + pipe));
		all.addAll(List.of(settings));
		all.addAll(springArguments);
		return new SpringApplication(DemoClientApplication.class).run(all.toArray(String[]::new));
	}

	private static void checkAddress(ClientArguments arguments) {
		if (arguments.pipe().startsWith("/")) {
			PipeAddress.of(arguments.pipe());
		}
		else {
			PipeAddress.of(arguments.server(), arguments.pipe());
		}
	}

	private static @Nullable ConfigurableApplicationContext startServer(ClientArguments arguments) {
		SpringApplication application = new SpringApplication(DemoServerApplication.class);
		return application.run("--spring.config.name=demo-server", "--spring.main.banner-mode=off",
				"--spring.main.log-startup-info=false", "--namedpipe.server.pipes.testpipe.name=" + arguments.pipe(),
				"--demo.root=" + folder(arguments.file()));
	}

	private static String folder(String file) {
		Path folder = Path.of(file).getParent();
		return (folder != null && Files.isDirectory(folder)) ? folder.toString() : ".";
	}

	private static ConfigurableApplicationContext startClient(ClientArguments arguments, List<String> springArguments) {
		String timeout = arguments.timeout().toMillis() + "ms";
		return startClient(arguments.server(), arguments.pipe(), springArguments,
				"--namedpipe.client.connect-timeout=" + timeout, "--namedpipe.client.wait-for-server=" + timeout,
				"--namedpipe.client.request-timeout=" + timeout);
	}

	static int exitCode(Throwable thrown) {
		Throwable ex = (thrown instanceof BeansException failure) ? failure.getMostSpecificCause() : thrown;
		if (ex instanceof IOException && ex.getCause() instanceof PipeException cause) {
			// A stream over the pipe has failed.
			ex = cause;
		}
		if (ex instanceof PipeRemoteException failure) {
			return (failure.getStatus() == FORBIDDEN || failure.getStatus() == NOT_FOUND) ? REFUSED : ERROR_ANSWER;
		}
		if (ex instanceof PipeAddressException) {
			return USAGE;
		}
		if (ex instanceof PipeNotVerifiedException) {
			return NOT_VERIFIED;
		}
		if (ex instanceof PipeNoReplyException || ex instanceof PipeAccessDeniedException
				|| ex instanceof PipeMessageTooLargeException) {
			return REFUSED;
		}
		if (ex instanceof PipeNotFoundException || ex instanceof PipeBusyException || ex instanceof PipeTimeoutException
				|| ex instanceof PipeResetException) {
			return NO_SERVER;
		}
		return FAILED;
	}

}
