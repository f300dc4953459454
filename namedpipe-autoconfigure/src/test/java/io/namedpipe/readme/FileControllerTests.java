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

package io.namedpipe.readme;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

import io.namedpipe.client.PipeOperations;
import io.namedpipe.test.InMemoryPipes;

import static org.assertj.core.api.Assertions.assertThat;

@Isolated("an application sets up the log anew, under the tests that look at it")
@SpringBootTest(properties = "namedpipe.client.default-pipe=files")
@Import(InMemoryPipes.class)
class FileControllerTests {

	@Autowired
	private PipeOperations pipe;

	@Test
	void fileIsRead(@TempDir Path folder) throws IOException {
		Path file = Files.writeString(folder.resolve("hello.txt"), "Hello");
		assertThat(this.pipe.route("read").payload(file.toString()).retrieve(String.class)).isEqualTo("Hello");
	}

}
