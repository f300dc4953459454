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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import org.springframework.util.FileSystemUtils;

import io.namedpipe.platform.OperatingSystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Real processes of other users, and throw-away users and groups. Needs root; a test that
 * asks without is skipped, and says so.
 */
final class OtherUsers implements AutoCloseable {

	/** Ids that have no entry in the user database. */
	static final int ALICE = 2_061_001;

	static final int BOB = 2_061_002;

	static final int SHARED_GROUP = 2_061_100;

	private static final int PATIENCE_SECONDS = 30;

	private final List<List<String>> cleanUps = new ArrayList<>();

	private final List<Process> processes = new ArrayList<>();

	private final Path directory;

	OtherUsers() throws IOException {
		assumeRoot();
		this.directory = Files.createTempDirectory(Path.of("/tmp"), "np-users-");
		Files.setPosixFilePermissions(this.directory, PosixFilePermissions.fromString("rwxr-xr-x"));
		copyClass(OtherUserProcess.class);
	}

	static void assumeRoot() {
		assumeTrue(OperatingSystem.isLinux(), "needs Linux");
		assumeTrue(UnixProcess.self().isRoot(), "needs root, to start processes of other users");
		assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "needs /usr/bin/setpriv");
	}

	private void copyClass(Class<?> type) throws IOException {
		String name = type.getName().replace('.', '/') + ".class";
		Path target = this.directory.resolve(name);
		Files.createDirectories(target.getParent());
		try (InputStream content = type.getClassLoader().getResourceAsStream(name)) {
			Files.copy(content, target);
		}
	}

	static void copy(Path source, Path target) throws IOException {
		FileSystemUtils.copyRecursively(source, target);
	}

	// A directory that every user can search, and only root can write.
	Path directory() {
		return this.directory;
	}

	// Connect as another user.
	Process call(Path socket, String... setpriv) throws IOException {
		return start("call", socket, setpriv);
	}

	// Listen as another user, until one client has come and gone.
	Process serve(Path socket, String... setpriv) throws IOException {
		Process process = start("serve", socket, setpriv);
		assertThat(line(process)).isEqualTo("listening");
		return process;
	}

	static String[] numeric(int uid, int... groups) {
		String ids = (groups.length == 0) ? "--clear-groups" : "--groups=" + join(groups);
		return new String[] { "--reuid=" + uid, "--regid=" + uid, ids };
	}

	private static String join(int[] groups) {
		return String.join(",", java.util.Arrays.stream(groups).mapToObj(Integer::toString).toList());
	}

	private Process start(String mode, Path socket, String... setpriv) throws IOException {
		List<String> command = new ArrayList<>(List.of("/usr/bin/setpriv"));
		command.addAll(List.of(setpriv));
		command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto",
				"-XX:TieredStopAtLevel=1", "-cp", this.directory.toString(), OtherUserProcess.class.getName(), mode,
				socket.toString()));
		Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT)
			.directory(this.directory.toFile())
			.start();
		this.processes.add(process);
		return process;
	}

	static String line(Process process) throws IOException {
		BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
		return reader.readLine();
	}

	// Make a group that lives as long as this.
	String createGroup() throws Exception {
		String name = uniqueName("npg");
		create(List.of("groupadd", name), List.of("groupdel", name));
		return name;
	}

	// Make a user without a home that lives as long as this.
	String createUser(String primaryGroup, String supplementaryGroup) throws Exception {
		String name = uniqueName("npu");
		create(List.of("useradd", "-M", "-N", "-g", primaryGroup, "-G", supplementaryGroup, name),
				List.of("userdel", name));
		return name;
	}

	private static String uniqueName(String prefix) {
		return prefix + UUID.randomUUID().toString().substring(0, 8);
	}

	private void create(List<String> command, List<String> cleanUp) throws Exception {
		boolean created = false;
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
			created = process.waitFor() == 0;
		}
		catch (IOException ex) {
			// No such program.
		}
		assumeTrue(created, "users and groups cannot be created here: " + command);
		this.cleanUps.add(0, cleanUp);
	}

	@Override
	public void close() throws Exception {
		for (Process process : this.processes) {
			process.destroy();
			assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
		}
		for (List<String> cleanUp : this.cleanUps) {
			new ProcessBuilder(cleanUp).inheritIO().start().waitFor();
		}
		FileSystemUtils.deleteRecursively(this.directory);
	}

}
