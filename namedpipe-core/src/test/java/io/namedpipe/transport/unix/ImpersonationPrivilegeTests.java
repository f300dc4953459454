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

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.sun.jna.Native;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.transport.PipeTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What servers with more or fewer privileges can do, each a process of its own.
 */
@NotOnWindows
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ImpersonationPrivilegeTests {

	private static final Path UNSHARE = Path.of("/usr/bin/unshare");

	private static final String SERVICE_UID = "--reuid=2061500";

	private final List<String> jvmOptions = new ArrayList<>();

	private List<String> wrapper = List.of();

	private int peer = OtherUsers.ALICE;

	private OtherUsers users;

	private Path aliceFile;

	private Path rootFile;

	@BeforeEach
	void prepare() throws Exception {
		this.users = new OtherUsers();
		Path classes = this.users.directory();
		OtherUsers.copy(location(PipeTransport.class), classes);
		OtherUsers.copy(location(ImpersonationProbe.class).resolve("io/namedpipe/transport/unix"),
				classes.resolve("io/namedpipe/transport/unix"));
		Files.copy(location(Native.class), classes.resolve("jna.jar"));
		this.aliceFile = privateFile("alice", OtherUsers.ALICE);
		this.rootFile = privateFile("root", 0);
	}

	private static Path location(Class<?> type) throws Exception {
		return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
	}

	private Path privateFile(String name, int owner) throws IOException {
		Path file = Files.writeString(this.users.directory().resolve(name), name);
		Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
		Files.setAttribute(file, "unix:uid", owner);
		return file;
	}

	@AfterEach
	void cleanUp() throws Exception {
		if (this.users != null) {
			this.users.close();
		}
	}

	@Test
	void rootCanActAsOthers() throws Exception {
		assertThat(probe(true)).containsExactly("verify ok", "own read, switched false", "peer read, switched true",
				"peer denied");
	}

	@Test
	void serviceWithBothCapabilitiesCanActAsOthers() throws Exception {
		assertThat(probe(true, SERVICE_UID, "--regid=2061500", "--clear-groups", "--inh-caps=+setuid,+setgid",
				"--ambient-caps=+setuid,+setgid"))
			.containsExactly("verify ok", "own read, switched false", "peer read, switched true", "peer denied");
	}

	@Test
	void serviceWithoutCapabilitiesActsAsItselfOnly() throws Exception {
		List<String> lines = probe(true, SERVICE_UID, "--regid=2061500", "--clear-groups");
		assertThat(lines).hasSize(4);
		assertThat(lines.get(1)).isEqualTo("own read, switched false");
		assertThat(List.of(lines.get(0), lines.get(2), lines.get(3))).allSatisfy((line) -> assertThat(line)
			.contains("PipeImpersonationException: The server runs as uid 2061500 without the privilege")
			.contains("AmbientCapabilities=CAP_SETUID CAP_SETGID"));
	}

	@Test
	void serviceWithOneCapabilityOfTheTwoActsAsItselfOnly() throws Exception {
		for (String capability : new String[] { "setuid", "setgid" }) {
			List<String> lines = probe(true, SERVICE_UID, "--regid=2061500", "--clear-groups",
					"--inh-caps=+" + capability, "--ambient-caps=+" + capability);
			assertThat(lines.get(0)).contains("PipeImpersonationException: The server runs as uid 2061500 without");
		}
	}

	@Test
	void rootWithoutTheCapabilitiesActsAsItselfOnly() throws Exception {
		List<String> lines = probe(true, "--bounding-set=-setuid,-setgid");
		assertThat(lines.get(0)).contains("PipeImpersonationException: The server runs as uid 0 without");
		assertThat(lines.get(1)).isEqualTo("own read, switched false");
		assertThat(lines.get(2)).contains("PipeImpersonationException");
	}

	@Test
	void serviceAboveFilePermissionsActsAsNobodyNotEvenItself() throws Exception {
		for (String capability : new String[] { "dac_override", "dac_read_search", "fowner" }) {
			List<String> lines = probe(true, SERVICE_UID, "--regid=2061500", "--clear-groups",
					"--inh-caps=+setuid,+setgid,+" + capability, "--ambient-caps=+setuid,+setgid,+" + capability);
			assertThat(lines).hasSize(4)
				.allSatisfy((line) -> assertThat(line).contains("PipeImpersonationException")
					.contains("run it without CAP_DAC_OVERRIDE"));
		}
	}

	@Test
	void rootWhoseCapabilitiesTheKernelWouldLeaveOnTheThreadDropsThem() throws Exception {
		assertThat(probe(true, "--securebits=+no_setuid_fixup")).containsExactly("verify ok",
				"own read, switched false", "peer read, switched true", "peer denied");
	}

	@Test
	void userThatStandsForAllThatANamespaceDoesNotMapIsRefused() throws Exception {
		assumeTrue(Files.isExecutable(UNSHARE), "needs /usr/bin/unshare");
		this.wrapper = List.of(UNSHARE.toString(), "--user", "sh", "-c", "echo made; read mapped; exec \"$@\"", "sh");
		this.peer = Integer.parseInt(Files.readAllLines(Path.of("/proc/sys/kernel/overflowuid")).get(0));
		List<String> lines = probe(true);
		assertThat(lines.subList(0, 2)).containsExactly("verify ok", "own read, switched false");
		assertThat(lines.subList(2, 4))
			.allSatisfy((line) -> assertThat(line).contains("PipeImpersonationException: The peer")
				.contains("is not known in this user namespace"));
	}

	@Test
	void withoutJnaTheOwnUserWorksAndOthersAreATypedError() throws Exception {
		List<String> lines = probe(false);
		assertThat(lines.get(0)).contains("PipeUnsupportedException").contains("net.java.dev.jna:jna-platform");
		assertThat(lines.get(1)).isEqualTo("own read, switched false");
		assertThat(lines.get(2)).contains("PipeUnsupportedException");
	}

	@Test
	void jnaThatDoesNotLoadIsATypedErrorWithTheFirstCauseEachTime() throws Exception {
		this.jvmOptions
			.addAll(List.of("-Djna.boot.library.path=/nonexistent", "-Djna.nosys=true", "-Djna.noclasspath=true"));
		List<String> lines = probe(true).stream().filter((line) -> line.matches("(verify|own|peer) .*")).toList();
		assertThat(lines.get(1)).isEqualTo("own read, switched false");
		assertThat(List.of(lines.get(0), lines.get(2), lines.get(3)))
			.allSatisfy((line) -> assertThat(line).contains("PipeUnsupportedException")
				.contains("Unable to locate JNA native support library")
				.contains("jna.tmpdir"));
	}

	private List<String> probe(boolean jna, String... setpriv) throws Exception {
		String directory = this.users.directory().toString();
		List<String> command = new ArrayList<>(this.wrapper);
		command.add("/usr/bin/setpriv");
		command.addAll(List.of(setpriv));
		command.addAll(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
		if (Runtime.version().feature() >= 22) {
			command.add("--enable-native-access=ALL-UNNAMED");
		}
		command.addAll(this.jvmOptions);
		command.addAll(List.of("-Djna.tmpdir=/tmp", "-cp", jna ? directory + ":" + directory + "/jna.jar" : directory,
				ImpersonationProbe.class.getName(), Integer.toString(this.peer), this.aliceFile.toString(),
				this.rootFile.toString()));
		Process process = new ProcessBuilder(command).directory(this.users.directory().toFile())
			.redirectErrorStream(true)
			.start();
		if (!this.wrapper.isEmpty()) {
			mapUsers(process);
		}
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
		return output.lines().toList();
	}

	// The new namespace knows the usual users, and no others.
	private static void mapUsers(Process process) throws IOException {
		InputStream output = process.getInputStream();
		boolean made = new String(output.readNBytes("made\n".length()), StandardCharsets.UTF_8).equals("made\n");
		assumeTrue(made, "user namespaces cannot be made here");
		for (String map : List.of("uid_map", "gid_map")) {
			Files.writeString(Path.of("/proc", Long.toString(process.pid()), map), "0 0 65536");
		}
		try (OutputStream input = process.getOutputStream()) {
			input.write('\n');
		}
	}

}
