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
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.namedpipe.posix.AccountDatabase;
import io.namedpipe.testing.ChildJvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests of the look-up of users and their groups.
 */
@NotOnWindows
@Timeout(120)
class UserDatabaseTests {

	private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");

	@Test
	void filesAndLibraryAgreeOnRoot() throws Exception {
		assertThat(new UserFiles().groups(0)).containsExactlyInAnyOrder(AccountDatabase.load().groups(0));
		assertThat(new UserFiles().name(0)).isEqualTo("root").isEqualTo(AccountDatabase.load().name(0));
		assertThat(new SystemUserDatabase().name(0)).isEqualTo("root");
		assertThat(new SystemUserDatabase().groups(0)).contains(0);
	}

	@Test
	void userWithoutAnEntryHasNoNameAndNoGroups() throws Exception {
		for (UserDatabase database : List.of(new UserFiles(), new SystemUserDatabase())) {
			assertThat(database.name(OtherUsers.ALICE)).isNull();
			assertThat(database.groups(OtherUsers.ALICE)).isEmpty();
		}
	}

	@Test
	void malformedLinesOfTheFilesAreNoGroups(@TempDir Path directory) throws Exception {
		Path passwd = Files.writeString(directory.resolve("passwd"), "# comment\n\nann:x:7:8::/:\nbob:x:9\n+::::::\n");
		Path group = Files.writeString(directory.resolve("group"), "a:x:1:ann,bob\nb:x:-1:ann\nc:x:3:anna\nd:x\n");
		UserFiles files = new UserFiles(passwd, group);
		assertThat(files.name(7)).isEqualTo("ann");
		assertThat(files.groups(7)).containsExactlyInAnyOrder(8, 1);
		assertThat(files.groups(9)).isEmpty();
	}

	@Test
	void missingFilesHaveNoUsers(@TempDir Path directory) throws Exception {
		UserFiles files = new UserFiles(directory.resolve("passwd"), directory.resolve("group"));
		assertThat(files.name(0)).isNull();
		assertThat(files.groups(0)).isEmpty();
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, disabledReason = "limits a process by prlimit")
	void lookUpWithoutFileDescriptorsFailsAndIsNotTakenForAbsence() throws Exception {
		assumeTrue(Files.isExecutable(PRLIMIT), "needs /usr/bin/prlimit");
		Map<String, String> environment = Map.of("JDK_JAVA_OPTIONS",
				(Runtime.version().feature() >= 22) ? "--enable-native-access=ALL-UNNAMED" : "");
		try (ChildJvm child = ChildJvm.start(UserLookUpProgram.class, environment,
				List.of(PRLIMIT.toString(), "--nofile=256"), System.getProperty("java.class.path"))) {
			for (String database : List.of("UserFiles", "SystemUserDatabase")) {
				assertThat(child.readLine()).isEqualTo(database + " daemon [1]");
				assertThat(child.readLine()).startsWith(database + " name fails: ");
				assertThat(child.readLine()).startsWith(database + " groups fail: ");
				assertThat(child.readLine()).isEqualTo(database + " daemon [1]");
			}
		}
	}

}
