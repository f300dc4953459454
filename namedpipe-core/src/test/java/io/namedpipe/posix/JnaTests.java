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

package io.namedpipe.posix;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.namedpipe.testing.ChildJvm;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link Jna}.
 */
@Timeout(120)
class JnaTests {

	@Test
	void isUsableHere() {
		assertThat(Jna.isPresent()).isTrue();
		assertThat(Jna.isUsable()).isTrue();
		Jna.require();
	}

	@Test
	void firstCauseIsReportedEachTimeWithWhatToDo() throws Exception {
		try (ChildJvm child = ChildJvm.start(JnaProgram.class,
				Map.of("JDK_JAVA_OPTIONS",
						"-Djna.boot.library.path=/nonexistent -Djna.nosys=true -Djna.noclasspath=true"),
				List.of(), System.getProperty("java.class.path"))) {
			assertThat(child.readLine()).isEqualTo("present true, usable false");
			for (int i = 0; i < 2; i++) {
				assertThat(child.readLine()).startsWith("JNA's native library does not load (")
					.contains("Unable to locate JNA native support library")
					.contains("jna.tmpdir")
					.doesNotContain("Could not initialize");
			}
		}
	}

	@Test
	void firstCauseIsReportedEvenIfTheApplicationMetItBefore() throws Exception {
		try (ChildJvm child = ChildJvm.start(JnaProgram.class,
				Map.of("JDK_JAVA_OPTIONS",
						"-Djna.boot.library.path=/nonexistent -Djna.nosys=true -Djna.noclasspath=true"),
				List.of(), System.getProperty("java.class.path"), "com.sun.jna.Native")) {
			assertThat(child.readLine()).isEqualTo("present true, usable false");
			assertThat(child.readLine()).contains("Unable to locate JNA native support library")
				.doesNotContain("Could not initialize");
		}
	}

	@Test
	void missingJnaIsNamed() throws Exception {
		try (ChildJvm child = ChildJvm.start(JnaProgram.class, Map.of())) {
			assertThat(child.readLine()).isEqualTo("present false, usable false");
			assertThat(child.readLine()).startsWith("JNA is missing").contains("net.java.dev.jna:jna-platform");
		}
	}

}
