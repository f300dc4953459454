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

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.posix.ThreadStartFilter;
import io.namedpipe.testing.ChildJvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Threads that are started while a thread acts as a client: by its code, by a pool, or by
 * the JVM, which starts carriers of virtual threads on any thread that wakes one.
 */
@NotOnWindows
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InheritedIdentityTests {

	private static final String REQUESTS = System.getProperty("io.namedpipe.race-requests", "4000");

	private static final String NO_STRAY = "strays null";

	private static final String CARRIER = "'ForkJoinPool-1-' (task ";

	@BeforeEach
	void needsRoot() {
		OtherUsers.assumeRoot();
	}

	private static void needsVirtualThreads() {
		assumeTrue(Runtime.version().feature() >= 21, "needs Java 21, for virtual threads");
		assumeTrue(ThreadStartFilter.isAvailable(), "needs a kernel with seccomp filters");
	}

	@Test
	void virtualThreadThatAScopeWakesGetsNoCarrierWithTheClientsIdentity() throws Exception {
		needsVirtualThreads();
		assertThat(run(List.of(), "executor", "carriers")).containsExactly("unlocked, all passed", NO_STRAY);
	}

	@Test
	void carrierThatInheritedAnIdentityIsNoticedAndNobodyIsActedAsFromThenOn() throws Exception {
		needsVirtualThreads();
		List<String> lines = run(List.of(), "in-place", "carriers");
		assertThat(lines.get(0)).startsWith("tainted: The thread " + CARRIER)
			.contains("was started by code that acted as a client")
			.contains("all passed, then tainted: The thread " + CARRIER);
		assertThat(lines.get(1)).startsWith("strays " + CARRIER);
	}

	@Test
	void poolWorkerCannotBeStartedByAScopeOnADedicatedThread() throws Exception {
		needsVirtualThreads();
		List<String> lines = run(List.of(), "executor", "worker");
		assertThat(lines.get(0)).contains("OutOfMemoryError").contains("unable to create native thread");
		assertThat(lines.get(1)).isEqualTo(NO_STRAY);
	}

	@Test
	void poolWorkerThatInheritedAnIdentityIsNoticed() throws Exception {
		for (List<String> options : List.of(List.<String>of(),
				List.of("--limit-modules", "java.base,java.logging,jdk.net,jdk.unsupported,jdk.security.auth"))) {
			List<String> lines = run(options, "in-place", "worker");
			assertThat(lines.get(0)).startsWith("tainted: The thread 'np-worker' (task ")
				.contains("then tainted: The thread 'np-worker'");
			assertThat(lines.get(1)).startsWith("strays 'np-worker'");
		}
	}

	@Test
	void manyScopesOfTwoClientsWithAStalledLogMixNoIdentities() throws Exception {
		try (OtherUsers users = new OtherUsers()) {
			for (int owner : new int[] { 0, OtherUsers.ALICE, OtherUsers.BOB }) {
				Path file = Files.createFile(users.directory().resolve(Integer.toString(owner)));
				Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
				Files.setAttribute(file, "unix:uid", owner);
			}
			assertThat(run(ScopeRaceProgram.class, List.of(), users.directory().toString(), REQUESTS))
				.containsExactly("leaked 0 refused 0 broken 0", NO_STRAY);
		}
	}

	private static List<String> run(List<String> options, String... arguments) throws Exception {
		return run(InheritedIdentityProgram.class, options, arguments);
	}

	private static List<String> run(Class<?> program, List<String> options, String... arguments) throws Exception {
		List<String> all = new ArrayList<>(options);
		all.addAll(List.of("-Djdk.virtualThreadScheduler.parallelism=16", "-Xlog:os+thread=off"));
		if (Runtime.version().feature() >= 22) {
			all.add("--enable-native-access=ALL-UNNAMED");
		}
		try (ChildJvm server = ChildJvm.start(program, Map.of("JDK_JAVA_OPTIONS", String.join(" ", all)), List.of(),
				System.getProperty("java.class.path"), arguments)) {
			return List.of(server.readLine(), server.readLine());
		}
	}

}
