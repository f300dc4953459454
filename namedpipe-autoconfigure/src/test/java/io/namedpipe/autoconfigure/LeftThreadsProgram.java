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

package io.namedpipe.autoconfigure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.handler.annotation.Payload;

import io.namedpipe.annotation.PipeEndpoint;
import io.namedpipe.annotation.PipeMapping;
import io.namedpipe.annotation.RunAsClient;
import io.namedpipe.client.PipeTemplate;

/**
 * Serves and fetches files in an application, closes it, and prints the threads that are
 * left. The only argument is a folder for the socket and the files.
 */
public final class LeftThreadsProgram {

	/** Threads that the JDK and JNA start once and keep. */
	private static final Set<String> OF_THE_PROCESS = Set.of("CompletableFutureDelayScheduler", "JNA Cleaner",
			"process reaper");

	/** The pool of the JDK, and since Java 25 what delays its tasks. */
	private static final String COMMON_POOL = "ForkJoinPool.commonPool-";

	private LeftThreadsProgram() {
	}

	public static void main(String[] args) throws Exception {
		Path folder = Path.of(args[0]);
		Path file = Files.writeString(folder.resolve("file.txt"), "content");
		Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
		use(folder, file);
		// A Cleaner's thread ends when its owner is garbage.
		List<String> left = left(before);
		for (int i = 0; i < 600 && !left.isEmpty(); i++) {
			System.gc();
			TimeUnit.MILLISECONDS.sleep(50);
			left = left(before);
		}
		System.out.println("left " + left);
		System.exit(0);
	}

	private static void use(Path folder, Path file) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.properties("namedpipe.unix.directory=" + folder, "namedpipe.client.default-pipe=files")
			.run()) {
			PipeTemplate template = context.getBean(PipeTemplate.class);
			System.out.println(template.route("read").payload(file.toString()).retrieve(String.class));
			System.out.println(template.route("read").payload(file.toString()).async().retrieve(String.class).join());
			template.route("read").payload(file.toString()).download(folder.resolve("copy.txt"));
		}
	}

	private static List<String> left(Set<Thread> before) {
		List<String> names = new ArrayList<>();
		for (Thread thread : Thread.getAllStackTraces().keySet()) {
			String name = thread.getName();
			if (!before.contains(thread) && !OF_THE_PROCESS.contains(name) && !name.startsWith(COMMON_POOL)) {
				names.add(name);
			}
		}
		return names;
	}

	@EnableAutoConfiguration
	static class Application {

		@Bean
		Controller controller() {
			return new Controller();
		}

	}

	@PipeEndpoint("files")
	static class Controller {

		@PipeMapping("read")
		@RunAsClient
		Path read(@Payload String name) {
			return Path.of(name);
		}

	}

}
