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

package io.namedpipe.transport.windows;

import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import io.namedpipe.testing.Background;
import io.namedpipe.transport.PipeAddress;
import io.namedpipe.transport.PipeClientOptions;
import io.namedpipe.transport.PipeException;
import io.namedpipe.transport.PipeServerOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The first call and later ones tell why JNA does not load.
 */
@OnWindows
class JnaTests {

	@Test
	void libraryThatDoesNotLoadIsExplained() throws Exception {
		String classPath = System.getProperty("java.class.path");
		List<String> lines = run(classPath, "-Djna.boot.library.path=/nonexistent", "-Djna.nosys=true",
				"-Djna.noclasspath=true");
		assertThat(lines).hasSize(3)
			.allSatisfy((line) -> assertThat(line).startsWith(
					"PipeUnsupportedException: The 'windows' transport needs JNA. JNA's native library does not load (")
				.contains("Unable to locate JNA native support library")
				.contains("'jna.tmpdir'"));
	}

	@Test
	void absenceIsExplained() throws Exception {
		assertThat(run(classPathWithout("jna-"))).hasSize(3)
			.allSatisfy((line) -> assertThat(line)
				.startsWith("PipeUnsupportedException: The 'windows' transport needs JNA.")
				.contains("net.java.dev.jna:jna-platform"));
	}

	@Test
	void platformLibraryIsNotNecessary() throws Exception {
		assertThat(run(classPathWithout("jna-platform-"))).containsExactly("nothing", "nothing", "nothing");
	}

	private static String classPathWithout(String name) {
		return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !entry.contains(name))
			.collect(Collectors.joining(File.pathSeparator));
	}

	private static List<String> run(String classPath, String... options) throws Exception {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of(options));
		command.addAll(List.of("-cp", classPath, Calls.class.getName()));
		Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		try (InputStream out = process.getInputStream()) {
			List<String> lines = new String(out.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
			assertThat(process.waitFor(Background.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
			return lines;
		}
		finally {
			process.destroyForcibly();
		}
	}

	/**
	 * Prints what three calls throw.
	 */
	public static final class Calls {

		private Calls() {
		}

		public static void main(String[] args) {
			try (WindowsPipeTransport transport = new WindowsPipeTransport()) {
				PipeAddress address = PipeAddress.of("np.jna");
				print(() -> transport.bind(address, PipeServerOptions.defaults()));
				print(() -> transport.connect(address, PipeClientOptions.defaults()));
				print(transport::verifyImpersonation);
			}
		}

		private static void print(Runnable call) {
			try {
				call.run();
				System.out.println("nothing");
			}
			catch (PipeException | LinkageError ex) {
				System.out
					.println(ex.getClass().getSimpleName() + ": " + String.valueOf(ex.getMessage()).replace('\n', ' '));
			}
		}

	}

}
