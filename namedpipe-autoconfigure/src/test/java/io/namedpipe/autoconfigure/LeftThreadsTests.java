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

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.namedpipe.testing.ChildJvm;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The threads of an application after its end.
 */
@Timeout(120)
class LeftThreadsTests {

	@Test
	void noThreadOutlivesTheApplication(@TempDir Path folder) throws IOException, InterruptedException {
		try (ChildJvm child = ChildJvm.start(LeftThreadsProgram.class, Map.of(), List.of(),
				System.getProperty("java.class.path"), folder.toString())) {
			assertThat(child.lines()).contains("content").endsWith("left []");
			assertThat(child.exitCode()).isZero();
		}
	}

}
